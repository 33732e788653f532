// SPDX-License-Identifier: GPL-3.0-or-later

/// One bar of a drum tab: its strokes and its counting, in columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fyr/score.hpp"

namespace fyr {

/// A line of the tab, for the sounds of one instrument.
struct TabRow {
  std::string_view label;
  std::vector<Drum> drums;
};

/// From the top, as drummers write them.
const std::vector<TabRow>& tab_rows();

bool holds(const TabRow& row, Drum drum);

/// What stands for the note; accents are seen on snare and toms.
char tab_letter(const Note& note, bool accent);

/// One bar's column of text: what stands above it, its counting and its rows.
struct TabBar {
  std::string heading;
  std::string counting;
  std::vector<std::string> strokes;
  bool triplets = false;        ///< In some of its columns.
  bool begins_section = false;  ///< It has a letter.
};

/// `number`: as the score counts the bar. The `first` bar tells its meter even if an unseen lead-in
/// before it has done so.
TabBar tab_bar(const Measure& measure, const std::vector<TabRow>& rows, int number, bool first);

}  // namespace fyr
