// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/refine.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace fyr::rhythm {
namespace {

constexpr int kSteps = 32;

/// Where steps of `ticks`, half a second each, end up that are struck `late_s` after `places`.
double moved_s(Tick ticks, const std::vector<double>& places, const std::vector<double>& late_s) {
  constexpr double kStep_s = 0.5;
  std::vector<Knot> knots;
  for (int i = 0; i <= kSteps; ++i) knots.push_back({i * ticks, i * kStep_s});
  std::vector<Onset> onsets;
  for (int i = 0; i < kSteps; ++i) {
    for (std::size_t k = 0; k < places.size(); ++k) {
      onsets.push_back({(i + places[k]) * kStep_s + late_s[k], Drum::Kick, 90, 1});
    }
  }
  refine(knots, onsets);
  return knots[kSteps / 2].time_s - kSteps / 2 * kStep_s;
}

TEST(Refine, BeatsGoWhereTheyAreStruck) {
  EXPECT_NEAR(moved_s(kTicksPerQuarter, {0}, {0.02}), 0.02, 0.003);
  EXPECT_NEAR(moved_s(kTicksPerQuarter, {0, 0.5}, {0, 0.02}), 0.005, 0.003) << "mostly";
}

TEST(Refine, TheEighthsOfADottedBeatPullAlike) {
  constexpr Tick kDotted = kTicksPerQuarter * 3 / 2;
  const double by_second_s = moved_s(kDotted, {0, 1. / 3, 2. / 3}, {0, 0.02, 0});
  const double by_third_s = moved_s(kDotted, {0, 1. / 3, 2. / 3}, {0, 0, 0.02});
  EXPECT_NEAR(by_second_s, by_third_s, 0.001);
  EXPECT_LT(by_third_s, 0.006) << "less than the beat";
}

TEST(Refine, ScatterMovesNothing) {
  for (const Tick ticks : {kTicksPerQuarter, kTicksPerQuarter * 3 / 2}) {
    std::vector<Knot> knots;
    std::vector<Onset> onsets;
    for (int i = 0; i <= kSteps; ++i) {
      knots.push_back({i * ticks, 0.5 * i});
      onsets.push_back({0.5 * i + (i % 2 == 0 ? -0.012 : 0.012), Drum::Kick, 90, 1});
    }
    refine(knots, onsets);
    EXPECT_NEAR((knots[kSteps / 2].time_s + knots[kSteps / 2 + 1].time_s) / 2,
                0.5 * (kSteps / 2) + 0.25, 0.001);
  }
}

TEST(Refine, HitsFarFromTheStepsPullNothing) {
  std::vector<Knot> knots;
  std::vector<Onset> onsets;
  for (int i = 10; i > 0; --i) onsets.push_back({-0.5 * i - 0.03, Drum::Kick, 90, 1});
  for (int i = 0; i <= kSteps; ++i) {
    knots.push_back({i * kTicksPerQuarter, 0.5 * i});
    onsets.push_back({0.5 * i, Drum::Kick, 90, 1});
  }
  refine(knots, onsets);
  EXPECT_NEAR(knots.front().time_s, 0, 0.001);
  EXPECT_NEAR(knots[1].time_s, 0.5, 0.001);
}

}  // namespace
}  // namespace fyr::rhythm
