// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/input_text.hpp"

#include <algorithm>
#include <iostream>

#include "text.hpp"
#include "fyr/error.hpp"

namespace fyr::app {

void check_read_once(const std::vector<std::filesystem::path>& read) {
  if (std::count(read.begin(), read.end(), "-") > 1) {
    throw UsageError("only one of the inputs can be standard input; name a file for the others");
  }
}

std::string read_input(const std::filesystem::path& path) {
  return path == "-" ? read_all(std::cin, "standard input") : read_file(path);
}

std::vector<TextLine> read_lines(const std::filesystem::path& path, std::string_view header) {
  const std::string bytes = read_input(path);
  std::vector<TextLine> lines;
  int number = 0;
  for (const std::string_view line : lines_of(bytes)) {
    ++number;
    if (line.empty() || line.front() == '#' || line.starts_with(header)) continue;
    lines.push_back({number, std::string(line)});
  }
  return lines;
}

}  // namespace fyr::app
