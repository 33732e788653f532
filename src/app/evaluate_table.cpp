// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/evaluate_table.hpp"

#include <ostream>

#include "app/console.hpp"
#include "app/text_table.hpp"
#include "number.hpp"

namespace fyr::app {
namespace {

std::string window_text(double window_s) { return "±" + to_text(window_s * 1000) + " ms"; }

std::string interval_text(const std::optional<Interval>& interval, bool with_plus = false) {
  if (!interval) return "-";
  return cell(interval->low, 3, with_plus) + "…" + cell(interval->high, 3, with_plus);
}

std::optional<double> in_ms(std::optional<double> seconds) {
  return seconds ? std::optional<double>(*seconds * 1000) : std::nullopt;
}

TableRow summary_row(const ClassSummary& summary, bool with_slots) {
  const Counts& counts = summary.counts;
  TableRow row{summary.id,
               cell(counts.f(), 3),
               interval_text(summary.f_interval),
               cell(counts.precision(), 3),
               cell(counts.recall(), 3),
               std::to_string(counts.n_reference()),
               std::to_string(counts.n_estimated()),
               std::to_string(counts.tp),
               std::to_string(counts.fp),
               std::to_string(counts.fn),
               cell(summary.mean_f, 3),
               cell(in_ms(summary.median_error_s), 1, true),
               cell(in_ms(summary.spread_s), 1),
               cell(summary.velocity_r, 2)};
  if (with_slots) row.push_back(summary.slots ? cell(summary.slots->f(), 3) : "-");
  return row;
}

void print_summary(const ScoreSheet& sheet, std::ostream& out) {
  const bool with_slots = sheet.summary.all.slots.has_value();
  TableRow header{"drum", "F",  "95 %", "P",      "R",        "ref",       "est",
                  "tp",   "fp", "fn",   "mean F", "error ms", "spread ms", "vel r"};
  if (with_slots) header.push_back("slot F");
  std::vector<TableRow> rows{header, summary_row(sheet.summary.all, with_slots)};
  for (const ClassSummary& summary : sheet.summary.classes) {
    rows.push_back(summary_row(summary, with_slots));
  }
  print_aligned(rows, out);
  out << "  macro F " << cell(sheet.summary.macro_f, 3) << '\n';
  if (const auto& beats = sheet.summary.beats) {
    out << "  beat F " << cell(beats->f, 3) << ", downbeat F " << cell(beats->downbeat_f, 3)
        << ", CMLt " << cell(beats->cml_t, 3) << ", AMLt " << cell(beats->aml_t, 3) << '\n';
  }
}

void print_recordings(const ScoreSheet& sheet, const Vocabulary& words, std::ostream& out) {
  TableRow header{"recording", "F", "P", "R", "tp", "fp", "fn"};
  for (const std::string& id : words.classes) header.push_back(id);
  std::vector<TableRow> rows{header};
  for (const RecordingScore& recording : sheet.recordings) {
    const Counts total = recording.total();
    TableRow row{plain(recording.name),   cell(total.f(), 3),       cell(total.precision(), 3),
                 cell(total.recall(), 3), std::to_string(total.tp), std::to_string(total.fp),
                 std::to_string(total.fn)};
    for (const ClassScore& score : recording.classes) row.push_back(cell(score.counts.f(), 3));
    rows.push_back(row);
  }
  out << '\n';
  print_aligned(rows, out);
}

void print_confusion(const ScoreSheet& sheet, const Vocabulary& words, std::ostream& out) {
  const std::size_t n = words.classes.size();
  TableRow header{"played \\ heard"};
  for (const std::string& id : words.classes) header.push_back(id);
  header.emplace_back("nothing");
  std::vector<TableRow> rows{header};
  std::vector<int> heard(n, 0);
  for (std::size_t row = 0; row < n; ++row) {
    TableRow line{words.classes[row]};
    int left = sheet.summary.classes[row].counts.n_reference();
    for (std::size_t column = 0; column < n; ++column) {
      int sum = 0;
      for (const auto& recording : sheet.recordings) sum += recording.confusion[row * n + column];
      line.push_back(sum == 0 ? "." : std::to_string(sum));
      left -= sum;
      heard[column] += sum;
    }
    line.push_back(std::to_string(left));
    rows.push_back(line);
  }
  TableRow nothing{"nothing"};
  for (std::size_t column = 0; column < n; ++column) {
    nothing.push_back(
        std::to_string(sheet.summary.classes[column].counts.n_estimated() - heard[column]));
  }
  rows.push_back(nothing);
  out << '\n';
  print_aligned(rows, out);
}

std::string mistakes_text(const std::vector<int>& counts, const Vocabulary& words) {
  std::string text;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    if (!text.empty()) text += ' ';
    text += std::to_string(counts[i]) + ' ' + words.classes[i];
  }
  return text.empty() ? "-" : text;
}

void print_worst(const ScoreSheet& sheet, const Vocabulary& words, int n, std::ostream& out) {
  std::vector<TableRow> rows{{"worst passages", "from s", "to s", "mistakes", "missed", "extra"}};
  for (const Passage& passage : worst_passages(sheet.recordings, n)) {
    rows.push_back({plain(passage.recording), cell(passage.start_s, 0), cell(passage.end_s, 0),
                    std::to_string(passage.n_mistakes()), mistakes_text(passage.missed, words),
                    mistakes_text(passage.extra, words)});
  }
  out << '\n';
  print_aligned(rows, out);
}

}  // namespace

