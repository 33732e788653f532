// SPDX-License-Identifier: GPL-3.0-or-later

/// Scores that commands read.
#pragma once

#include <filesystem>
#include <string>

namespace fyr::app {

/// The .mscx text of the score in `path`, .mscx or .mscz; "-" is standard input, of either kind.
/// Throws InputError.
std::string read_score(const std::filesystem::path& path);

}  // namespace fyr::app
