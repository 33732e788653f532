// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/npy.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <vector>

#include "fyr/error.hpp"
#include "model/json_fields.hpp"

namespace fyr {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kAlignment = 64;

struct Array {
  std::string_view type;  ///< As numpy.dtype.str: "<f4", "|S120".
  bool fortran_order = false;
  std::vector<std::size_t> shape;
  std::string_view data;
};

std::size_t byte_at(std::string_view bytes, std::size_t index) {
  return static_cast<unsigned char>(bytes[index]);
}

/// What follows "'key': " in the header, a Python dictionary.
std::string_view value_of(std::string_view header, std::string_view key) {
  const std::size_t start = header.find("'" + std::string(key) + "':");
  if (start == header.npos) throw InputError("an array's header lacks " + std::string(key));
  header.remove_prefix(start + key.size() + 3);
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  return header;
}

std::vector<std::size_t> parse_shape(std::string_view text) {
  std::vector<std::size_t> shape;
  text = text.substr(0, text.find(')'));
  while (true) {
    const std::size_t digit = text.find_first_of("0123456789");
    if (digit == text.npos) return shape;
    std::size_t value = 0;
    const auto [end, error] =
        std::from_chars(text.data() + digit, text.data() + text.size(), value);
    if (error != std::errc()) throw InputError("an array's shape is not readable");
    shape.push_back(value);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
}

Array parse_npy(std::string_view bytes) {
  if (!bytes.starts_with(kMagic) || bytes.size() < 12) throw InputError("it holds no NumPy array");
  // Version 1 gives the header's length in two bytes, version 2 and 3 in four.
  const bool is_short = bytes[6] == '\x01';
  std::size_t length = byte_at(bytes, 8) | byte_at(bytes, 9) << 8;
  if (!is_short) length |= byte_at(bytes, 10) << 16 | byte_at(bytes, 11) << 24;
  const std::size_t start = is_short ? 10 : 12;
  if (bytes.size() - start < length) throw InputError("an array is cut off");
  const std::string_view header = bytes.substr(start, length);
  Array array;
  const std::string_view type = value_of(header, "descr");
  if (type.empty() || type.front() != '\'') throw InputError("an array has fields, expected none");
  array.type = type.substr(1, type.find('\'', 1) - 1);
  array.fortran_order = value_of(header, "fortran_order").starts_with("True");
  array.shape = parse_shape(value_of(header, "shape"));
  array.data = bytes.substr(start + length);
  return array;
}

}  // namespace

Matrix parse_npy_matrix(std::string_view bytes) {
  const Array array = parse_npy(bytes);
  if (array.type != "<f4" || array.fortran_order || array.shape.size() != 2) {
    throw InputError("an array is " + quoted(std::string(array.type)) + " with " +
                     std::to_string(array.shape.size()) +
                     " dimensions, expected two of float32 in C order");
  }
  const std::size_t rows = array.shape[0];
  const std::size_t columns = array.shape[1];
  const std::size_t n_values = array.data.size() / sizeof(float);
  if (columns == 0 || array.data.size() % sizeof(float) != 0 || n_values % columns != 0 ||
      n_values / columns != rows) {
    throw InputError("an array is cut off");
  }
  Matrix matrix(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
  std::memcpy(matrix.data(), array.data.data(), array.data.size());
  return matrix;
}

std::string parse_npy_text(std::string_view bytes) {
  const Array array = parse_npy(bytes);
  if (!array.type.starts_with("|S") || !array.shape.empty()) {
    throw InputError("its metadata is " + quoted(std::string(array.type)) + ", expected bytes");
  }
  return std::string(array.data);
}

std::string npy_text(std::string_view text) {
  std::string header =
      "{'descr': '|S" + std::to_string(text.size()) + "', 'fortran_order': False, 'shape': (), }";
  const std::size_t unpadded = kMagic.size() + 4 + header.size() + 1;
  header.append((kAlignment - unpadded % kAlignment) % kAlignment, ' ');
  header += '\n';
  std::string bytes(kMagic);
  bytes += {'\x01', '\x00', static_cast<char>(header.size() & 0xFF),
            static_cast<char>(header.size() >> 8)};
  return bytes + header + std::string(text);
}

}  // namespace fyr