void print_table(const Report& report, const TableOptions& options, std::ostream& out) {
  out << plain(report.source + (report.model.empty() ? "" : ", model " + report.model)) << '\n';
  for (const ScoreSheet& sheet : report.sheets) {
    const Vocabulary& words = vocabulary(sheet.vocabulary);
    out << "\nvocabulary " << sheet.vocabulary << ", " << window_text(sheet.window_s) << ", "
        << counted(sheet.recordings.size(), "recording") << '\n';
    print_summary(sheet, out);
    if (options.per_recording) print_recordings(sheet, words, out);
    if (options.confusion) print_confusion(sheet, words, out);
    if (options.n_worst > 0) print_worst(sheet, words, options.n_worst, out);
  }
}

void print_comparison(const Comparison& comparison, double tolerance, std::ostream& out) {
  for (const SheetComparison& sheet : comparison.sheets) {
    out << "\nagainst the baseline, vocabulary " << sheet.vocabulary << ", "
        << window_text(sheet.window_s) << ", "
        << counted(static_cast<std::size_t>(sheet.n_recordings), "recording") << '\n';
    std::vector<TableRow> rows{{"drum", "before", "now", "change", "95 %", "verdict"}};
    for (const Change& change : sheet.changes) {
      std::string verdict = change.beyond_chance() ? "beyond chance" : "within chance";
      if (!change.interval) verdict = "too few recordings to tell";
      if (change.id == "all" && change.difference() < -tolerance) verdict += ", REGRESSION";
      rows.push_back({change.id, cell(change.before_f, 3), cell(change.after_f, 3),
                      cell(change.difference(), 3, true), interval_text(change.interval, true),
                      verdict});
    }
    print_aligned(rows, out);
  }
}

void print_map(const LabelMap& map, std::ostream& out) {
  out << map.id << ": " << map.title << " (" << map.source << ")\n";
  TableRow header{"label", "name"};
  for (const Vocabulary& words : vocabularies()) header.push_back(words.id);
  std::vector<TableRow> rows{header};
  for (const LabelMeaning& meaning : map.labels) {
    TableRow row{meaning.label, meaning.name};
    for (const Vocabulary& words : vocabularies()) {
      std::string target = "?";  // Coarser than the vocabulary.
      for (const auto& [id, name] : meaning.classes) {
        if (id == words.id) target = name.empty() ? "-" : name;
      }
      row.push_back(target);
    }
    rows.push_back(row);
  }
  print_aligned(rows, out);
  out << "  - ignored   ? the label is too coarse for this vocabulary\n\n";
}

}  // namespace fyr::app
