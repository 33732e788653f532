// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/lines.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <vector>

#include "score/rest_runs.hpp"

namespace fyr {
namespace {

/// Widths in hundredths of a line of A4 in the writers' style. Fitted to the least widths that
/// MuseScore 3.2.3 gives measures (docs/notation.md); it breaks a line that is wider than 96.4, the
/// rest of the hundred is the clef's.
constexpr double kBarWidth = 1.8;
constexpr double kColumnWidth = 1.3;
constexpr double kLedgerWidth = 0.4;  ///< More for a head on a ledger line …
constexpr double kCircledWidth = 0.2;
constexpr double kGhostWidth = 0.5;
constexpr double kDotWidth = 0.5;
constexpr double kBesideWidth = 0.9;  ///< … for heads side by side.
constexpr double kGraceWidth = 1.6;
constexpr double kMeterWidth = 2.6;
constexpr double kEmptyWidth = 4.5;  ///< A bar's rest.
constexpr double kRestWidth = 8;     ///< Of several bars.
constexpr double kLineWidth = 95;

/// Where a few phrases are only just too wide, a slightly smaller staff keeps all of them on a
/// line.
constexpr std::array kSmallerStaffSpaces_mm{1.55, 1.5};

/// Where most phrases need two lines, one that fits only tightly gets two as well: a reader's eye
/// expects bars of an even width.
constexpr double kRoomyWidth = 72;

/// Two heads a step apart or less do not fit above each other.
bool has_heads_side_by_side(const Chord& chord) {
  std::vector<int> lines;
  for (const Note& note : chord.notes) lines.push_back(note.place.line);
  std::ranges::sort(lines);
  return std::ranges::adjacent_find(lines, [](int one, int two) { return two - one <= 1; }) !=
         lines.end();
}

bool is_on_ledger_line(const Note& note) { return note.place.line < -1 || note.place.line > 9; }

bool is_circled(const Note& note) { return note.place.head == NoteHead::CircledCross; }

double head_width(const Chord& chord) {
  double width = kColumnWidth;
  if (std::ranges::any_of(chord.notes, is_on_ledger_line)) width += kLedgerWidth;
  if (std::ranges::any_of(chord.notes, is_circled)) width += kCircledWidth;
  if (std::ranges::any_of(chord.notes, &Note::ghost)) width += kGhostWidth;
  if (chord.value.dots > 0 && !chord.hidden) width += kDotWidth;
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
  double width = kBarWidth + (measure.shows_meter ? kMeterWidth : 0);
  for (const Voice& voice : measure.voices) {
    for (const Chord& chord : voice.chords) {
      double& column = columns[chord.tick];
      column = std::max(column, head_width(chord));
      width += graces_width(chord);
    }
  }
  for (const auto& [tick, column] : columns) width += column;
  return std::max(width, kEmptyWidth);
}

/// What no break divides: a measure, or silent ones that one rest stands for.
struct Unit {
  std::size_t last = 0;  ///< Its last measure.
  double width = 0;
  std::size_t n_bars = 1;  ///< That count among those that a line should have.
  bool long_rest = false;
  bool begins_section = false;
};

/// Fewer silent bars than a line has are counted like others. Many are not, nor are pickups: the
/// phrase begins after them.
std::vector<Unit> units_of(const std::vector<Measure>& measures) {
  std::vector<Unit> units;
  for (std::size_t first = 0; first < measures.size(); first = units.back().last + 1) {
    const Measure& measure = measures[first];
    const std::size_t n_silent = rest_run(measures, first);
    Unit unit;
    unit.last = first + n_silent - 1;
    unit.width = n_silent > 1 ? kRestWidth : width_of(measure);
    unit.long_rest = n_silent >= kBarsPerLine;
    unit.n_bars = unit.long_rest || !measure.numbered ? 0 : n_silent;
    unit.begins_section = !measure.rehearsal.empty();
    units.push_back(unit);
  }
  return units;
}

/// Units [first, last).
struct Group {
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t n_bars = 0;  ///< That count.
};

std::size_t n_bars_in(const std::vector<Unit>& units, std::size_t first, std::size_t last) {
  std::size_t n_bars = 0;
  for (std::size_t i = first; i < last; ++i) n_bars += units[i].n_bars;
  return n_bars;
}

bool fits(const std::vector<Unit>& units, std::size_t first, std::size_t last, double line) {
  double width = 0;
  for (std::size_t i = first; i < last; ++i) width += units[i].width;
  return width <= line;
}

/// Gives a bar that is left over company: the last bar of a phrase before it that fits on a line,
/// or the second half of one that needs two.
void share_bars(const std::vector<Unit>& units, Group& before, Group& left_over, double line) {
  if (before.n_bars < kBarsPerLine) return;
  const std::size_t n_moved =
      fits(units, before.first, before.last, line) ? 1 : (before.last - before.first) / 2;
  const std::size_t cut = before.last - n_moved;
  if (!fits(units, cut, left_over.last, line)) return;
  before = {before.first, cut, n_bars_in(units, before.first, cut)};
  left_over = {cut, left_over.last, n_bars_in(units, cut, left_over.last)};
}

/// Phrases: four bars, or fewer where a section ends or a long rest follows. A bar left over joins
/// the phrase before it if they fit on a line together; else that phrase gives it bars, so that it
/// does not stand alone.
std::vector<Group> phrases_of(const std::vector<Unit>& units, double line) {
  std::vector<Group> groups;
  Group group;
  for (std::size_t i = 0; i < units.size(); ++i) {
    group.last = i + 1;
    const bool rests = units[i].long_rest && group.n_bars > 0;
    group.n_bars += units[i].n_bars;
    const bool last = group.last == units.size();
    const bool section_ends = group.n_bars > 0 && !last && units[group.last].begins_section;
    if (group.n_bars < kBarsPerLine && !last && !section_ends && !rests) continue;
    const bool left_over =
        group.n_bars <= 1 && !groups.empty() && !units[group.first].begins_section;
    if (left_over && fits(units, groups.back().first, group.last, line)) {
      groups.back().last = group.last;
    } else {
      if (left_over) share_bars(units, groups.back(), group, line);
      groups.push_back(group);
    }
    group = {group.last, group.last, 0};
  }
  return groups;
}

/// The end of the first half of [first, last), which must hold two units: half of the bars and what
/// stands before them and does not count.
std::size_t middle_of(const std::vector<Unit>& units, std::size_t first, std::size_t last) {
  const std::size_t half = (n_bars_in(units, first, last) + 1) / 2;
  std::size_t middle = first;
  while (middle + 1 < last && n_bars_in(units, first, middle) < half) ++middle;
  return std::max(middle, first + 1);
}

bool is_full(const Group& phrase) { return phrase.n_bars >= kBarsPerLine; }

/// What lines of a staff hold.
struct Layout {
  double staff_space_mm = 0;
  double line = 0;  ///< Its width.
  std::vector<Group> phrases;
  std::ptrdiff_t n_too_wide = 0;  ///< Full phrases that need more than a line.
};

Layout lay_out(const std::vector<Unit>& units, double staff_space_mm) {
  Layout layout;
  layout.staff_space_mm = staff_space_mm;
  layout.line = kLineWidth * kStaffSpace_mm / staff_space_mm;
  layout.phrases = phrases_of(units, layout.line);
  layout.n_too_wide = std::ranges::count_if(layout.phrases, [&](const Group& phrase) {
    return is_full(phrase) && !fits(units, phrase.first, phrase.last, layout.line);
  });
  return layout;
}

/// On the largest staff whose lines hold every full phrase; if none does, on an ordinary one.
Layout best_layout(const std::vector<Unit>& units) {
  Layout ordinary = lay_out(units, kStaffSpace_mm);
  if (ordinary.n_too_wide == 0) return ordinary;
  for (const double staff_space_mm : kSmallerStaffSpaces_mm) {
    Layout smaller = lay_out(units, staff_space_mm);
    if (smaller.n_too_wide == 0) return smaller;
  }
  return ordinary;
}

/// The first page holds nine lines on an ordinary staff whatever stands above and below them. Of
/// ten to twelve the last would stand alone on a second page, where on these staves most fit on one
/// (docs/notation.md).
double staff_space_for_page(std::ptrdiff_t n_lines) {
  if (n_lines == 10) return kSmallerStaffSpaces_mm.front();
  return n_lines == 11 || n_lines == 12 ? kSmallerStaffSpaces_mm.back() : kStaffSpace_mm;
}

/// Breaks after the last unit of [first, last) and, if they are wider than `most`, in the middle;
/// halves are divided further only if they are wider than a line. So three bars are not divided for
/// an even width: one would stand alone.
void break_group(Score& score, const std::vector<Unit>& units, std::size_t first, std::size_t last,
                 double most, double line) {
  if (last - first > 1 && !fits(units, first, last, most)) {
    const std::size_t middle = middle_of(units, first, last);
    break_group(score, units, first, middle, line, line);
    break_group(score, units, middle, last, line, line);
  } else {
    score.measures[units[last - 1].last].line_break = true;
  }
}

}  // namespace

void break_lines(Score& score) {
  const std::vector<Unit> units = units_of(score.measures);
  const Layout layout = best_layout(units);
  score.staff_space_mm = layout.staff_space_mm;
  const auto n_full = std::ranges::count_if(layout.phrases, is_full);
  const bool mostly_too_wide = 2 * layout.n_too_wide > n_full;
  for (const Group& phrase : layout.phrases) {
    const double most = mostly_too_wide && is_full(phrase) ? kRoomyWidth : layout.line;
    break_group(score, units, phrase.first, phrase.last, most, layout.line);
  }
  score.measures.back().line_break = false;
  const auto n_lines = 1 + std::ranges::count_if(score.measures, &Measure::line_break);
  score.staff_space_mm = std::min(score.staff_space_mm, staff_space_for_page(n_lines));
}

}  // namespace fyr
