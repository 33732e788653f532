// SPDX-License-Identifier: GPL-3.0-or-later

/// Text files that commands read whole.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fyr::app {

/// The bytes of `path`, at most kMostTextBytes; "-" is standard input. Throws InputError.
std::string read_input(const std::filesystem::path& path);

/// Throws UsageError if more than one of the files that a call reads is standard input.
void check_read_once(const std::vector<std::filesystem::path>& read);

}  // namespace fyr::app
