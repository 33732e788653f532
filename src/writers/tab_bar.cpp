// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/tab_bar.hpp"

#include <algorithm>
#include <array>

#include "rhythm/fraction_text.hpp"

namespace fyr {
namespace {

/// A part of the bar that is counted, in columns of `step` ticks.
struct Count {
  Tick start = 0;
  Tick length = 0;
  Tick step = 0;
};

std::vector<Tick> struck_ticks(const Measure& measure) {
  std::vector<Tick> ticks;
  for (const Voice& voice : measure.voices) {
    for (const Chord& chord : voice.chords) {
      if (!chord.notes.empty()) ticks.push_back(chord.tick);
    }
  }
  return ticks;
}

/// The widest columns on which all strokes of the count have a place: 16ths, triplets of eighths,
/// of 16ths, 32nds.
Tick step_for(const std::vector<Tick>& struck, Tick start, Tick length) {
  constexpr std::array kSteps{kTicksPerQuarter / 4, kTicksPerQuarter / 3, kTicksPerQuarter / 6};
  for (const Tick step : kSteps) {
    const bool fits = length % step == 0 && std::ranges::all_of(struck, [&](Tick tick) {
                        return tick < start || tick >= start + length || (tick - start) % step == 0;
                      });
    if (fits) return step;
  }
  return kTicksPerQuarter / 8;
}

/// What is counted: quarters in x/2 and x/4, else the notes that the meter names.
Tick counted_unit(const Meter& meter) {
  return std::min(kTicksPerQuarter, 4 * kTicksPerQuarter / meter.denominator);
}

/// A pickup lacks the first, and of one more the beginning if it begins inside it.
std::vector<Count> counts_of(const Measure& measure) {
  const Tick unit = counted_unit(measure.meter);
  const std::vector<Tick> struck = struck_ticks(measure);
  std::vector<Count> counts;
  Tick start = 0;
  Tick length = measure.length % unit == 0 ? unit : measure.length % unit;
  while (start < measure.length) {
    counts.push_back({start, length, step_for(struck, start, length)});
    start += length;
    length = unit;
  }
  return counts;
}

/// "1 e & a" and the like above the columns of a whole count.
std::string count_text(int number, Tick unit, Tick step) {
  const auto width = static_cast<std::size_t>(unit / step);
  std::string text = std::to_string(number);
  if (text.size() > width) text = text.substr(text.size() - width);
  text.resize(width, ' ');
  if (unit == kTicksPerQuarter && width % 4 == 0) {
    text[width / 4] = 'e';
    text[width / 2] = '&';
    text[3 * width / 4] = 'a';
  }
  return text;
}

std::string counting(const Measure& measure, const std::vector<Count>& counts) {
  const Tick unit = counted_unit(measure.meter);
  const Tick missing = measure.numbered ? 0 : measure.meter.bar_ticks() - measure.length;
  std::string text;
  for (const Count& count : counts) {
    const std::string whole = count_text((missing + count.start) / unit + 1, unit, count.step);
    text += whole.substr(static_cast<std::size_t>((unit - count.length) / count.step));
  }
  return text;
}

/// The bar's strokes on one row. Of two sounds at one place the special one is seen.
std::string strokes(const Measure& measure, const std::vector<Count>& counts, const TabRow& row) {
  std::string text;
  for (const Count& count : counts) {
    std::string part(static_cast<std::size_t>(count.length / count.step), '-');
    for (const Voice& voice : measure.voices) {
      for (const Chord& chord : voice.chords) {
        if (chord.tick < count.start || chord.tick >= count.start + count.length) continue;
        const Tick place = (chord.tick - count.start) / count.step;
        for (const Note& note : chord.notes) {
          if (holds(row, note.drum)) {
            part[static_cast<std::size_t>(place)] = tab_letter(note, chord.accent);
          }
        }
      }
    }
    text += part;
  }
  return text;
}

}  // namespace

const std::vector<TabRow>& tab_rows() {
  static const std::vector<TabRow> all = {
      {"CC", {Drum::Crash}},
      {"RD", {Drum::Ride, Drum::RideBell}},
      {"HH", {Drum::ClosedHiHat, Drum::OpenHiHat}},
      {"PC", {Drum::Percussion}},
      {"HT", {Drum::HighTom}},
      {"MT", {Drum::MidTom}},
      {"FT", {Drum::FloorTom}},
      {"SD", {Drum::Snare, Drum::SideStick}},
      {"BD", {Drum::Kick}},
      {"HF", {Drum::PedalHiHat}},
  };
  return all;
}

bool holds(const TabRow& row, Drum drum) {
  return std::ranges::find(row.drums, drum) != row.drums.end();
}

char tab_letter(const Note& note, bool accent) {
  if (note.ornament == Ornament::Flam) return 'f';
  if (note.ornament == Ornament::Drag) return 'd';
  if (note.ornament == Ornament::Roll) return 'r';
  if (note.ghost) return 'g';
  if (note.choked) return '#';
  switch (note.drum) {
    case Drum::Kick:
    case Drum::OpenHiHat:
      return 'o';
    case Drum::RideBell:
      return 'b';
    case Drum::Snare:
    case Drum::HighTom:
    case Drum::MidTom:
    case Drum::FloorTom:
      return accent ? 'O' : 'o';
    default:
      return 'x';
  }
}

TabBar tab_bar(const Measure& measure, const std::vector<TabRow>& rows, int number, bool first) {
  const std::vector<Count> counts = counts_of(measure);
  TabBar bar{measure.numbered ? std::to_string(number) : "", counting(measure, counts), {}};
  if (first || measure.shows_meter) {
    bar.heading += (bar.heading.empty() ? "" : " ") + fraction_text(measure.meter);
  }
  bar.begins_section = !measure.rehearsal.empty();
  if (bar.begins_section) bar.heading += " [" + measure.rehearsal + "]";
  bar.triplets = std::ranges::any_of(
      counts, [](const Count& count) { return count.step % (kTicksPerQuarter / 6) == 0; });
  for (const TabRow& row : rows) bar.strokes.push_back(strokes(measure, counts, row));
  return bar;
}

}  // namespace fyr
