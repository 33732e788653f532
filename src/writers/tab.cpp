// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "fyr/writers.hpp"
#include "writers/clean_text.hpp"
#include "writers/tab_bar.hpp"

namespace fyr {
namespace {

constexpr std::size_t kLineWidth = 80;
constexpr std::size_t kLabelWidth = 3;  ///< With its bar line.

std::vector<TabRow> used_rows(const Score& score) {
  std::vector<TabRow> used;
  for (const TabRow& row : tab_rows()) {
    if (std::ranges::any_of(score.key, [&](Drum drum) { return holds(row, drum); })) {
      used.push_back(row);
    }
  }
  if (used.empty()) used.push_back(tab_rows()[8]);
  return used;
}

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

/// Bars beside each other.
void write_line(const std::vector<TabBar>& bars, const std::vector<TabRow>& used,
                std::ostream& out) {
  std::string headings;
  std::string countings(kLabelWidth, ' ');
  for (const TabBar& bar : bars) {
    // A heading that is wider than its bar moves the next one.
    if (!headings.empty()) headings += ' ';
    headings.resize(std::max(headings.size(), countings.size()), ' ');
    headings += bar.heading;
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
          << (!score.swing.swings()      ? ""
              : score.swing.of_eighths() ? ", swing"
                                         : ", swing 16ths")
          << '\n';
      first = false;
    }
  }
}

void write_key(const std::vector<TabRow>& used, std::ostream& out) {
  out << '\n';
  for (const TabRow& row : used) {
    out << row.label << "  ";
    for (const Drum drum : row.drums) {
      Note note;
      note.drum = drum;
      out << (drum == row.drums.front() ? "" : ", ") << tab_letter(note, false) << ' '
          << info(drum).name;
    }
    out << '\n';
  }
  out << "O accent, g ghost note, f flam, d drag, r roll, # choke\n";
}

}  // namespace

void write_tab(const Score& score, std::ostream& out) {
  const std::vector<TabRow> used = used_rows(score);
  write_heading(score, out);
  write_key(used, out);
  std::vector<TabBar> line;
  std::size_t width = 0;
  int number = 0;
  bool first = true;
  for (const Measure& measure : score.measures) {
    if (measure.lead_in) continue;
    if (measure.numbered) ++number;
    TabBar bar = tab_bar(measure, used, number, first);
    first = false;
    const std::size_t bar_width = std::max(bar.counting.size(), bar.heading.size()) + 1;
    if (!line.empty() && (width + bar_width > kLineWidth || !measure.rehearsal.empty())) {
      write_line(line, used, out);
      line.clear();
    }
    if (line.empty()) width = kLabelWidth;
    width += bar_width;
    line.push_back(std::move(bar));
  }
  if (!line.empty()) write_line(line, used, out);
}

}  // namespace fyr
