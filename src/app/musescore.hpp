// SPDX-License-Identifier: GPL-3.0-or-later

/// MuseScore, where it is installed: draws what no writer of ours can.
#pragma once

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

/// Draws the score: a PDF or positions file, or one picture a page. Needs no display, leaves
/// nothing behind. Throws OutputError if MuseScore is missing or fails, or the folder of temporary
/// files is full.
std::vector<std::string> engrave(const Score& score, Picture kind);

}  // namespace fyr::app
