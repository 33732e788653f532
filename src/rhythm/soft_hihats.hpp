// SPDX-License-Identifier: GPL-3.0-or-later

/// Pedals that no foot plays.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "fyr/onsets.hpp"

namespace fyr::rhythm {

// By hand (docs/rhythm.md, "Programmed songs").
inline constexpr double kFastestFoot_s = 0.32;
inline constexpr double kWithHands_s = 0.06;

/// Of each onset, in time order, whether it is a pedal that stands for a soft hi-hat: less than
/// 0.32 s before or after another, and without a cymbal that the hands play. So drums are
/// programmed; a foot marks the beat more slowly, and with it the hands play on.
inline std::vector<bool> are_soft_hihats(const std::vector<Onset>& onsets) {
  std::vector<bool> soft(onsets.size(), false);
  const auto is_alone = [&](const Onset& pedal) {
    auto near = std::ranges::lower_bound(onsets, pedal.time_s - kWithHands_s, {}, &Onset::time_s);
    for (; near != onsets.end() && near->time_s <= pedal.time_s + kWithHands_s; ++near) {
      if (is_cymbal(near->drum) && near->drum != Drum::PedalHiHat) return false;
    }
    return true;
  };
  std::optional<std::size_t> before;
  for (std::size_t i = 0; i < onsets.size(); ++i) {
    if (onsets[i].drum != Drum::PedalHiHat) continue;
    if (before && onsets[i].time_s - onsets[*before].time_s < kFastestFoot_s) {
      soft[*before] = is_alone(onsets[*before]);
      soft[i] = is_alone(onsets[i]);
    }
    before = i;
  }
  return soft;
}

}  // namespace fyr::rhythm
