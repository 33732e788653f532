// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>
#include <utility>

#include "evaluate/first_whole_bar.hpp"
#include "fyr/scoring.hpp"

namespace fyr {
namespace {

/// Half a sixteenth: the written place is nearer than the next one on a grid of sixteenths.
constexpr double kSlotWindow_ticks = kTicksPerQuarter / 8.0;

constexpr double kFar = std::numeric_limits<double>::infinity();

using Ticks = std::vector<double>;

/// Where a hit stands in its own bar.
struct Place {
  double tick = 0;
  double bar_ticks = 0;       ///< 0 = unknown.
  bool before_whole = false;  ///< Of the bars before the first whole one.

  bool operator<(const Place& other) const {
    const auto all = [](const Place& p) { return std::tuple(p.tick, p.bar_ticks, p.before_whole); };
    return all(*this) < all(other);
  }
};

Place place_of(const WrittenPart::Hit& hit, const WrittenPart& part) {
  const auto bar = static_cast<std::size_t>(hit.bar);
  if (bar >= part.bar_ticks.size()) return {hit.tick};
  return {hit.tick, part.bar_ticks[bar], bar < first_whole_bar(part.bar_ticks)};
}

/// The reference's bars.
class Bars {
 public:
  explicit Bars(const std::vector<double>& ticks)
      : ticks_(ticks), n_before_whole_(static_cast<int>(first_whole_bar(ticks))) {
    for (const double length : ticks) starts_.push_back(starts_.back() + length);
  }

  int size() const { return static_cast<int>(ticks_.size()); }
  /// From the reference's start.
  double start(int bar) const { return starts_[static_cast<std::size_t>(bar)]; }

  /// Ticks from the reference's start, or none where that bar has no such place. An upbeat is as
  /// far from the end of its bar, whether that is written whole or not.
  std::optional<double> tick_of(const Place& place, int bar) const {
    if (bar < 0 || bar >= size()) return {};
    const double length = ticks_[static_cast<std::size_t>(bar)];
    const bool upbeat = place.bar_ticks > 0 && (place.before_whole || bar < n_before_whole_);
    const double tick = upbeat ? place.tick + length - place.bar_ticks : place.tick;
    if (tick < 0 || tick >= length) return {};
    return start(bar) + tick;
  }

 private:
  const std::vector<double>& ticks_;
  int n_before_whole_;
  std::vector<double> starts_{0};
};

/// Ticks from the reference's start, per class; what stands in no reference bar goes to `nowhere`.
std::vector<Ticks> placed(const WrittenPart& part, const Bars& bars, int shift, double nowhere,
                          std::size_t n_classes) {
  std::vector<Ticks> lanes(n_classes);
  for (const auto& hit : part.hits) {
    lanes[static_cast<std::size_t>(hit.drum)].push_back(
        bars.tick_of(place_of(hit, part), hit.bar + shift).value_or(nowhere));
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

/// How many hits a bar has at some place.
struct InBar {
  int bar = 0;
  int n_hits = 0;
};

/// The hits of one drum.
using ByPlace = std::map<Place, std::vector<InBar>>;

/// For each shift from -reach on, adds the most pairs that one drum has in any of the bars, each
/// taken for itself.
void add_most_pairs(const Ticks& truth, const ByPlace& estimate, const Bars& bars, int reach,
                    std::vector<int>& most) {
  struct Pairing {
    int n_pairs = 0;
    int next = 0;  ///< The first reference hit that is left.
  };
  std::vector<Pairing> pairings;  // By the estimate's bar.
  std::vector<int> others;        // Those that have any.
  for (int bar = 0; bar < bars.size(); ++bar) {
    for (const auto& [place, in_bars] : estimate) {
      const auto tick = bars.tick_of(place, bar);
      if (!tick) continue;
      const auto near = std::ranges::lower_bound(truth, *tick - kSlotWindow_ticks);
      const auto far = std::upper_bound(near, truth.end(), *tick + kSlotWindow_ticks);
      if (near == far) continue;
      const int first = static_cast<int>(near - truth.begin());
      const int end = static_cast<int>(far - truth.begin());
      for (const auto& [other, n_hits] : in_bars) {
        const auto at = static_cast<std::size_t>(other);
        if (at >= pairings.size()) pairings.resize(at + 1);
        Pairing& pairing = pairings[at];
        if (pairing.n_pairs == 0) others.push_back(other);
        // A bar's places ascend, so the first that is left is the best.
        const int from = std::max(first, pairing.next);
        const int n = std::clamp(end - from, 0, n_hits);
        pairing.n_pairs += n;
        pairing.next = from + n;
      }
    }
    for (const int other : others) {
      Pairing& pairing = pairings[static_cast<std::size_t>(other)];
      const int shift = bar - other;
      if (std::abs(shift) <= reach) {
        most.begin()[shift + reach] += pairing.n_pairs;
      }
      pairing = {};
    }
    others.clear();
  }
}

/// For each shift from -reach on: no more hits can be right.
std::vector<int> most_right(const std::vector<Ticks>& truth, const WrittenPart& estimate,
                            const Bars& bars, int reach) {
  std::vector<ByPlace> drums(truth.size());
  for (const auto& hit : estimate.hits) {
    auto& in_bars = drums[static_cast<std::size_t>(hit.drum)][place_of(hit, estimate)];
    if (in_bars.empty() || in_bars.back().bar != hit.bar) in_bars.push_back({hit.bar, 0});
    ++in_bars.back().n_hits;
  }
  std::vector<int> most(static_cast<std::size_t>(2 * reach + 1), 0);
  for (std::size_t drum = 0; drum < truth.size(); ++drum) {
    add_most_pairs(truth[drum], drums[drum], bars, reach, most);
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
  const Bars bars(reference.bar_ticks);
  const auto truth = placed(reference, bars, 0, -kFar, n);
  const int reach =
      static_cast<int>(std::max(reference.bar_ticks.size(), estimate.bar_ticks.size()));
  const std::vector<int> most = most_right(truth, estimate, bars, reach);
  const auto most_at = [&](int shift) { return most.begin()[shift + reach]; };
  std::vector<int> shifts(most.size());
  std::iota(shifts.begin(), shifts.end(), -reach);
  std::ranges::sort(shifts, [&](int a, int b) {
    return most_at(a) != most_at(b) ? most_at(a) > most_at(b) : preferred(a, b);
  });

  int best_shift = 0;
  std::vector<Counts> best = count(truth, placed(estimate, bars, 0, kFar, n));
  for (const int shift : shifts) {
    if (most_at(shift) < n_right(best)) break;
    if (shift == 0 || (most_at(shift) == n_right(best) && !preferred(shift, best_shift))) continue;
    auto counts = count(truth, placed(estimate, bars, shift, kFar, n));
    const int gain = n_right(counts) - n_right(best);
    if (gain > 0 || (gain == 0 && preferred(shift, best_shift))) {
      best = std::move(counts);
      best_shift = shift;
    }
  }
  return best;
}

}  // namespace fyr
