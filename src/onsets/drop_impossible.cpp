// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <tuple>

#include "fyr/onsets.hpp"
#include "onsets/take_best_first.hpp"

namespace fyr {
namespace {

/// Whether hands that strike at these times, in order, would strike thrice in too short a time.
bool is_third_stroke(const std::vector<double>& times_s) {
  for (std::size_t i = 2; i < times_s.size(); ++i) {
    if (times_s[i] - times_s[i - 2] < kHandAgain_s) return true;
  }
  return false;
}

/// Whether the drummer can play the onset together with those that are `taken`.
bool is_possible(std::size_t at, const std::vector<Onset>& onsets, const std::vector<bool>& taken,
                 double alone_s) {
  const Onset& onset = onsets[at];
  const double again_s = least_again_s(onset.drum);
  const double reach_s = std::max({alone_s, kLeastChange_s, kHandAgain_s, again_s});
  std::size_t first = at;
  while (first > 0 && onset.time_s - onsets[first - 1].time_s < reach_s) --first;
  std::vector<double> hands_s;
  for (std::size_t k = first; k < onsets.size() && onsets[k].time_s - onset.time_s < reach_s; ++k) {
    const Drum other = onsets[k].drum;
    const double distance_s = std::abs(onsets[k].time_s - onset.time_s);
    if (k != at && !taken[k]) continue;
    if (takes_a_hand(other)) hands_s.push_back(onsets[k].time_s);
    if (k == at) continue;
    if (other == onset.drum) {
      if (distance_s < again_s) return false;
      continue;
    }
    const bool cymbals = is_cymbal(onset.drum) && is_cymbal(other);
    const double one_stroke_s = cymbals ? std::max(alone_s, kHandAgain_s) : alone_s;
    if (distance_s < one_stroke_s && is_one_stroke(onset.drum, other)) return false;
    if (distance_s < kLeastChange_s && takes_time_between(onset.drum, other)) return false;
  }
  return !takes_a_hand(onset.drum) || !is_third_stroke(hands_s);
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
