// SPDX-License-Identifier: GPL-3.0-or-later

/// Reads the .npy fixtures (float32, C order, one or two dimensions).
#pragma once

#include <filesystem>
#include <fstream>
#include <regex>
#include <stdexcept>
#include <string>

#include "fyr/matrix.hpp"

namespace fyr::test {

inline Matrix read_npy(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  char start[10];
  if (!file.read(start, sizeof start)) throw std::runtime_error("cannot read " + path.string());
  const auto low = static_cast<unsigned char>(start[8]);
  const auto high = static_cast<unsigned char>(start[9]);
  std::string header(static_cast<std::size_t>(low + 256 * high), ' ');
  file.read(header.data(), static_cast<std::streamsize>(header.size()));
  std::smatch shape;
  const std::regex pattern(R"('<f4'.*False.*\((\d+),\s*(\d*)\))");
  if (!std::regex_search(header, shape, pattern)) {
    throw std::runtime_error("not a float32 matrix: " + path.string() + ": " + header);
  }
  const long rows = std::stol(shape[1]);
  const long columns = shape[2].length() > 0 ? std::stol(shape[2]) : 1;
  Matrix matrix(rows, columns);
  file.read(reinterpret_cast<char*>(matrix.data()),
            static_cast<std::streamsize>(matrix.size() * Eigen::Index{sizeof(float)}));
  if (!file) throw std::runtime_error("truncated: " + path.string());
  return matrix;
}

}  // namespace fyr::test
