// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <utility>

#include "fyr/rhythm.hpp"

namespace fyr {

Tick Meter::beat_ticks() const {
  const bool compound = denominator == 8 && numerator % 3 == 0 && numerator > 3;
  return (compound ? 3 : 1) * 4 * kTicksPerQuarter / denominator;
}

bool is_known(const Meter& meter) {
  const int by = meter.denominator;
  return meter.numerator >= 1 && meter.numerator <= 32 &&
         (by == 2 || by == 4 || by == 8 || by == 16);
}

Meter counted_meter(const std::vector<Bar>& bars) {
  std::map<Tick, int> n_of_beat;
  std::map<std::pair<int, int>, int> n_of_meter;
  const auto name = [](const Meter& meter) {
    return std::pair(meter.numerator, meter.denominator);
  };
  for (const Bar& bar : bars) {
    ++n_of_beat[bar.meter.beat_ticks()];
    ++n_of_meter[name(bar.meter)];
  }
  const auto n_alike = [&](const Bar& bar) {
    return std::pair(n_of_beat[bar.meter.beat_ticks()], n_of_meter[name(bar.meter)]);
  };
  return std::ranges::max_element(bars, {}, n_alike)->meter;
}

std::vector<Bar> played_bars(const Rhythm& rhythm) {
  std::vector<Bar> bars;
  int last = -1;
  for (const QuantisedHit& hit : rhythm.hits) {
    if (hit.bar > last) bars.push_back(rhythm.bars[static_cast<std::size_t>(hit.bar)]);
    last = hit.bar;
  }
  return bars.empty() ? rhythm.bars : bars;
}

}  // namespace fyr
