// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>

#include "evaluate/statistics.hpp"
#include "fyr/scoring.hpp"

namespace fyr {
namespace {

/// One class, or all of them, seen over the recordings.
struct Column {
  std::vector<Counts> counts;  ///< One a recording.
  std::vector<Counts> slots;   ///< One a recording that has them.
  std::vector<const ClassScore*> scores;
};

std::optional<double> mean(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

void add_f_figures(const Column& column, const Resamples& resamples, ClassSummary& summary) {
  std::vector<double> defined;
  for (const Counts& counts : column.counts) {
    summary.counts += counts;
    if (const auto f = counts.f()) defined.push_back(*f);
  }
  summary.mean_f = mean(defined);
  summary.f_interval = resamples.interval([&](const std::vector<std::uint32_t>& sample) {
    Counts sum;
    for (const std::uint32_t i : sample) sum += column.counts[i];
    return sum.f();
  });
  summary.mean_f_interval = resamples.interval([&](const std::vector<std::uint32_t>& sample) {
    double sum = 0;
    int n = 0;
    for (const std::uint32_t i : sample) {
      if (const auto f = column.counts[i].f()) {
        sum += *f;
        ++n;
      }
    }
    return n == 0 ? std::nullopt : std::optional<double>(sum / n);
  });
  if (!column.slots.empty()) {
    summary.slots.emplace();
    for (const Counts& counts : column.slots) *summary.slots += counts;
  }
}

void add_pair_figures(const Column& column, ClassSummary& summary) {
  std::vector<double> errors_s;
  std::vector<double> reference;
  std::vector<double> estimated;
  for (const ClassScore* score : column.scores) {
    for (const MatchedPair& pair : score->pairs) {
      errors_s.push_back(pair.error_s);
      if (pair.reference_velocity > 0 && pair.estimated_velocity > 0) {
        reference.push_back(pair.reference_velocity);
        estimated.push_back(pair.estimated_velocity);
      }
    }
  }
  summary.median_error_s = quantile(errors_s, 0.5);
  const auto first = quantile(errors_s, 0.25);
  const auto third = quantile(errors_s, 0.75);
  if (first && third) summary.spread_s = *third - *first;
  summary.velocity_r = correlation(reference, estimated);
}

Column column_of(const std::vector<RecordingScore>& recordings, std::size_t drum) {
  Column column;
  for (const RecordingScore& recording : recordings) {
    column.counts.push_back(recording.classes[drum].counts);
    column.scores.push_back(&recording.classes[drum]);
    if (recording.slots) column.slots.push_back((*recording.slots)[drum]);
  }
  return column;
}

Column column_of_all(const std::vector<RecordingScore>& recordings) {
  Column column;
  for (const RecordingScore& recording : recordings) {
    column.counts.push_back(recording.total());
    for (const ClassScore& score : recording.classes) column.scores.push_back(&score);
    if (recording.slots) {
      column.slots.emplace_back();
      for (const Counts& counts : *recording.slots) column.slots.back() += counts;
    }
  }
  return column;
}

ClassSummary summarise_column(const std::string& id, const Column& column,
                              const Resamples& resamples) {
  ClassSummary summary;
  summary.id = id;
  add_f_figures(column, resamples, summary);
  add_pair_figures(column, summary);
  return summary;
}

std::optional<BeatScore> mean_beats(const std::vector<RecordingScore>& recordings) {
  BeatScore sum;
  int n = 0;
  for (const RecordingScore& recording : recordings) {
    if (!recording.beats) continue;
    ++n;
    sum.f += recording.beats->f;
    sum.downbeat_f += recording.beats->downbeat_f;
    sum.cml_t += recording.beats->cml_t;
    sum.aml_t += recording.beats->aml_t;
  }
  if (n == 0) return std::nullopt;
  return BeatScore{sum.f / n, sum.downbeat_f / n, sum.cml_t / n, sum.aml_t / n};
}

}  // namespace

Summary summarise(const std::vector<RecordingScore>& recordings, const Vocabulary& vocabulary) {
  const Resamples resamples(recordings.size());
  Summary summary;
  summary.all = summarise_column("all", column_of_all(recordings), resamples);
  std::vector<double> defined;
  for (std::size_t drum = 0; drum < vocabulary.classes.size(); ++drum) {
    summary.classes.push_back(
        summarise_column(vocabulary.classes[drum], column_of(recordings, drum), resamples));
    if (const auto f = summary.classes.back().counts.f()) defined.push_back(*f);
  }
  summary.macro_f = mean(defined);
  summary.beats = mean_beats(recordings);
  return summary;
}

}  // namespace fyr
