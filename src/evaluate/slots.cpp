// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

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

/// For each shift from -reach on, how many estimated hits have a reference hit of their drum within
/// the window: no more can be right.
std::vector<int> most_right(const std::vector<Ticks>& truth, const WrittenPart& estimate,
                            const std::vector<double>& reference_bars, int reach) {
  std::map<std::pair<int, double>, std::vector<int>> bars_of;  // By drum and tick.
  for (const auto& hit : estimate.hits) bars_of[{hit.drum, hit.tick}].push_back(hit.bar);
  const auto starts = bar_starts(reference_bars);
  std::vector<int> most(static_cast<std::size_t>(2 * reach + 1), 0);
  for (const auto& [place, bars] : bars_of) {
    const Ticks& lane = truth[static_cast<std::size_t>(place.first)];
    for (std::size_t i = 0; i < reference_bars.size(); ++i) {
      const double tick = starts[i] + place.second;
      const auto near = std::lower_bound(lane.begin(), lane.end(), tick - kSlotWindow_ticks);
      const bool has_partner = place.second < reference_bars[i] && near != lane.end() &&
                               *near <= tick + kSlotWindow_ticks;
      if (!has_partner) continue;
      for (const int bar : bars) {
        const int shift = static_cast<int>(i) - bar;
        if (std::abs(shift) <= reach) ++most[static_cast<std::size_t>(shift + reach)];
      }
    }
  }
  return most;
}

/// Which of two shifts that give as many right hits is taken.
bool preferred(int shift, int other) {
  if (shift == 0 || other == 0) return shift == 0 && other != 0;
  return shift < other;
}

}  // namespace

std::vector<Counts> score_slots(const WrittenPart& reference, const WrittenPart& estimate,
                                const Vocabulary& vocabulary) {
  const std::size_t n = vocabulary.classes.size();
  const auto truth = placed(reference, reference.bar_ticks, 0, -kFar, n);
  const int reach =
      static_cast<int>(std::max(reference.bar_ticks.size(), estimate.bar_ticks.size()));
  const std::vector<int> most = most_right(truth, estimate, reference.bar_ticks, reach);
  const auto most_at = [&](int shift) { return most[static_cast<std::size_t>(shift + reach)]; };
  std::vector<int> shifts(most.size());
  std::iota(shifts.begin(), shifts.end(), -reach);
  std::ranges::sort(shifts, [&](int a, int b) {
    return most_at(a) != most_at(b) ? most_at(a) > most_at(b) : preferred(a, b);
  });

  int best_shift = 0;
  std::vector<Counts> best = count(truth, placed(estimate, reference.bar_ticks, 0, kFar, n));
  for (const int shift : shifts) {
    if (most_at(shift) < n_right(best)) break;
    if (shift == 0 || (most_at(shift) == n_right(best) && !preferred(shift, best_shift))) continue;
    auto counts = count(truth, placed(estimate, reference.bar_ticks, shift, kFar, n));
    const int gain = n_right(counts) - n_right(best);
    if (gain > 0 || (gain == 0 && preferred(shift, best_shift))) {
      best = std::move(counts);
      best_shift = shift;
    }
  }
  return best;
}

}  // namespace fyr
