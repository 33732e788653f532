// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/lines.hpp"

#include <algorithm>
#include <set>

namespace fyr {
namespace {

constexpr std::size_t kBarsPerLine = 4;

/// Note columns that fit on a line of A4 in the writers' style: four bars of 16ths.
constexpr std::size_t kColumnsPerLine = 66;

/// Columns that a bar needs; barlines and an empty bar take room as well.
std::size_t width_of(const Measure& measure) {
  std::set<Tick> ticks;
  std::size_t n_graces = 0;
  for (const Voice& voice : measure.voices) {
    for (const Chord& chord : voice.chords) {
      if (!chord.hidden) ticks.insert(chord.tick);
      n_graces += static_cast<std::size_t>(std::ranges::count_if(
          chord.notes, [](const Note& note) { return note.ornament != Ornament::None; }));
    }
  }
  return std::max<std::size_t>(3, ticks.size()) + n_graces;
}

void break_group(Score& score, std::size_t first, std::size_t last) {
  std::size_t columns = 0;
  for (std::size_t i = first; i < last; ++i) columns += width_of(score.measures[i]);
  if (columns > kColumnsPerLine && last - first > 1) {
    const std::size_t middle = first + (last - first + 1) / 2;
    break_group(score, first, middle);
    break_group(score, middle, last);
  } else {
    score.measures[last - 1].line_break = true;
  }
}

}  // namespace

void break_lines(Score& score) {
  auto& measures = score.measures;
  std::size_t first = 0;
  std::size_t n_bars = 0;
  for (std::size_t i = 0; i < measures.size(); ++i) {
    if (measures[i].numbered) ++n_bars;
    if (n_bars < kBarsPerLine && i + 1 < measures.size()) continue;
    break_group(score, first, i + 1);
    first = i + 1;
    n_bars = 0;
  }
  measures.back().line_break = false;
}

}  // namespace fyr
