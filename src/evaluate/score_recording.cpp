// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstddef>

#include "fyr/scoring.hpp"

namespace fyr {
namespace {

/// Hits of one class, or those left over from all classes.
struct Lane {
  std::vector<double> times_s;
  std::vector<Hit> hits;

  void add(const Hit& hit) {
    times_s.push_back(hit.time_s);
    hits.push_back(hit);
  }
};

Lane lane_of(const std::vector<Hit>& hits, int drum) {
  Lane lane;
  for (const Hit& hit : hits) {
    if (hit.drum == drum) lane.add(hit);
  }
  return lane;
}

std::vector<bool> paired(const std::vector<std::pair<int, int>>& pairs, std::size_t n,
                         bool reference) {
  std::vector<bool> flags(n, false);
  for (const auto& [r, e] : pairs) flags[static_cast<std::size_t>(reference ? r : e)] = true;
  return flags;
}

Lane unpaired(const Lane& lane, const std::vector<bool>& has_partner) {
  Lane left;
  for (std::size_t i = 0; i < lane.hits.size(); ++i) {
    if (!has_partner[i]) left.add(lane.hits[i]);
  }
  return left;
}

ClassScore score_class(const Lane& reference, const Lane& estimate,
                       const std::vector<std::pair<int, int>>& pairs, const Lane& missed,
                       const Lane& extra) {
  ClassScore score;
  for (const auto& [r, e] : pairs) {
    const Hit& truth = reference.hits[static_cast<std::size_t>(r)];
    const Hit& heard = estimate.hits[static_cast<std::size_t>(e)];
    score.pairs.push_back({heard.time_s - truth.time_s, truth.velocity, heard.velocity});
  }
  score.missed_s = missed.times_s;
  score.extra_s = extra.times_s;
  score.counts = {static_cast<int>(pairs.size()), static_cast<int>(extra.hits.size()),
                  static_cast<int>(missed.hits.size())};
  return score;
}

void append(std::vector<Hit>& all, const Lane& lane) {
  all.insert(all.end(), lane.hits.begin(), lane.hits.end());
}

Lane by_time(std::vector<Hit> hits) {
  std::stable_sort(hits.begin(), hits.end(),
                   [](const Hit& a, const Hit& b) { return a.time_s < b.time_s; });
  Lane lane;
  for (const Hit& hit : hits) lane.add(hit);
  return lane;
}

}  // namespace

RecordingScore score_recording(const std::string& name, const std::vector<Hit>& reference,
                               const std::vector<Hit>& estimate, const Vocabulary& vocabulary,
                               double window_s) {
  const std::size_t n = vocabulary.classes.size();
  RecordingScore score;
  score.name = name;
  score.confusion.assign(n * n, 0);
  std::vector<Hit> all_missed;
  std::vector<Hit> all_extra;
  for (std::size_t drum = 0; drum < n; ++drum) {
    const Lane truth = lane_of(reference, static_cast<int>(drum));
    const Lane heard = lane_of(estimate, static_cast<int>(drum));
    const auto pairs = match_times(truth.times_s, heard.times_s, window_s);
    const Lane missed = unpaired(truth, paired(pairs, truth.hits.size(), true));
    const Lane extra = unpaired(heard, paired(pairs, heard.hits.size(), false));
    score.classes.push_back(score_class(truth, heard, pairs, missed, extra));
    score.confusion[drum * n + drum] = static_cast<int>(pairs.size());
    append(all_missed, missed);
    append(all_extra, extra);
  }

  // What was heard instead: the leftovers paired across classes.
  const Lane missed = by_time(std::move(all_missed));
  const Lane extra = by_time(std::move(all_extra));
  for (const auto& [r, e] : match_times(missed.times_s, extra.times_s, window_s)) {
    const auto row = static_cast<std::size_t>(missed.hits[static_cast<std::size_t>(r)].drum);
    const auto column = static_cast<std::size_t>(extra.hits[static_cast<std::size_t>(e)].drum);
    ++score.confusion[row * n + column];
  }
  return score;
}

}  // namespace fyr
