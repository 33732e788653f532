// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/swing.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace fyr::rhythm {
namespace {

/// The swing of four bars whose every beat has strokes at these phases.
Swing swing_of(const std::vector<double>& phases, int n_beats, std::size_t n_bars = 4) {
  std::vector<double> positions;
  for (int beat = 0; beat < n_beats; ++beat) {
    for (const double phase : phases) positions.push_back((beat + phase) * kTicksPerQuarter);
  }
  const Meter meter{4, 4};
  return find_swing(positions, std::vector<Bar>(n_bars, {meter, meter.bar_ticks(), 0, 0, {}}));
}

TEST(FindSwing, TakesEightLateOffbeatsThatAreNoTriplets) {
  EXPECT_NEAR(swing_of({0, 0.66}, 8).share, 0.66, 1e-9);
  EXPECT_TRUE(swing_of({0, 0.66}, 8).of_eighths());
  EXPECT_EQ(swing_of({0, 0.66}, 7), Swing{});
  EXPECT_NE(swing_of({0, 0.66}, 8, 100), Swing{});
  EXPECT_EQ(swing_of({0, 0.66}, 8, 101), Swing{}) << "one in fifty quarters at least";
  EXPECT_EQ(swing_of({0, 1.0 / 3, 2.0 / 3}, 16), Swing{});
  // However many drums are on the third.
  EXPECT_EQ(swing_of({0, 1.0 / 3, 2.0 / 3, 2.0 / 3, 2.0 / 3}, 16), Swing{});
}

TEST(FindSwing, HearsThatSixteenthsSwing) {
  const Swing hats = swing_of({0, 0.31, 0.5, 0.81}, 16);
  EXPECT_EQ(hats.unit, kTicksPerQuarter / 4);
  EXPECT_NEAR(hats.share, 0.62, 1e-9);
  EXPECT_EQ(swing_of({0, 0.25, 0.5, 0.75}, 16), Swing{});
  EXPECT_EQ(swing_of({0, 0.5, 0.875}, 16), Swing{}) << "dotted notes";
  EXPECT_EQ(swing_of({0, 0.28, 0.5, 0.78}, 16), Swing{}) << "a little late";
  // Of five beats two are triplets, whose second many drums play, and three have a plain sixteenth.
  std::vector<double> positions;
  for (int beat = 0; beat < 20; ++beat) {
    const std::vector<double> thirds{0, 1.0 / 3, 1.0 / 3, 1.0 / 3, 1.0 / 3, 2.0 / 3};
    const std::vector<double> sixteenth{0, 0.25};
    for (const double phase : beat % 5 < 2 ? thirds : sixteenth) {
      positions.push_back((beat + phase) * kTicksPerQuarter);
    }
  }
  const Meter meter{4, 4};
  EXPECT_EQ(find_swing(positions, std::vector<Bar>(5, {meter, meter.bar_ticks(), 0, 0, {}})),
            Swing{});
}

}  // namespace
}  // namespace fyr::rhythm
