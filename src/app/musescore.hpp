// SPDX-License-Identifier: GPL-3.0-or-later

/// MuseScore, where it is installed: draws what no writer of ours can.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fyr/score.hpp"

namespace fyr::app {

enum class Picture {
  Pdf,
  Png,
  Svg,
  Measures,  ///< No picture: where and when the measures stand in it, MuseScore's .mpos.
  Segments,  ///< The same of what sounds or rests at once, .spos.
};

/// What FYR_MUSESCORE names, whatever that is, or the first of mscore3, musescore3, mscore,
/// musescore, mscore4, MuseScore4 in the PATH; empty if there is none.
std::filesystem::path installed_musescore();

/// The same, if it can be run. Throws OutputError, saying what to install or correct.
std::filesystem::path find_musescore();

/// Draws the score: a PDF or positions file, or one picture a page. Needs no display, leaves
/// nothing behind. Throws OutputError if MuseScore is missing or fails, or the folder of temporary
/// files is full.
std::vector<std::string> engrave(const Score& score, Picture kind);

}  // namespace fyr::app
