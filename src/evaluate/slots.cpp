// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstddef>
#include <limits>

#include "fyr/scoring.hpp"

namespace fyr {
namespace {

/// Half a sixteenth: the written place is nearer than the next one on a grid of sixteenths.
constexpr double kSlotWindow_ticks = kTicksPerQuarter / 8.0;

constexpr double kFar = std::numeric_limits<double>::infinity();

using Ticks = std::vector<double>;

std::vector<double> bar_starts(const std::vector<double>& bar_ticks) {
  std::vector<double> starts{0};
  for (const double length : bar_ticks) starts.push_back(starts.back() + length);
  return starts;
}

/// Ticks from the reference's start, per class; what stands in no reference bar goes to `nowhere`.
std::vector<Ticks> placed(const WrittenPart& part, const std::vector<double>& reference_bars,
                          int shift, double nowhere, std::size_t n_classes) {
  const auto starts = bar_starts(reference_bars);
  std::vector<Ticks> lanes(n_classes);
  for (const auto& hit : part.hits) {
    const int bar = hit.bar + shift;
    const bool inside = bar >= 0 && bar < static_cast<int>(reference_bars.size()) &&
                        hit.tick < reference_bars[static_cast<std::size_t>(bar)];
    lanes[static_cast<std::size_t>(hit.drum)].push_back(
        inside ? starts[static_cast<std::size_t>(bar)] + hit.tick : nowhere);
  }
  for (Ticks& lane : lanes) std::sort(lane.begin(), lane.end());
  return lanes;
}

std::vector<Counts> count(const std::vector<Ticks>& reference, const std::vector<Ticks>& estimate) {
  std::vector<Counts> counts;
  for (std::size_t drum = 0; drum < reference.size(); ++drum) {
    const int n_pairs =
        static_cast<int>(match_times(reference[drum], estimate[drum], kSlotWindow_ticks).size());
    counts.push_back({n_pairs, static_cast<int>(estimate[drum].size()) - n_pairs,
                      static_cast<int>(reference[drum].size()) - n_pairs});
  }
  return counts;
}

int n_right(const std::vector<Counts>& counts) {
  int sum = 0;
  for (const Counts& c : counts) sum += c.tp;
  return sum;
}

}  // namespace

std::vector<Counts> score_slots(const WrittenPart& reference, const WrittenPart& estimate,
                                const Vocabulary& vocabulary) {
  const std::size_t n = vocabulary.classes.size();
  const auto truth = placed(reference, reference.bar_ticks, 0, -kFar, n);
  const int reach =
      static_cast<int>(std::max(reference.bar_ticks.size(), estimate.bar_ticks.size()));
  std::vector<Counts> best = count(truth, placed(estimate, reference.bar_ticks, 0, kFar, n));
  for (int shift = -reach; shift <= reach; ++shift) {
    auto counts = count(truth, placed(estimate, reference.bar_ticks, shift, kFar, n));
    if (n_right(counts) > n_right(best)) best = std::move(counts);
  }
  return best;
}

}  // namespace fyr
