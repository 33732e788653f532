// SPDX-License-Identifier: GPL-3.0-or-later

/// What commands read: names, and text files that are read whole.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fyr::app {

/// What messages call an input: its name in quotes, or standard input ("-").
std::string shown_name(const std::filesystem::path& input);

/// The bytes of `path`, at most kMostTextBytes; "-" is standard input. Throws InputError.
std::string read_input(const std::filesystem::path& path);

/// Throws UsageError if more than one of the files that a call reads is standard input.
void check_read_once(const std::vector<std::filesystem::path>& read);

}  // namespace fyr::app
