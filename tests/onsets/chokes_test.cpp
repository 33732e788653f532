// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/chokes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace fyr {
namespace {

constexpr double kMultiplier = 4000;

/// What a value of Timbre is at that level, in dB against full scale.
double value_at(double level_db) {
  return kTimbreFullScale * std::log1p(kMultiplier * std::pow(10, level_db / 20)) /
         std::log1p(kMultiplier);
}

/// Three seconds whose cymbals have a level by time in s, all below them silent.
Timbre cymbals(const std::function<double(double)>& level_db) {
  Timbre timbre{0.01, kMultiplier, std::vector<std::uint8_t>(300 * kNTimbreValues)};
  for (std::size_t frame = 0; frame < 300; ++frame) {
    const double value = value_at(level_db(0.01 * static_cast<double>(frame)));
    for (std::size_t v = kFirstCymbalValue; v < kNTimbreValues; ++v) {
      timbre.values[frame * kNTimbreValues + v] = static_cast<std::uint8_t>(std::lround(value));
    }
  }
  return timbre;
}

/// Struck at 1 s, losing 20 dB a second, stopped at `stop_s` within `in_s`.
std::function<double(double)> crash(double stop_s, double in_s, double lost_db = 40) {
  return [=](double time_s) {
    if (time_s < 1) return -90.0;
    const double stopped = std::clamp((time_s - stop_s) / in_s, 0.0, 1.0);
    return -30 - 20 * (time_s - 1) - lost_db * stopped;
  };
}

double choked_after(const Timbre& timbre,
                    const std::vector<Onset>& hits = {{1, Drum::Crash, 90, 0.9}}) {
  return with_chokes(hits, timbre).front().choked_after_s;
}

TEST(Chokes, ACrashThatFallsSilentIsChoked) {
  EXPECT_NEAR(choked_after(cymbals(crash(1.4, 0.03))), 0.38, 0.025);
  EXPECT_NEAR(choked_after(cymbals(crash(1.15, 0.03))), 0.13, 0.025);
  EXPECT_NEAR(choked_after(cymbals(crash(1.4, 0.07, 14))), 0.4, 0.01) << "200 dB a second";
}

TEST(Chokes, ACrashThatRingsIsNot) {
  EXPECT_EQ(choked_after(cymbals(crash(9, 0.03))), 0);
  EXPECT_EQ(choked_after(cymbals(crash(1.4, 0.4))), 0) << "100 dB a second";
  EXPECT_EQ(choked_after(cymbals(crash(1.4, 0.03, 10))), 0) << "10 dB are no silence";
}

TEST(Chokes, IsLookedForFromTheAttackUntilTheCrashHasFaded) {
  EXPECT_NEAR(choked_after(cymbals(crash(2.15, 0.03))), 1.12, 0.03);
  EXPECT_EQ(choked_after(cymbals(crash(2.4, 0.03))), 0);
  EXPECT_NEAR(choked_after(cymbals(crash(1.4, 0.03)), {{0.96, Drum::Crash, 90, 0.9}}), 0.42, 0.025)
      << "heard 40 ms before it sounds";
}

TEST(Chokes, SilenceLasts) {
  const auto until = [](double other_s) {
    return cymbals([=](double time_s) {
      return std::max(crash(1.4, 0.03)(time_s), time_s < other_s ? -90.0 : -35.0);
    });
  };
  EXPECT_EQ(choked_after(until(1.6)), 0);
  EXPECT_NEAR(choked_after(until(1.72)), 0.38, 0.025);
}

TEST(Chokes, DrumsBelowTheCymbalsDoNotHideAnEnd) {
  Timbre timbre = cymbals(crash(1.4, 0.03));
  for (std::size_t i = 0; i < timbre.values.size(); ++i) {
    if (i % kNTimbreValues < kFirstCymbalValue) timbre.values[i] = 200;
  }
  EXPECT_NEAR(choked_after(timbre), 0.38, 0.025);
}

TEST(Chokes, LevelsAreInDecibels) {
  // A softer crash has smaller values by far, and falls as deep.
  const auto soft = [](double time_s) { return crash(1.4, 0.03)(time_s) - 20; };
  EXPECT_NEAR(choked_after(cymbals(soft)), 0.4, 0.04);
  Timbre unknown = cymbals(crash(1.4, 0.03));
  unknown.log_multiplier = 0;
  EXPECT_EQ(choked_after(unknown), 0);
}

TEST(Chokes, WhatSoundsBesideACrashHidesItsEnd) {
  const auto beside = [](double other_s) {
    return cymbals([=](double time_s) {
      const double since_s = time_s - other_s;
      const double other_db = since_s < 0 ? -90 : -25 - 300 * since_s;
      return std::max(crash(1.4, 0.03)(time_s), other_db);
    });
  };
  EXPECT_NEAR(choked_after(beside(1.25)), 0.4, 0.04) << "a stroke before lifts it for a while";
  EXPECT_EQ(choked_after(
                cymbals([](double time_s) { return std::max(crash(1.4, 0.03)(time_s), -40.0); })),
            0);
}

TEST(Chokes, TheEndOfAnotherStrokeIsNotTheCrashs) {
  // A short sound 200 ms after a crash that rings on, 15 dB above it.
  EXPECT_EQ(choked_after(cymbals([](double time_s) {
              const bool other = time_s >= 1.2 && time_s < 1.26;
              return crash(9, 0.03)(time_s) + (other ? 15 : 0);
            })),
            0);
}

TEST(Chokes, OnlyCrashesBeforeTheNextOneAreLookedAt) {
  const Timbre timbre = cymbals(crash(1.4, 0.03));
  const auto choked = [&](double next_s) {
    return with_chokes(
        {{1, Drum::Crash, 90, 0.9}, {1.2, Drum::Crash, 90, 0.9}, {next_s, Drum::Crash, 90, 0.9}},
        timbre);
  };
  EXPECT_NEAR(choked(1.5)[1].choked_after_s, 0.2, 0.04);
  EXPECT_EQ(choked(1.5)[0].choked_after_s, 0) << "the next one's sound ends";
  EXPECT_EQ(choked_after(timbre, {{1, Drum::Ride, 90, 0.9}}), 0);
  EXPECT_EQ(choked(1.28)[1].choked_after_s, 0) << "it is the next one's end";
}

TEST(Chokes, NothingLiesOutsideTheRecording) {
  EXPECT_EQ(choked_after({}, {{1, Drum::Crash, 90, 0.9}}), 0);
  EXPECT_EQ(choked_after({0.01, kMultiplier, {}}, {{1, Drum::Crash, 90, 0.9}}), 0);
  Timbre timbre = cymbals(crash(1.4, 0.03));
  timbre.values.resize(145 * kNTimbreValues);
  EXPECT_EQ(choked_after(timbre), 0) << "silence that is not heard";
  EXPECT_EQ(choked_after(timbre, {{100, Drum::Crash, 90, 0.9}}), 0);
  EXPECT_TRUE(with_chokes({}, timbre).empty());
}

}  // namespace
}  // namespace fyr
