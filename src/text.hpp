// SPDX-License-Identifier: GPL-3.0-or-later

/// Reading text files and lists in them, independent of the locale.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fyr {

/// No list, score or table is longer: what never ends, such as a device, must not fill the memory.
inline constexpr std::size_t kMostTextBytes = std::size_t{1} << 28;

/// What errno says of a file that does not open, and what to do.
std::string why_closed();

/// All that is left of `in`, which messages call `name`. Throws InputError when it cannot be read
/// or is longer than `most_bytes`.
std::string read_all(std::istream& in, const std::string& name,
                     std::size_t most_bytes = kMostTextBytes);

/// The whole file. Throws InputError naming it when it cannot be read or is as long as no text.
std::string read_file(const std::filesystem::path& path);

/// Throws InputError for UTF-16, as spreadsheets may save it, and for what is no text at all;
/// messages call the text `name`.
void check_encoding(std::string_view text, const std::string& name);

/// Throws InputError with the cause alone if lists and objects of `json` stand in each other deeper
/// than anybody writes them: what copies or prints such a value calls itself for every level, and
/// would run out of stack.
void check_nesting(std::string_view json);

/// Without the line ends ("\n", "\r\n" or "\r") and a byte-order mark.
std::vector<std::string_view> lines_of(std::string_view text);

std::string_view trimmed(std::string_view text);

/// With the letters A to Z as a to z, whatever the locale.
std::string lower_case(std::string_view text);

/// The reverse.
std::string upper_case(std::string_view text);

/// The ending of the path's name, with its dot, in lower case.
std::string lower_suffix(const std::filesystem::path& path);

/// Fields between `separator`, trimmed; a space as separator means any run of blanks.
std::vector<std::string_view> fields_of(std::string_view line, char separator);

/// The whole field as a finite number.
std::optional<double> to_number(std::string_view field);

/// The same where it may have a comma before its decimals.
std::optional<double> to_number_with_comma(std::string_view field);

/// Whether a message of a cause tells a remedy as well, behind a semicolon. What a file says stands
/// in quotes and may hold one too: only what follows the last quote counts.
bool says_what_to_do(std::string_view message);

/// Later times, in seconds, are in no recording.
inline constexpr double kLatest_s = 1e6;

}  // namespace fyr
