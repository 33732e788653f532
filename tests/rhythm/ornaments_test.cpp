// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/ornaments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace fyr::rhythm {
namespace {

using ::testing::ElementsAre;

/// Of a drum: when and how loud.
using Times = std::vector<std::pair<double, int>>;

std::vector<Stroke> gathered(const Times& times, Drum drum = Drum::Snare) {
  std::vector<Onset> onsets;
  for (const auto& [time_s, velocity] : times) onsets.push_back({time_s, drum, velocity, 0.9});
  return gather_strokes(onsets);
}

std::vector<int> n_gathered(const Times& times, Drum drum = Drum::Snare) {
  std::vector<int> found;
  for (const Stroke& stroke : gathered(times, drum)) found.push_back(stroke.n_strokes);
  return found;
}

TEST(GatherStrokes, StrokesOfARunAreNoFlams) {
  EXPECT_THAT(n_gathered({{1.09, 90}, {1.13, 90}}), ElementsAre(2));
  EXPECT_THAT(n_gathered({{1.00, 90}, {1.09, 90}, {1.13, 90}}), ElementsAre(1, 1, 1));
  EXPECT_THAT(n_gathered({{1.00, 90}, {1.09, 60}, {1.13, 90}}), ElementsAre(1, 2));
  EXPECT_THAT(n_gathered({{1.00, 90}, {1.09, 90}, {1.13, 60}}), ElementsAre(1, 2)) << "a rebound";
  EXPECT_THAT(n_gathered({{1.00, 90}, {1.09, 90}, {1.12, 90}}), ElementsAre(1, 2)) << "too close";
  EXPECT_THAT(n_gathered({{1.00, 90}, {1.09, 90}, {1.13, 90}}, Drum::ClosedHiHat),
              ElementsAre(1, 2));
}

TEST(GatherStrokes, WhatLastsLongerThanADragIsNotOne) {
  const auto n_gathered = [](double distance_s) {
    std::vector<Onset> onsets;
    for (int i = 0; i < 3; ++i) onsets.push_back({1 + i * distance_s, Drum::Snare, 90, 1});
    return gather_strokes(onsets).size();
  };
  EXPECT_EQ(n_gathered(0.039), 1U);
  EXPECT_EQ(n_gathered(0.044), 2U);
}

TEST(GatherStrokes, AHandStopsAsWellWhatTheStrokeBeforeLeft) {
  const auto choked_after_s = [](double first_choke_s, double second_choke_s, int second_velocity) {
    const std::vector<Stroke> strokes =
        gather_strokes({{1, Drum::Crash, 100, 1, first_choke_s},
                        {1.03, Drum::Crash, second_velocity, 1, second_choke_s}});
    return strokes.at(0).onset.choked_after_s;
  };
  EXPECT_NEAR(choked_after_s(0, 0.4, 60), 0.43, 1e-9) << "the first is the main one";
  EXPECT_NEAR(choked_after_s(0, 0.4, 100), 0.4, 1e-9);
  EXPECT_EQ(choked_after_s(0.01, 0, 60), 0) << "the second rings";
}

TEST(OrnamentOf, AWideFlamInARunIsNone) {
  const auto ornament = [](double main_s, bool in_run) {
    const Stroke before{{1, Drum::Snare, 90, 0.9}, 1, 1, 1};
    const Stroke flam{{main_s, Drum::Snare, 90, 0.9}, 2, 1.1, main_s, 50};
    return ornament_of(flam, in_run ? std::vector{before, flam} : std::vector{flam});
  };
  EXPECT_EQ(ornament(1.12, true), Ornament::Flam) << "its grace note is soft";
  EXPECT_EQ(ornament(1.16, false), Ornament::Flam);
  EXPECT_EQ(ornament(1.16, true), Ornament::None);
}

TEST(OrnamentOf, AFlamOfADoubtfulStrokeIsOneNote) {
  const auto ornament = [](double confidence) {
    const std::vector<Stroke> strokes =
        gather_strokes({{1, Drum::Snare, 40, confidence}, {1.03, Drum::Snare, 90, 0.9}});
    return ornament_of(strokes.at(0), strokes);
  };
  EXPECT_EQ(ornament(0.45), Ornament::None);
  EXPECT_EQ(ornament(0.55), Ornament::Flam);
}

TEST(OrnamentOf, FourStrokesAreARollHoweverShort) {
  const auto ornament = [](int n_strokes) {
    const Stroke stroke{{1.06, Drum::Snare, 90, 0.9}, n_strokes, 1, 1.06, 50};
    return ornament_of(stroke, {stroke});
  };
  EXPECT_EQ(ornament(3), Ornament::Drag);
  EXPECT_EQ(ornament(4), Ornament::Roll);
}

}  // namespace
}  // namespace fyr::rhythm
