// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/input_text.hpp"

#include <algorithm>
#include <iostream>

#include "fyr/error.hpp"
#include "text.hpp"

namespace fyr::app {

void check_read_once(const std::vector<std::filesystem::path>& read) {
  if (std::count(read.begin(), read.end(), "-") > 1) {
    throw UsageError("only one of the inputs can be standard input; name a file for the others");
  }
}

std::string shown_name(const std::filesystem::path& input) {
  return input == "-" ? "standard input" : '"' + input.string() + '"';
}

std::string read_input(const std::filesystem::path& path) {
  return path == "-" ? read_all(std::cin, "standard input") : read_file(path);
}

}  // namespace fyr::app
