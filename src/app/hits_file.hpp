// SPDX-License-Identifier: GPL-3.0-or-later

/// Files of hits as `-f csv` writes them, corrected by hand or in a report.
#pragma once

#include <filesystem>
#include <vector>

#include "fyr/onsets.hpp"

namespace fyr::app {

/// By time, then drum. A velocity or confidence that is missing becomes 64 or 1. Throws InputError
/// naming file, line and what was expected.
std::vector<Onset> read_hits(const std::filesystem::path& path);

}  // namespace fyr::app
