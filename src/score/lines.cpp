// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/lines.hpp"

#include <algorithm>
#include <map>

namespace fyr {
namespace {

constexpr std::size_t kBarsPerLine = 4;

/// Widths in hundredths of a line of A4 in the writers' style. Fitted to where MuseScore 3.2.3
/// itself breaks lines (docs/notation.md); the rest of the hundred is for what the model misses.
constexpr double kBarWidth = 5.5;
constexpr double kColumnWidth = 1.1;
constexpr double kGhostWidth = 0.7;
constexpr double kBesideWidth = 0.7;
constexpr double kGraceWidth = 1.2;
constexpr double kLineWidth = 95;

/// Where most phrases need two lines, one that fits only tightly gets two as well: a reader's eye
/// expects bars of an even width.
constexpr double kRoomyWidth = 75;

/// Two heads a step apart or less do not fit above each other.
bool has_heads_side_by_side(const Chord& chord) {
  std::vector<int> lines;
  for (const Note& note : chord.notes) lines.push_back(note.place.line);
  std::ranges::sort(lines);
  return std::ranges::adjacent_find(lines, [](int one, int two) { return two - one <= 1; }) !=
         lines.end();
}

double head_width(const Chord& chord) {
  double width = kColumnWidth;
  if (std::ranges::any_of(chord.notes, &Note::ghost)) width += kGhostWidth;
  if (has_heads_side_by_side(chord)) width += kBesideWidth;
  return width;
}

double graces_width(const Chord& chord) {
  const auto has = [&](Ornament ornament) {
    return std::ranges::count(chord.notes, ornament, &Note::ornament) > 0 ? 1 : 0;
  };
  return kGraceWidth * (has(Ornament::Flam) + 2 * has(Ornament::Drag));
}

double width_of(const Measure& measure) {
  std::map<Tick, double> columns;
  double width = kBarWidth;
  for (const Voice& voice : measure.voices) {
    for (const Chord& chord : voice.chords) {
      double& column = columns[chord.tick];
      column = std::max(column, head_width(chord));
      width += graces_width(chord);
    }
  }
  for (const auto& [tick, column] : columns) width += column;
  return width;
}

/// A run of measures, [first, last).
struct Group {
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t n_bars = 0;  ///< Numbered measures among them.
};

bool fits(const Score& score, std::size_t first, std::size_t last, double line = kLineWidth) {
  double width = 0;
  for (std::size_t i = first; i < last; ++i) width += width_of(score.measures[i]);
  return width <= line;
}

/// Gives a bar that is left over company: the last bar of a phrase before it that fits on a line,
/// or the second half of one that needs two.
void share_bars(const Score& score, Group& before, Group& left_over) {
  if (before.n_bars < kBarsPerLine) return;
  const std::size_t n_moved = fits(score, before.first, before.last) ? 1 : before.n_bars / 2;
  const std::size_t cut = before.last - n_moved;
  if (!fits(score, cut, left_over.last, kRoomyWidth)) return;
  before = {before.first, cut, before.n_bars - n_moved};
  left_over = {cut, left_over.last, left_over.n_bars + n_moved};
}

/// Phrases: four bars, or fewer where a section ends. A bar left over joins the phrase before it
/// if they fit on a line together; else that phrase gives it bars, so that it does not stand alone.
std::vector<Group> phrases_of(const Score& score) {
  std::vector<Group> groups;
  Group group;
  for (std::size_t i = 0; i < score.measures.size(); ++i) {
    group.last = i + 1;
    if (score.measures[i].numbered) ++group.n_bars;
    const bool last = group.last == score.measures.size();
    const bool section_ends =
        group.n_bars > 0 && !last && !score.measures[group.last].rehearsal.empty();
    if (group.n_bars < kBarsPerLine && !last && !section_ends) continue;
    const bool left_over =
        group.n_bars <= 1 && !groups.empty() && score.measures[group.first].rehearsal.empty();
    if (left_over && fits(score, groups.back().first, group.last)) {
      groups.back().last = group.last;
    } else {
      if (left_over) share_bars(score, groups.back(), group);
      groups.push_back(group);
    }
    group = {group.last, group.last, 0};
  }
  return groups;
}

/// The end of the first half of [first, last), which must hold two measures: half of the numbered
/// bars and what stands before them unnumbered.
std::size_t middle_of(const Score& score, std::size_t first, std::size_t last) {
  const auto begin = score.measures.begin();
  const auto n_bars = std::count_if(begin + static_cast<std::ptrdiff_t>(first),
                                    begin + static_cast<std::ptrdiff_t>(last),
                                    [](const Measure& measure) { return measure.numbered; });
  std::ptrdiff_t left = (n_bars + 1) / 2;
  std::size_t middle = first;
  while (middle + 1 < last && left > 0) left -= score.measures[middle++].numbered ? 1 : 0;
  return std::max(middle, first + 1);
}

/// Breaks after the last measure of [first, last) and, while they do not fit, in the middle.
void break_group(Score& score, std::size_t first, std::size_t last, double line = kLineWidth) {
  if (last - first > 1 && !fits(score, first, last, line)) {
    const std::size_t middle = middle_of(score, first, last);
    break_group(score, first, middle);
    break_group(score, middle, last);
  } else {
    score.measures[last - 1].line_break = true;
  }
}

}  // namespace

void break_lines(Score& score) {
  const std::vector<Group> phrases = phrases_of(score);
  const auto is_full = [](const Group& group) { return group.n_bars >= kBarsPerLine; };
  const auto n_full = std::ranges::count_if(phrases, is_full);
  const auto n_broken = std::ranges::count_if(phrases, [&](const Group& group) {
    return is_full(group) && !fits(score, group.first, group.last);
  });
  const double line = 2 * n_broken > n_full ? kRoomyWidth : kLineWidth;
  for (const Group& group : phrases) break_group(score, group.first, group.last, line);
  score.measures.back().line_break = false;
}

}  // namespace fyr
