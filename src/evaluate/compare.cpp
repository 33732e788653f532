// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>

#include "evaluate/statistics.hpp"
#include "fyr/evaluate.hpp"
#include "number.hpp"

namespace fyr {
namespace {

/// Recordings that both sheets hold, side by side.
struct Paired {
  std::vector<const RecordingScore*> before;
  std::vector<const RecordingScore*> after;
};

std::unordered_map<std::string_view, const RecordingScore*> by_name(const ScoreSheet& sheet) {
  std::unordered_map<std::string_view, const RecordingScore*> recordings;
  for (const RecordingScore& recording : sheet.recordings) {
    recordings.emplace(recording.name, &recording);
  }
  return recordings;
}

const ScoreSheet* find(const Report& report, const ScoreSheet& like) {
  for (const ScoreSheet& sheet : report.sheets) {
    if (sheet.vocabulary == like.vocabulary && std::abs(sheet.window_s - like.window_s) < 1e-9) {
      return &sheet;
    }
  }
  return nullptr;
}

std::vector<Counts> counts_of(const std::vector<const RecordingScore*>& recordings,
                              std::optional<std::size_t> drum) {
  std::vector<Counts> counts;
  for (const RecordingScore* recording : recordings) {
    counts.push_back(drum ? recording->classes[*drum].counts : recording->total());
  }
  return counts;
}

Counts sum_of(const std::vector<Counts>& counts) {
  Counts sum;
  for (const Counts& c : counts) sum += c;
  return sum;
}

/// Nothing where F is undefined on a side.
std::optional<Change> change_of(const std::string& id, const std::vector<Counts>& before,
                                const std::vector<Counts>& after, const Resamples& resamples) {
  const auto before_f = sum_of(before).f();
  const auto after_f = sum_of(after).f();
  if (!before_f || !after_f) return std::nullopt;
  Change change{id, *before_f, *after_f, std::nullopt};
  change.interval =
      resamples.interval([&](const std::vector<std::uint32_t>& sample) -> std::optional<double> {
        Counts old_sum;
        Counts new_sum;
        for (const std::uint32_t i : sample) {
          old_sum += before[i];
          new_sum += after[i];
        }
        const auto old_f = old_sum.f();
        const auto new_f = new_sum.f();
        if (!old_f || !new_f) return std::nullopt;
        return *new_f - *old_f;
      });
  return change;
}

std::string in_words(const ScoreSheet& sheet) {
  return "vocabulary " + sheet.vocabulary + ", ±" + to_text(sheet.window_s * 1000) + " ms";
}

SheetComparison compare_sheets(const ScoreSheet& before, const ScoreSheet& after,
                               std::vector<std::string>& problems) {
  const std::string where = " (" + in_words(before) + ")";
  const auto scored = by_name(after);
  Paired paired;
  for (const RecordingScore& recording : before.recordings) {
    if (const auto now = scored.find(recording.name); now != scored.end()) {
      paired.before.push_back(&recording);
      paired.after.push_back(now->second);
    } else {
      problems.push_back("the baseline's recording \"" + recording.name + "\" was not scored" +
                         where);
    }
  }
  const Resamples resamples(paired.before.size());
  SheetComparison comparison{
      before.vocabulary, before.window_s, static_cast<int>(paired.before.size()), {}};
  const auto add = [&](const std::string& id, std::optional<std::size_t> drum) {
    if (auto change = change_of(id, counts_of(paired.before, drum), counts_of(paired.after, drum),
                                resamples)) {
      comparison.changes.push_back(std::move(*change));
    }
  };
  add("all", std::nullopt);
  const Vocabulary& words = vocabulary(before.vocabulary);
  for (std::size_t drum = 0; drum < words.classes.size(); ++drum) add(words.classes[drum], drum);
  return comparison;
}

}  // namespace

bool Change::beyond_chance() const { return interval && (interval->low > 0 || interval->high < 0); }

bool Comparison::is_regression(double tolerance) const {
  return std::any_of(sheets.begin(), sheets.end(), [&](const SheetComparison& sheet) {
    return !sheet.changes.empty() && sheet.changes.front().id == "all" &&
           sheet.changes.front().difference() < -tolerance;
  });
}

Comparison compare(const Report& before, const Report& after) {
  Comparison comparison;
  for (const ScoreSheet& sheet : before.sheets) {
    if (const ScoreSheet* now = find(after, sheet)) {
      comparison.sheets.push_back(compare_sheets(sheet, *now, comparison.problems));
    } else {
      comparison.problems.push_back("the baseline's " + in_words(sheet) + ", was not scored");
    }
  }
  const bool any = std::ranges::any_of(
      comparison.sheets, [](const SheetComparison& sheet) { return sheet.n_recordings > 0; });
  if (!any && comparison.problems.empty()) {
    comparison.problems.emplace_back("the baseline holds no scores to compare with");
  }
  return comparison;
}

}  // namespace fyr
