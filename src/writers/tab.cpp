// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "fyr/writers.hpp"
#include "score/bar_numbers.hpp"
#include "writers/clean_text.hpp"
#include "writers/tab_bar.hpp"

namespace fyr {
namespace {

constexpr std::size_t kLineWidth = 80;
constexpr std::size_t kLabelWidth = 3;  ///< With its bar line.

/// With the drums that are struck.
std::vector<TabRow> used_rows(const Score& score) {
  std::vector<TabRow> used;
  for (TabRow row : tab_rows()) {
    std::erase_if(row.drums,
                  [&](Drum drum) { return std::ranges::find(score.key, drum) == score.key.end(); });
    if (!row.drums.empty()) used.push_back(std::move(row));
  }
  if (used.empty()) {
    used.push_back(*std::ranges::find_if(tab_rows(), [](const TabRow& row) {
      return std::ranges::find(row.drums, Drum::Kick) != row.drums.end();
    }));
  }
  return used;
}

std::vector<TabBar> tab_bars(const Score& score, const std::vector<TabRow>& used) {
  std::vector<TabBar> bars;
  const std::vector<int> numbers = bar_numbers(score);
  for (std::size_t i = 0; i < score.measures.size(); ++i) {
    const Measure& measure = score.measures[i];
    if (!measure.lead_in) bars.push_back(tab_bar(measure, used, numbers[i], bars.empty()));
  }
  return bars;
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
  const std::vector<int> numbers = bar_numbers(score);
  bool first = true;
  for (std::size_t i = 0; i < score.measures.size(); ++i) {
    for (const Tempo& tempo : score.measures[i].tempi) {
      if (!tempo.mark) continue;
      const char* dot = tempo.mark->beat.dots > 0 ? "." : "";
      out << (first ? "Tempo" : "From bar " + std::to_string(numbers[i])) << ": 1/"
          << tempo.mark->beat.denominator << dot << " = " << tempo.mark->beats_per_minute
          << (!score.swing.swings()      ? ""
              : score.swing.of_eighths() ? ", swing"
                                         : ", swing 16ths")
          << '\n';
      first = false;
    }
  }
}

/// What the letters say that are no drum's own, as far as they stand in the bars.
void write_marks(const std::vector<TabBar>& bars, std::ostream& out) {
  constexpr std::array<std::pair<char, const char*>, 6> kMarks{{{'O', "accent"},
                                                                {'g', "ghost note"},
                                                                {'f', "flam"},
                                                                {'d', "drag"},
                                                                {'r', "roll"},
                                                                {'#', "choke"}}};
  const char* between = "";
  for (const auto& [letter, meaning] : kMarks) {
    const bool seen = std::ranges::any_of(bars, [letter = letter](const TabBar& bar) {
      return std::ranges::any_of(bar.strokes, [&](const std::string& row) {
        return row.find(letter) != std::string::npos;
      });
    });
    if (!seen) continue;
    out << between << letter << ' ' << meaning;
    between = ", ";
  }
  if (*between != '\0') out << '\n';
}

void write_key(const std::vector<TabRow>& used, const std::vector<TabBar>& bars,
               std::ostream& out) {
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
  write_marks(bars, out);
  if (std::ranges::any_of(bars, &TabBar::triplets)) {
    out << "Where a number has 3 or 6 columns, they are triplets\n";
  }
}

}  // namespace

void write_tab(const Score& score, std::ostream& out) {
  const std::vector<TabRow> used = used_rows(score);
  const std::vector<TabBar> bars = tab_bars(score, used);
  write_heading(score, out);
  write_key(used, bars, out);
  std::vector<TabBar> line;
  std::size_t width = 0;
  for (const TabBar& bar : bars) {
    const std::size_t bar_width = std::max(bar.counting.size(), bar.heading.size()) + 1;
    if (!line.empty() && (width + bar_width > kLineWidth || bar.begins_section)) {
      write_line(line, used, out);
      line.clear();
    }
    if (line.empty()) width = kLabelWidth;
    width += bar_width;
    line.push_back(bar);
  }
  if (!line.empty()) write_line(line, used, out);
}

}  // namespace fyr
