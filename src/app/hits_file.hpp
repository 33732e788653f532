// SPDX-License-Identifier: GPL-3.0-or-later

/// Lists of hits as `-f csv` and `-f labels` write them, corrected by hand or in a report.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fyr/onset.hpp"

namespace fyr::app {

/// What read_hit_list reads, by time, then drum; of several within 1 ms on one drum, as where lists
/// were joined, the loudest. A velocity that is missing becomes 64, one of
/// 0 the softest there is, 1, and a confidence that is missing 1. Throws InputError naming file,
/// line and what was expected.
std::vector<Onset> read_hits(const std::filesystem::path& path);

/// What messages call the hits of that file.
std::string hits_name(const std::filesystem::path& path);

}  // namespace fyr::app
