// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/move_bars.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "fyr/error.hpp"
#include "rhythm/fraction_text.hpp"
#include "rhythm/time_map.hpp"

namespace fyr::rhythm {
namespace {

/// A hit this little before a bar line is written on it.
constexpr double kEarly_ticks = kThirtySecond;

}  // namespace

void cover(BarPlan& plan, double first_s, double last_s) {
  Bar& opening = plan.bars.front();
  const double first_tick = TimeMap(plan.knots).tick_at(first_s);
  Tick missing = 0;
  if (first_tick < -kEarly_ticks) {
    missing = opening.meter.bar_ticks() - opening.length;
    opening.length += missing;
    const Bar bar = whole(opening.meter);
    std::size_t n_bars = 0;
    for (; first_tick + missing < -kEarly_ticks; missing += bar.length) ++n_bars;
    plan.bars.insert(plan.bars.begin(), n_bars, bar);
    for (Knot& knot : plan.knots) knot.tick += missing;
  }
  const double last_tick = TimeMap(plan.knots).tick_at(last_s);
  for (Tick end = end_tick(plan); last_tick > end - kEarly_ticks; end += plan.bars.back().length) {
    plan.bars.push_back(whole(plan.bars.back().meter));
  }
}

Tick drop_silent_opening(BarPlan& plan, Tick first_tick) {
  Bar& opening = plan.bars.front();
  const Meter meter = opening.meter;
  const bool is_pickup = opening.length < meter.bar_ticks();
  const bool before_recording = TimeMap(plan.knots).time_at(0) < -kBeforeRecording_s;
  const Tick beat = meter.beat_ticks();
  Tick silent = 0;
  if (before_recording && first_tick % kThirtySecond == 0) {
    silent = first_tick;
  } else if (before_recording || is_pickup) {
    silent = std::max(0, first_tick - (first_tick + before_pickup(opening, beat)) % beat);
  }
  silent = std::min(silent, opening.length);
  if (silent == 0) return 0;
  opening.length -= silent;
  const Tick grid = meter.grid_ticks();
  const auto n_grids = static_cast<std::ptrdiff_t>((opening.length + grid - 1) / grid);
  opening.grids.erase(opening.grids.begin(), opening.grids.end() - n_grids);
  if (opening.length == 0) plan.bars.erase(plan.bars.begin());
  for (Knot& knot : plan.knots) knot.tick -= silent;
  return silent;
}

PlaceInBar place_of(const BarPlan& plan, double time_s) {
  const double tick = TimeMap(plan.knots).tick_at(time_s);
  PlaceInBar place;
  Tick bar_end = plan.bars.front().length;
  while (place.bar + 1 < plan.bars.size() && tick >= bar_end - kEarly_ticks) {
    bar_end += plan.bars[++place.bar].length;
  }
  const Tick beat = plan.bars[place.bar].meter.beat_ticks();
  place.n_beats_left = static_cast<int>(std::ceil((bar_end - tick - kEarly_ticks) / beat));
  return place;
}

void set_pickup(BarPlan& plan, double first_s, double last_s, int n_beats) {
  const auto [bar, n_found] = place_of(plan, first_s);
  const Meter meter = plan.bars[bar].meter;
  const int bar_beats = meter.n_beats();
  if (n_beats >= bar_beats) {
    throw UsageError("pickup: must be less than the " + std::to_string(bar_beats) +
                     " beats of a bar in " + fraction_text(meter) +
                     ", in which the music begins; give the time signature if it is another");
  }
  const Tick beat = meter.beat_ticks();
  Tick bar_end = 0;
  for (std::size_t i = 0; i <= bar; ++i) bar_end += plan.bars[i].length;

  // Bar lines go the shorter way, so that meters change as near as can be to where they did.
  const int later = n_beats - n_found;
  const std::size_t next =
      2 * later < -bar_beats ? bar : (2 * later > bar_beats ? bar + 2 : bar + 1);
  BarPlan moved;
  if (n_beats > 0) moved.bars.push_back({meter, n_beats * beat, 0, 0, {}});
  const std::size_t n_opening = moved.bars.size();
  for (std::size_t i = next; i < plan.bars.size(); ++i) {
    moved.bars.push_back(whole(plan.bars[i].meter));
  }
  for (const Knot& knot : plan.knots) {
    moved.knots.push_back({knot.tick - bar_end + n_found * beat, knot.time_s});
  }
  if (moved.bars.size() == n_opening) moved.bars.push_back(whole(meter));
  const double last_tick = TimeMap(moved.knots).tick_at(last_s);
  while (moved.bars.size() > n_opening + 1 &&
         last_tick <= end_tick(moved) - moved.bars.back().length - kEarly_ticks) {
    moved.bars.pop_back();
  }
  plan = std::move(moved);
}

}  // namespace fyr::rhythm
