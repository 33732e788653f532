// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/place_hits.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace fyr::rhythm {
namespace {

/// When and how loud.
using Times = std::vector<std::pair<double, int>>;

std::vector<Onset> snares(const Times& times) {
  std::vector<Onset> onsets;
  for (const auto& [time_s, velocity] : times) {
    onsets.push_back({time_s, Drum::Snare, velocity, 0.9});
  }
  return onsets;
}

/// Hits of two snare strokes at those places that were both given to `tick`, the first as the
/// nearest; the first beat is in triplets, the second in straight notes.
std::vector<QuantisedHit> two_placed(Tick tick, double nearest, double other) {
  const std::vector<double> positions{nearest, other};
  std::vector<Stroke> strokes;
  for (const double position : positions) {
    strokes.push_back({{position / 960, Drum::Snare, 90, 1}, 1, position / 960, position / 960});
  }
  const Meter meter{4, 4};
  const Bar bar{meter,
                meter.bar_ticks(),
                0,
                2,
                {Grid::Triplet, Grid::Straight, Grid::Straight, Grid::Straight}};
  return place_hits(strokes, {tick, tick}, positions, {bar}, kThirtySecond);
}

TEST(PlaceHits, ASecondStrokeTakesTheNextFinerPlaceIfItIsNearIt) {
  const auto apart = two_placed(480, 480, 505);
  ASSERT_EQ(apart.size(), 2U);
  EXPECT_EQ(apart[1].tick, 540);
  const auto joined = two_placed(480, 480, 488);
  ASSERT_EQ(joined.size(), 1U);
  EXPECT_EQ(joined[0].n_strokes, 2);
}

TEST(PlaceHits, JustBeforeABeatTheBeatBeforeDecidesHowFine) {
  const auto hits = two_placed(480, 480, 425);
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_EQ(hits[0].tick, 400);
}

/// Hits at a tempo of 120 in one bar of straight beats; each stroke stands on the last of `ticks`
/// that is not after it.
std::vector<QuantisedHit> placed(const Times& times, const std::vector<Tick>& ticks) {
  const Meter meter{4, 4};
  const Bar bar{meter, meter.bar_ticks(), 0, 2, std::vector<Grid>(4, Grid::Straight)};
  const std::vector<Stroke> strokes = gather_strokes(snares(times));
  std::vector<Tick> stands;
  std::vector<double> positions;
  for (const Stroke& stroke : strokes) {
    positions.push_back(stroke.onset.time_s * 2 * kTicksPerQuarter);
    for (const Tick tick : ticks) {
      if (positions.back() < tick) continue;
      if (stands.size() == positions.size()) stands.pop_back();
      stands.push_back(tick);
    }
  }
  return place_hits(strokes, stands, positions, {bar}, kThirtySecond);
}

TEST(PlaceHits, AStrokeBeforeABarLineMayTakeThe32ndThere) {
  const Meter meter{4, 4};
  const Bar bar{meter, meter.bar_ticks(), 0, 2, std::vector<Grid>(4, Grid::Straight)};
  const auto kick = [](double time_s) {
    return Stroke{{time_s, Drum::Kick, 90, 0.9}, 1, time_s, time_s};
  };
  const std::vector<QuantisedHit> hits =
      place_hits({kick(1.934), kick(2.059)}, {1920, 1920}, {1857, 1977}, {bar, bar}, 60);
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_EQ(std::pair(hits[0].bar, hits[0].tick), std::pair(0, 1860));
  EXPECT_EQ(std::pair(hits[1].bar, hits[1].tick), std::pair(1, 0));
}

TEST(PlaceHits, TwoStrokesOfAFootAreNoRoll) {
  const Meter meter{4, 4};
  const Bar bar{meter, meter.bar_ticks(), 0, 2, std::vector<Grid>(4, Grid::Straight)};
  for (const Drum drum : {Drum::Kick, Drum::Snare}) {
    const Stroke first{{0.46, drum, 90, 0.9}, 1, 0.46, 0.46};
    const Stroke second{{0.55, drum, 90, 0.9}, 1, 0.55, 0.55};
    const std::vector<QuantisedHit> hits =
        place_hits({first, second}, {480, 480}, {470, 490}, {bar}, 60);
    ASSERT_EQ(hits.size(), 1U);
    EXPECT_EQ(hits[0].n_strokes, 2);
    EXPECT_EQ(hits[0].ornament, drum == Drum::Kick ? Ornament::None : Ornament::Roll);
  }
}

TEST(PlaceHits, WhatJoinsAStrokeOfARunIsNoGraceNote) {
  const auto alone = placed({{0.500, 90}, {0.512, 90}}, {240, 480});
  ASSERT_EQ(alone.size(), 1U);
  EXPECT_EQ(alone[0].ornament, Ornament::Flam);
  const auto in_run = placed({{0.400, 90}, {0.500, 90}, {0.512, 90}}, {240, 480});
  ASSERT_EQ(in_run.size(), 2U);
  EXPECT_EQ(in_run[1].n_strokes, 2);
  EXPECT_EQ(in_run[1].ornament, Ornament::None);
  const auto before_run = placed({{0.500, 90}, {0.512, 90}, {0.570, 90}}, {240, 480, 540});
  ASSERT_EQ(before_run.size(), 2U);
  EXPECT_EQ(before_run[0].ornament, Ornament::None);
  const auto softer = placed({{0.400, 90}, {0.500, 60}, {0.530, 90}}, {240, 480});
  ASSERT_EQ(softer.size(), 2U);
  EXPECT_EQ(softer[1].ornament, Ornament::Flam);
}

}  // namespace
}  // namespace fyr::rhythm
