// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/quantise.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace fyr::rhythm {
namespace {

using ::testing::ElementsAre;

/// Two bars of 4/4.
BarPlan two_bars(double bpm) {
  const Meter meter{4, 4};
  const Bar bar{meter, meter.bar_ticks(), 0, 0, {}};
  return {{bar, bar}, {{0, 0}, {2 * meter.bar_ticks(), 8 * 60 / bpm}}};
}

struct Played {
  double quarter;
  Drum drum = Drum::Snare;
  double grace_quarters = 0;  ///< By how much a grace note comes before.
};

/// Where strokes that sound at these quarters of two bars are written, in ticks.
std::vector<Tick> written(const std::vector<Played>& played, const Swing& swing = {},
                          double bpm = 120) {
  std::vector<Stroke> strokes;
  std::vector<double> positions;
  for (const auto& [quarter, drum, grace_quarters] : played) {
    const double time_s = quarter * 60 / bpm;
    const double first_s = (quarter - grace_quarters) * 60 / bpm;
    strokes.push_back({{time_s, drum, 90, 1}, grace_quarters > 0 ? 2 : 1, first_s, time_s});
    positions.push_back(quarter * kTicksPerQuarter);
  }
  BarPlan plan = two_bars(bpm);
  return quantise(strokes, positions, plan, swing);
}

TEST(Quantise, TwoStrokesOfADrumWantAPlaceEach) {
  EXPECT_THAT(written({{0}, {0.39}, {0.5}}), ElementsAre(0, 180, 240));
  EXPECT_THAT(written({{0}, {0.39, Drum::Kick}, {0.5}}), ElementsAre(0, 240, 240));
}

TEST(Quantise, AVagueTripletAmongEighthsIsWrittenInSixteenths) {
  EXPECT_THAT(written({{1}, {1.32}, {1.68}}), ElementsAre(480, 640, 800));
  EXPECT_THAT(written({{0}, {0.5}, {1}, {1.32}, {1.68}, {2}, {2.5}, {3}, {3.5}}),
              ElementsAre(0, 240, 480, 600, 840, 960, 1200, 1440, 1680));
}

/// Each of its beats is judged by the others of the fill before the groove around it.
TEST(Quantise, ATripletFillStaysOneThroughout) {
  std::vector<Played> song;
  for (int quarter = 0; quarter < 8; ++quarter) {
    const std::vector<double> straight{0, 0.25, 0.5, 0.75};
    const std::vector<double> thirds{0, 0.29, 0.68};
    for (const double part : quarter < 5 ? straight : thirds) song.push_back({quarter + part});
  }
  const std::vector<Tick> ticks = written(song);
  const std::vector<Tick> fill(ticks.end() - 9, ticks.end());
  EXPECT_THAT(fill, ElementsAre(2400, 2560, 2720, 2880, 3040, 3200, 3360, 3520, 3680));
}

TEST(Quantise, InSwingALoneStrokeEarlyInTheBeatIsOfATriplet) {
  EXPECT_THAT(written({{0}, {0.27}}, {.share = 0.66}), ElementsAre(0, 160));
  EXPECT_THAT(written({{0}, {0.27}}), ElementsAre(0, 120));
}

TEST(Quantise, ASwungEighthMayLeanBackByATenthOfTheBeat) {
  EXPECT_THAT(written({{0}, {0.76}}, {.share = 0.66}, 60), ElementsAre(0, 240));
  EXPECT_THAT(written({{0}, {0.76}}, {}, 60), ElementsAre(0, 360));
}

TEST(Quantise, KickAndCrashASixteenthBeforeTheBarStayThere) {
  EXPECT_THAT(written({{3.75, Drum::Kick}, {3.75, Drum::Crash}}), ElementsAre(1800, 1800));
}

TEST(Quantise, SwungSixteenthsAreEvenOnesAndAPairOfFinerNotesIsStraight) {
  const Swing sixteenths{0.68, kTicksPerQuarter / 4};
  const std::vector<Played> beat{{0}, {0.365}, {0.5}, {0.865}, {1}};
  EXPECT_THAT(written(beat), ElementsAre(0, 180, 240, 420, 480)) << "dotted";
  EXPECT_THAT(written(beat, sixteenths), ElementsAre(0, 120, 240, 360, 480));
  EXPECT_THAT(written({{0}, {0.125}, {0.25}, {0.375}, {0.5}, {0.82}, {1}}, sixteenths),
              ElementsAre(0, 60, 120, 180, 240, 420, 480));
  EXPECT_THAT(written({{0}, {1.0 / 3}, {2.0 / 3}}, sixteenths), ElementsAre(0, 160, 320));
}

TEST(Quantise, AFlamIsOnThePlaceThatEitherStrokeIsNearerTo) {
  const std::vector<Played> thirty_seconds{{0.25}, {0.51}, {0.624}, {0.75}, {0.876}};
  const auto with_first = [&](const Played& first) {
    std::vector<Played> beat{first};
    beat.insert(beat.end(), thirty_seconds.begin(), thirty_seconds.end());
    return written(beat).front();
  };
  EXPECT_EQ(with_first({0.07}), 60);
  EXPECT_EQ(with_first({0.07, Drum::Snare, 0.065}), 0);
  EXPECT_EQ(with_first({0.12, Drum::Snare, 0.065}), 60);
}

TEST(Quantise, ALoneStrokeOfAHandIsOnASixteenth) {
  const auto snare_at = [](const std::vector<Played>& more) {
    std::vector<Played> song{{0.38}, {0.87}};
    for (const double quarter : {0.0, 0.5, 1.0}) song.push_back({quarter, Drum::ClosedHiHat});
    song.insert(song.end(), more.begin(), more.end());
    std::ranges::stable_sort(song, {}, &Played::quarter);
    const std::vector<Tick> ticks = written(song, {}, 60);
    const auto tick_at = [&](double quarter) {
      const auto found = std::ranges::find(song, quarter, &Played::quarter);
      return ticks[static_cast<std::size_t>(found - song.begin())];
    };
    return std::pair(tick_at(0.38), tick_at(0.87));
  };
  EXPECT_EQ(snare_at({}), std::pair(240, 360)) << "late, early";
  EXPECT_EQ(snare_at({{1.0}}), std::pair(240, 420)) << "just before the beat";
  EXPECT_EQ(snare_at({{0.25}}), std::pair(180, 360)) << "just after a sixteenth";
  EXPECT_EQ(snare_at({{0.13, Drum::ClosedHiHat}}), std::pair(180, 360)) << "hands that alternate";
}

TEST(Quantise, AFootBetweenTheHands32ndsIsOnASixteenth) {
  std::vector<Played> beat{{0}, {0.5}, {0.624}, {0.75}, {0.876}};
  const auto foot_at = [&](const std::vector<Played>& feet) {
    std::vector<Played> all = beat;
    all.insert(all.begin() + 1, feet.begin(), feet.end());
    return written(all).at(1);
  };
  EXPECT_EQ(foot_at({{0.11, Drum::Kick}}), 0) << "early";
  EXPECT_EQ(foot_at({{0.14, Drum::Kick}}), 120) << "late";
  EXPECT_EQ(foot_at({{0.13, Drum::Kick}, {0.25, Drum::Kick}}), 60) << "a run of the feet";
  beat.insert(beat.begin() + 1, {0.125});
  EXPECT_EQ(foot_at({{0.126, Drum::Kick}}), 60) << "with a hand";
}

TEST(Quantise, WhatIsStruckTogetherStaysTogether) {
  // Two strokes on the place of a 32nd, one a little early and one a little late.
  const auto pair_at = [](Drum one, Drum other, const std::vector<Played>& more = {}) {
    std::vector<Played> song{{0}, {0.5}, {1.121, one}, {1.131, other}};
    song.insert(song.end(), more.begin(), more.end());
    for (const double quarter : {1.5, 1.624, 1.75, 1.876}) song.push_back({quarter});
    std::ranges::stable_sort(song, {}, &Played::quarter);
    const std::vector<Tick> ticks = written(song);
    const auto tick_of = [&](Drum drum, double quarter) {
      const auto found = std::ranges::find_if(song, [&](const Played& played) {
        return played.drum == drum && std::abs(played.quarter - quarter) < 0.01;
      });
      return ticks[static_cast<std::size_t>(found - song.begin())];
    };
    return std::pair(tick_of(one, 1.121), tick_of(other, 1.131));
  };
  EXPECT_EQ(pair_at(Drum::HighTom, Drum::FloorTom), std::pair(600, 600));
  EXPECT_EQ(pair_at(Drum::HighTom, Drum::Crash), std::pair(600, 600));
  EXPECT_EQ(pair_at(Drum::Kick, Drum::Crash), std::pair(600, 600));
  EXPECT_EQ(pair_at(Drum::FloorTom, Drum::ClosedHiHat,
                    {{1, Drum::ClosedHiHat}, {1.25, Drum::ClosedHiHat}}),
            std::pair(540, 540))
      << "with one of three 32nds";
}

TEST(Quantise, APedalIsOnASixteenthWhateverIsBesideIt) {
  const std::vector<Played> hands{{0}, {0.125}, {0.5}, {0.624}, {0.75}, {0.876}};
  const auto first_foot_at = [&](const std::vector<Played>& feet) {
    std::vector<Played> all = hands;
    all.insert(all.begin() + 2, feet.begin(), feet.end());
    return written(all).at(2);
  };
  EXPECT_EQ(first_foot_at({{0.127, Drum::PedalHiHat}, {0.25, Drum::Kick}}), 120);
  EXPECT_EQ(first_foot_at({{0.127, Drum::PedalHiHat}, {0.25, Drum::PedalHiHat}}), 60)
      << "it plays thirty-seconds";
  EXPECT_EQ(first_foot_at({{0.127, Drum::PedalHiHat}, {0.373, Drum::PedalHiHat}}), 60)
      << "they would meet";
}

TEST(Quantise, APickupOfTwoEighthsOfADottedBeatHasNoTriplets) {
  const Meter meter{6, 8};
  BarPlan plan{{{meter, 480, 0, 0, {}}, {meter, meter.bar_ticks(), 0, 0, {}}},
               {{0, 0}, {480 + meter.bar_ticks(), 2}}};
  const std::vector<double> positions{0, 160, 320, 480};
  std::vector<Stroke> strokes;
  for (const double position : positions) {
    const double time_s = position / 960;
    strokes.push_back({{time_s, Drum::Snare, 90, 1}, 1, time_s, time_s});
  }
  EXPECT_THAT(quantise(strokes, positions, plan, {}), ElementsAre(0, 180, 300, 480));
  EXPECT_THAT(plan.bars.front().grids, ElementsAre(Grid::Straight));
}

}  // namespace
}  // namespace fyr::rhythm
