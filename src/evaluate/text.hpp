// SPDX-License-Identifier: GPL-3.0-or-later

/// Small text tools of the annotation readers, independent of the locale.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fyr {

/// The whole file. Throws InputError naming it when it cannot be read.
std::string read_file(const std::filesystem::path& path);

/// Without the line ends ("\n" or "\r\n") and a byte-order mark.
std::vector<std::string_view> lines_of(std::string_view text);

std::string_view trimmed(std::string_view text);

/// Fields between `separator`, trimmed; a space as separator means any run of blanks.
std::vector<std::string_view> fields_of(std::string_view line, char separator);

/// The whole field as a finite number.
std::optional<double> to_number(std::string_view field);

}  // namespace fyr
