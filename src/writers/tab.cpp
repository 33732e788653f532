// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "fyr/writers.hpp"
#include "rhythm/fraction_text.hpp"
#include "writers/clean_text.hpp"

namespace fyr {
namespace {

constexpr std::size_t kLineWidth = 80;

/// A line of the tab, for the sounds of one instrument.
struct Row {
  std::string_view label;
  std::vector<Drum> drums;
};

/// From the top, as drummers write them.
const std::vector<Row>& rows() {
  static const std::vector<Row> all = {
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

bool holds(const Row& row, Drum drum) {
  return std::ranges::find(row.drums, drum) != row.drums.end();
}

char letter(const Note& note, bool accent) {
  if (note.ornament == Ornament::Flam) return 'f';
  if (note.ornament == Ornament::Drag) return 'd';
  if (note.ornament == Ornament::Roll) return 'r';
  if (note.ghost) return 'g';
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

/// A part of the bar that is counted, and how many columns it has.
struct Count {
  Tick start;
  Tick length;
  int n_columns;
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

/// The fewest columns on which all strokes of the count have a place.
int columns_for(const std::vector<Tick>& struck, Tick start, Tick length) {
  const int sixteenths = std::max(1, 4 * length / kTicksPerQuarter);
  for (const int n_columns : {sixteenths, 3, 6, 2 * sixteenths, 12, 4 * sixteenths}) {
    const bool fits = length % n_columns == 0 && std::ranges::all_of(struck, [&](Tick tick) {
                        return tick < start || tick >= start + length ||
                               (tick - start) % (length / n_columns) == 0;
                      });
    if (fits) return n_columns;
  }
  return 24;
}

/// Quarters in x/2 and x/4, else the notes that the meter counts; a pickup lacks the first.
std::vector<Count> counts_of(const Measure& measure) {
  const Tick unit = std::min(kTicksPerQuarter, 4 * kTicksPerQuarter / measure.meter.denominator);
  const std::vector<Tick> struck = struck_ticks(measure);
  std::vector<Count> counts;
  Tick start = 0;
  Tick length = measure.length % unit == 0 ? unit : measure.length % unit;
  while (start < measure.length) {
    counts.push_back({start, length, columns_for(struck, start, length)});
    start += length;
    length = unit;
  }
  return counts;
}

/// "1 e & a" and the like above the columns.
std::string counting(const Measure& measure, const std::vector<Count>& counts) {
  const Tick unit = std::min(kTicksPerQuarter, 4 * kTicksPerQuarter / measure.meter.denominator);
  const Tick missing = measure.numbered ? 0 : measure.meter.bar_ticks() - measure.length;
  std::string text;
  for (const Count& count : counts) {
    const int number = (missing + count.start) / unit + 1;
    std::string part = std::to_string(number);
    const auto width = static_cast<std::size_t>(count.n_columns);
    if (part.size() > width) part = part.substr(part.size() - width);
    part.resize(width, ' ');
    if (width % 4 == 0 && unit == kTicksPerQuarter && width < 12) {
      part[width / 4] = 'e';
      part[width / 2] = '&';
      part[3 * width / 4] = 'a';
    }
    text += part;
  }
  return text;
}

/// The bar's strokes on one row. Of two sounds at one place the special one is seen.
std::string strokes(const Measure& measure, const std::vector<Count>& counts, const Row& row) {
  std::string text;
  for (const Count& count : counts) {
    std::string part(static_cast<std::size_t>(count.n_columns), '-');
    for (const Voice& voice : measure.voices) {
      for (const Chord& chord : voice.chords) {
        if (chord.tick < count.start || chord.tick >= count.start + count.length) continue;
        const Tick place = (chord.tick - count.start) * count.n_columns / count.length;
        for (const Note& note : chord.notes) {
          if (holds(row, note.drum)) {
            part[static_cast<std::size_t>(place)] = letter(note, chord.accent);
          }
        }
      }
    }
    text += part;
  }
  return text;
}

std::vector<Row> used_rows(const Score& score) {
  std::vector<Row> used;
  for (const Row& row : rows()) {
    if (std::ranges::any_of(score.key, [&](Drum drum) { return holds(row, drum); })) {
      used.push_back(row);
    }
  }
  if (used.empty()) used.push_back(rows()[8]);
  return used;
}

/// One bar's column of text: what stands above it, its counting and its rows.
struct TabBar {
  std::string heading;
  std::string counting;
  std::vector<std::string> strokes;
};

TabBar tab_bar(const Measure& measure, const std::vector<Row>& used, int number) {
  const std::vector<Count> counts = counts_of(measure);
  TabBar bar{measure.numbered ? std::to_string(number) : "", counting(measure, counts), {}};
  if (measure.shows_meter) {
    bar.heading += (bar.heading.empty() ? "" : " ") + fraction_text(measure.meter);
  }
  if (!measure.rehearsal.empty()) bar.heading += " [" + measure.rehearsal + "]";
  for (const Row& row : used) bar.strokes.push_back(strokes(measure, counts, row));
  return bar;
}

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

/// Bars beside each other.
void write_line(const std::vector<TabBar>& bars, const std::vector<Row>& used, std::ostream& out) {
  std::string headings(3, ' ');
  std::string countings(3, ' ');
  for (const TabBar& bar : bars) {
    const std::size_t width = bar.counting.size() + 1;
    std::string heading = bar.heading.substr(0, width - 1);
    heading.resize(width, ' ');
    headings += heading;
    countings += bar.counting + ' ';
  }
  out << '\n' << trimmed(headings) << '\n' << trimmed(countings) << '\n';
  for (std::size_t row = 0; row < used.size(); ++row) {
    out << used[row].label << '|';
    for (const TabBar& bar : bars) out << bar.strokes[row] << '|';
    out << '\n';
  }
}

void write_heading(const Score& score, std::ostream& out) {
  for (const std::string& line : {score.title, score.composer, score.subtitle}) {
    if (!line.empty()) out << clean_text(line) << '\n';
  }
  int number = 0;
  bool first = true;
  for (const Measure& measure : score.measures) {
    if (measure.numbered) ++number;
    for (const Tempo& tempo : measure.tempi) {
      if (!tempo.mark) continue;
      const char* dot = tempo.mark->beat.dots > 0 ? "." : "";
      out << (first ? "Tempo" : "From bar " + std::to_string(number)) << ": 1/"
          << tempo.mark->beat.denominator << dot << " = " << tempo.mark->beats_per_minute
          << (score.swing > 0.5 ? ", swing" : "") << '\n';
      first = false;
    }
  }
}

void write_key(const std::vector<Row>& used, std::ostream& out) {
  out << '\n';
  for (const Row& row : used) {
    out << row.label << "  ";
    for (const Drum drum : row.drums) {
      Note note;
      note.drum = drum;
      out << (drum == row.drums.front() ? "" : ", ") << letter(note, false) << ' '
          << info(drum).name;
    }
    out << '\n';
  }
  out << "O accent, g ghost note, f flam, d drag, r roll\n";
}

}  // namespace

void write_tab(const Score& score, std::ostream& out) {
  const std::vector<Row> used = used_rows(score);
  write_heading(score, out);
  write_key(used, out);
  std::vector<TabBar> line;
  std::size_t width = 0;
  int number = 0;
  for (const Measure& measure : score.measures) {
    if (measure.lead_in) continue;
    if (measure.numbered) ++number;
    TabBar bar = tab_bar(measure, used, number);
    const std::size_t bar_width = bar.counting.size() + 1;
    if (!line.empty() && (width + bar_width > kLineWidth || !measure.rehearsal.empty())) {
      write_line(line, used, out);
      line.clear();
    }
    if (line.empty()) width = 3;
    width += bar_width;
    line.push_back(std::move(bar));
  }
  if (!line.empty()) write_line(line, used, out);
}

}  // namespace fyr
