// SPDX-License-Identifier: GPL-3.0-or-later

/// Beats that the user gives, as `fyr beats` prints them.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <vector>

#include "fyr/rhythm.hpp"

namespace fyr::app {

/// Reads a row a beat: seconds and number in the bar (1 = downbeat), or the columns time_s and beat
/// of a table with a heading. Tables are as read_table takes them.
///
/// Throws InputError naming file and line unless there are two beats or more in growing order.
std::vector<Beat> read_given_beats(const std::filesystem::path& path);

/// The same as CSV with its heading, seconds with four decimals, as in JSON.
void write_beats(const std::vector<Beat>& beats, std::ostream& out);

}  // namespace fyr::app
