// SPDX-License-Identifier: GPL-3.0-or-later

/// Where MuseScore is, if it is installed.
#pragma once

#include <filesystem>

namespace fyr::app {

/// What FYR_MUSESCORE names, by its path or as a program in the PATH, whatever that is, or the
/// first of mscore3, musescore3, mscore, musescore, mscore4, MuseScore4 in the PATH; empty if there
/// is none.
std::filesystem::path installed_musescore();

/// The same, if it can be run. Throws OutputError, saying what to install or correct.
std::filesystem::path find_musescore();

}  // namespace fyr::app
