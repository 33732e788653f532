// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/soft_hihats.hpp"

#include <algorithm>
#include <cstddef>

namespace fyr::rhythm {
namespace {

// By hand (docs/rhythm.md, "Programmed songs").
constexpr double kFastestFoot_s = 0.32;
constexpr double kWithHands_s = 0.06;  ///< A foot may come 50 ms early.
constexpr std::size_t kFewest = 3;
constexpr double kShareAlone = 0.75;  ///< Of such a run.

/// Whether the hands play no cymbal with it.
bool is_alone(const Onset& pedal, const std::vector<Onset>& onsets) {
  auto near = std::ranges::lower_bound(onsets, pedal.time_s - kWithHands_s, {}, &Onset::time_s);
  for (; near != onsets.end() && near->time_s <= pedal.time_s + kWithHands_s; ++near) {
    if (is_cymbal(near->drum) && near->drum != Drum::PedalHiHat) return false;
  }
  return true;
}

}  // namespace

std::vector<bool> are_soft_hihats(const std::vector<Onset>& onsets) {
  std::vector<bool> soft(onsets.size(), false);
  std::vector<std::size_t> run;
  const auto end_run = [&] {
    const auto n_alone =
        std::ranges::count_if(run, [&](std::size_t i) { return is_alone(onsets[i], onsets); });
    if (run.size() >= kFewest &&
        static_cast<double>(n_alone) >= kShareAlone * static_cast<double>(run.size())) {
      for (const std::size_t i : run) soft[i] = true;
    }
    run.clear();
  };
  for (std::size_t i = 0; i < onsets.size(); ++i) {
    if (onsets[i].drum != Drum::PedalHiHat) continue;
    if (!run.empty() && onsets[i].time_s - onsets[run.back()].time_s >= kFastestFoot_s) end_run();
    run.push_back(i);
  }
  end_run();
  return soft;
}

}  // namespace fyr::rhythm
