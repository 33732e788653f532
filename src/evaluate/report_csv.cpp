// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/evaluate.hpp"
#include "number.hpp"

namespace fyr {
namespace {

std::string fixed(std::optional<double> value) { return value ? to_text(Fixed{*value, 4}) : ""; }

/// Quoted where RFC 4180 asks for it.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string row(const std::string& head, const std::string& recording, const std::string& drum,
                const Counts& counts) {
  return head + field(recording) + ',' + drum + ',' + std::to_string(counts.n_reference()) + ',' +
         std::to_string(counts.n_estimated()) + ',' + std::to_string(counts.tp) + ',' +
         std::to_string(counts.fp) + ',' + std::to_string(counts.fn) + ',' +
         fixed(counts.precision()) + ',' + fixed(counts.recall()) + ',' + fixed(counts.f()) + '\n';
}

}  // namespace

std::string to_csv(const Report& report) {
  std::string text =
      "vocabulary,window_ms,recording,drum,reference,estimated,tp,fp,fn,precision,recall,f\n";
  for (const ScoreSheet& sheet : report.sheets) {
    const Vocabulary& words = vocabulary(sheet.vocabulary);
    const std::string head = sheet.vocabulary + ',' + to_text(sheet.window_s * 1000) + ',';
    text += row(head, "all", "all", sheet.summary.all.counts);
    for (const auto& drum : sheet.summary.classes) text += row(head, "all", drum.id, drum.counts);
    for (const RecordingScore& recording : sheet.recordings) {
      text += row(head, recording.name, "all", recording.total());
      for (std::size_t i = 0; i < words.classes.size(); ++i) {
        text += row(head, recording.name, words.classes[i], recording.classes[i].counts);
      }
    }
  }
  return text;
}

}  // namespace fyr
