// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/repetition.hpp"

#include <algorithm>
#include <array>

namespace fyr::rhythm {
namespace {

// By hand; repetition.hpp tells what they mean.
constexpr double kGain = 15;
constexpr float kClearGain = 4;
constexpr int kLeastClear = 6;  ///< Seconds.
constexpr double kReach_s = 6;
/// Hits that have no like, as if there were so many in any stretch: few hits say little.
constexpr double kUnlike = 8;
constexpr double kEarly_s = 0.03;  ///< A hit so little before a slot belongs to it.
constexpr std::size_t kFourQuarters = 8;

/// An eighth of the recording and how often kick, snare and toms are hit in it.
struct Slot {
  double time_s = 0;
  std::array<int, 3> hits{};
};

std::vector<Slot> slots_of(const Evidence& evidence, const std::vector<Pulse>& pulses,
                           const std::vector<MeterChoice>& meters) {
  std::vector<Slot> slots;
  for (const Pulse& pulse : pulses) {
    const auto steps = steps_of(meters[static_cast<std::size_t>(pulse.meter)].meter);
    const Tick ticks = steps[static_cast<std::size_t>(pulse.step)].ticks;
    const int n = std::max(1, 2 * ticks / kTicksPerQuarter);
    for (int i = 0; i < n; ++i) {
      slots.push_back({pulse.time_s + (pulse.end_s - pulse.time_s) * i / n, {}});
    }
  }
  if (slots.empty()) return slots;  // no pulse was found, so there is nothing to fill
  std::size_t slot = 0;
  for (const PartHit& hit : evidence.hits) {
    const int kind = hit.part == Part::Kick    ? 0
                     : hit.part == Part::Snare ? 1
                     : hit.part == Part::Tom   ? 2
                                               : -1;
    if (kind < 0) continue;
    const double time_s = evidence.seconds_of(hit.frame) + kEarly_s;
    while (slot + 1 < slots.size() && time_s >= slots[slot + 1].time_s) ++slot;
    ++slots[slot].hits[static_cast<std::size_t>(kind)];
  }
  return slots;
}

/// Dice's coefficient of the slots from `first` to before `last` and those `lag` later, with
/// kUnlike more that differ.
double similarity(const std::vector<Slot>& slots, std::size_t first, std::size_t last,
                  std::size_t lag) {
  int common = 0;
  int all = 0;
  for (std::size_t i = first; i + lag < last; ++i) {
    for (std::size_t kind = 0; kind < 3; ++kind) {
      common += 2 * std::min(slots[i].hits[kind], slots[i + lag].hits[kind]);
      all += slots[i].hits[kind] + slots[i + lag].hits[kind];
    }
  }
  return static_cast<double>(common) / (all + kUnlike);
}

/// How much better bars of `lag` slots repeat than four quarters, or two such bars than one or two
/// of four quarters: this where two of both have room twice.
double better(const std::vector<Slot>& slots, std::size_t first, std::size_t last,
              std::size_t lag) {
  const double usual = similarity(slots, first, last, kFourQuarters);
  const double next = similarity(slots, first, last, lag) - usual;
  if (lag > kFourQuarters || last < first + 4 * kFourQuarters) return next;
  const double two = similarity(slots, first, last, 2 * kFourQuarters);
  return std::max(next, similarity(slots, first, last, 2 * lag) - std::max(usual, two));
}

}  // namespace

std::vector<std::vector<float>> meter_gains(const Evidence& evidence,
                                            const std::vector<Pulse>& pulses,
                                            const std::vector<MeterChoice>& meters) {
  const std::vector<Slot> slots = slots_of(evidence, pulses, meters);
  std::vector<std::vector<float>> gains;
  int n_clear = 0;
  std::size_t first = 0;
  std::size_t last = 0;
  for (double time_s = evidence.seconds_of(0); time_s < evidence.seconds_of(evidence.n_frames) + 1;
       time_s += 1) {
    while (first < slots.size() && slots[first].time_s < time_s - kReach_s) ++first;
    while (last < slots.size() && slots[last].time_s < time_s + kReach_s) ++last;
    std::vector<float> now(meters.size(), 0.0F);
    float best = 0;
    for (std::size_t m = 0; m < meters.size(); ++m) {
      const auto lag = static_cast<std::size_t>(2 * meters[m].meter.bar_ticks() / kTicksPerQuarter);
      // A bar of less than an eighth has no lag of its own.
      if (lag == 0 || kFourQuarters % lag == 0 || last < first + lag + kFourQuarters) continue;
      now[m] = static_cast<float>(kGain * better(slots, first, last, lag));
      best = std::max(best, now[m]);
    }
    n_clear += best >= kClearGain ? 1 : 0;
    for (float& gain : now) gain -= best;
    gains.push_back(now);
  }
  if (n_clear < kLeastClear) gains.clear();
  return gains;
}

}  // namespace fyr::rhythm
