// SPDX-License-Identifier: GPL-3.0-or-later

/// Text files that commands read whole.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fyr::app {

/// The bytes of `path`, at most kMostTextBytes; "-" is standard input. Throws InputError.
std::string read_input(const std::filesystem::path& path);

/// Throws UsageError if more than one of the files that a call reads is standard input.
void check_read_once(const std::vector<std::filesystem::path>& read);

/// A line of a table, counted from 1.
struct TextLine {
  int number;
  std::string text;
};

/// The lines of a table that somebody may have edited: without a byte order mark, line ends, empty
/// lines, comments (#) and the header, which begins with `header`. Throws InputError.
std::vector<TextLine> read_lines(const std::filesystem::path& path, std::string_view header);

/// Later times, in seconds, are in no recording.
inline constexpr double kLatest_s = 1e6;

}  // namespace fyr::app
