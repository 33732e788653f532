// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "fyr/onsets.hpp"
#include "onsets/take_best_first.hpp"

namespace fyr {
namespace {

constexpr std::size_t kNHands = 2;

/// Whether the drummer can play the onset together with those that are `taken`.
bool is_possible(std::size_t at, const std::vector<Onset>& onsets, const std::vector<bool>& taken,
                 double alone_s) {
  const Onset& onset = onsets[at];
  const double reach_s = std::max(alone_s, kLeastChange_s);
  std::size_t first = at;
  while (first > 0 && onset.time_s - onsets[first - 1].time_s < reach_s) --first;
  std::set<Drum> in_other_hands;
  for (std::size_t k = first; k < onsets.size() && onsets[k].time_s - onset.time_s < reach_s; ++k) {
    const Drum other = onsets[k].drum;
    const double distance_s = std::abs(onsets[k].time_s - onset.time_s);
    if (!taken[k] || other == onset.drum) continue;
    if (distance_s < kLeastChange_s && takes_time_between(onset.drum, other)) return false;
    if (distance_s >= alone_s) continue;
    if (is_one_stroke(onset.drum, other)) return false;
    if (takes_a_hand(other)) in_other_hands.insert(other);
  }
  return !takes_a_hand(onset.drum) || in_other_hands.size() < kNHands;
}

}  // namespace

std::vector<Onset> drop_impossible(const std::vector<Onset>& onsets,
                                   const PerDrum<PeakPicking>& settings) {
  const auto standing = [&](const Onset& onset) {
    return std::tuple(onset.confidence - settings[index_of(onset.drum)].threshold, onset.drum);
  };
  return take_best_first(onsets, standing, [&](std::size_t i, const std::vector<bool>& taken) {
    return is_possible(i, onsets, taken, settings[index_of(onsets[i].drum)].alone_s);
  });
}

}  // namespace fyr
