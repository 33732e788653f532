// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/move_bars.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "rhythm/time_map.hpp"

namespace fyr::rhythm {
namespace {

TEST(MoveBars, APickupMovesBarLinesTheShorterWay) {
  const Meter five{5, 4};
  const Meter three{3, 4};
  BarPlan plan;
  for (const Meter& meter : {five, five, three, three}) {
    plan.bars.push_back({meter, meter.bar_ticks(), 0, 0, {}});
  }
  plan.knots = {{0, 0}, {16 * kTicksPerQuarter, 8}};
  set_pickup(plan, 2, 7.9, 4);  // The first stroke is on the fifth beat.
  EXPECT_EQ(plan.bars[0].length, 4 * kTicksPerQuarter);
  EXPECT_EQ(plan.bars[1].meter, three) << "in place of the beat after it, not nine beats later";
}

TEST(MoveBars, WhatIsSilentBeforeTheFirstStrokeIsNoPickup) {
  const Meter meter{4, 4};
  // Bars at 120 from `start_s` on, the first of `length` ticks; the first stroke stands at `tick`.
  const auto opened = [&](Tick length, double start_s, Tick tick) {
    const auto n_quarters = static_cast<std::size_t>(length / kTicksPerQuarter);
    BarPlan plan{{{meter, length, 0, 0, std::vector<Grid>(n_quarters, Grid::Straight)},
                  {meter, meter.bar_ticks(), 0, 0, std::vector<Grid>(4, Grid::Straight)}},
                 {{0, start_s}, {4800, start_s + 5}}};
    const Tick silent = drop_silent_opening(plan, tick);
    EXPECT_NEAR(TimeMap(plan.knots).time_at(0), start_s + silent / 960.0, 1e-9);
    const Bar& first = plan.bars.front();
    EXPECT_EQ(first.grids.size(), static_cast<std::size_t>((first.length + 479) / 480));
    return std::pair(first.length, silent);
  };
  EXPECT_EQ(opened(960, 3, 240), std::pair(960, 0));
  EXPECT_EQ(opened(960, 3, 720), std::pair(480, 480)) << "from the beat on";
  EXPECT_EQ(opened(720, 3, 480), std::pair(480, 240)) << "beats are counted from the bar line";
  EXPECT_EQ(opened(960, 3, 960), std::pair(1920, 960)) << "no pickup at all";
  EXPECT_EQ(opened(1920, 3, 720), std::pair(1920, 0)) << "a whole bar";
  EXPECT_EQ(opened(1920, -0.75, 720), std::pair(1200, 720)) << "one before the recording";
  EXPECT_EQ(opened(960, -0.75, 720), std::pair(240, 720)) << "from the stroke on";
  EXPECT_EQ(opened(960, -0.66, 640), std::pair(480, 480)) << "a third of a beat";
}

}  // namespace
}  // namespace fyr::rhythm
