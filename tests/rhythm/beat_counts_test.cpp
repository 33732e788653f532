// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/beat_counts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace fyr::rhythm {
namespace {

using ::testing::ElementsAre;

std::vector<Bar> bars_of(const std::vector<Meter>& meters) {
  std::vector<Bar> bars;
  for (const Meter& meter : meters) bars.push_back({meter, meter.bar_ticks(), 0, 0, {}});
  return bars;
}

TEST(StrokesInBars, AStrokeALittleBeforeABarLineIsOnIt) {
  const StrokesInBars two = strokes_in_bars(bars_of({{4, 4}, {4, 4}}), {0, 3.9});
  EXPECT_EQ(two.n_bars, 2);
  EXPECT_THAT(two.on_beat, ElementsAre(2, 0, 0, 0));
  const StrokesInBars other = strokes_in_bars(bars_of({{4, 4}, {3, 4}}), {1, 3.9});
  EXPECT_THAT(other.on_beat, ElementsAre(0, 1, 0, 0)) << "and so in a bar that does not count";
}

TEST(StrokesInBars, WhatComesBeforeTheFirstBarIsOnNoBeat) {
  const StrokesInBars strokes = strokes_in_bars(bars_of({{4, 4}}), {-1, -0.5, 0, 2});
  EXPECT_THAT(strokes.on_beat, ElementsAre(1, 0, 1, 0));
  EXPECT_THAT(strokes.before_beat, ElementsAre(0, 0, 0, 0));
}

}  // namespace
}  // namespace fyr::rhythm
