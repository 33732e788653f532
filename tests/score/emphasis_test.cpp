// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/emphasis.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>
#include <vector>

namespace fyr {
namespace {

using ::testing::ElementsAre;

/// Of strokes on the quarters of one bar.
std::vector<Emphasis> emphasis_of(Drum drum, const std::vector<int>& velocities,
                                  double confidence = 1) {
  std::vector<QuantisedHit> hits;
  for (const int velocity : velocities) {
    hits.push_back({.tick = static_cast<Tick>(hits.size()) * kTicksPerQuarter,
                    .drum = drum,
                    .velocity = velocity,
                    .confidence = confidence});
  }
  return find_emphasis(hits);
}

TEST(FindEmphasis, AnAccentIsMuchLouderThanTheOthers) {
  for (const auto& [drum, plain, accent] :
       {std::tuple(Drum::HighTom, 108, 116), std::tuple(Drum::Snare, 108, 124)}) {
    EXPECT_THAT(emphasis_of(drum, {80, 80, 80, plain}),
                ElementsAre(Emphasis::Plain, Emphasis::Plain, Emphasis::Plain, Emphasis::Plain));
    EXPECT_THAT(emphasis_of(drum, {80, 80, 80, accent}),
                ElementsAre(Emphasis::Plain, Emphasis::Plain, Emphasis::Plain, Emphasis::Accent));
  }
}

TEST(FindEmphasis, ATomUnderASnareHasNoAccent) {
  std::vector<QuantisedHit> hits;
  for (Tick beat = 0; beat < 4; ++beat) {
    hits.push_back({0, beat * kTicksPerQuarter, Drum::FloorTom, beat > 1 ? 120 : 70, 0, 1});
    hits.push_back({1, beat * kTicksPerQuarter, Drum::FloorTom, 70, 0, 1});
    if (beat == 3) hits.push_back({0, beat * kTicksPerQuarter, Drum::Snare, 100});
  }
  const std::vector<Emphasis> emphasis = find_emphasis(hits);
  for (std::size_t i = 0; i < hits.size(); ++i) {
    const bool alone = hits[i].bar == 0 && hits[i].tick == 2 * kTicksPerQuarter;
    EXPECT_EQ(emphasis[i], alone ? Emphasis::Accent : Emphasis::Plain) << i;
  }
}

TEST(FindEmphasis, ATomThatMayBeNoneHasNoAccent) {
  for (const double confidence : {0.49, 0.51}) {
    EXPECT_EQ(emphasis_of(Drum::HighTom, {80, 80, 80, 120}, confidence).back() == Emphasis::Accent,
              confidence > 0.5);
    EXPECT_EQ(emphasis_of(Drum::Snare, {80, 80, 80, 124}, confidence).back(), Emphasis::Accent);
  }
}

TEST(FindEmphasis, ThreeStrokesTellNoAccent) {
  EXPECT_THAT(emphasis_of(Drum::HighTom, {60, 60, 120}),
              ElementsAre(Emphasis::Plain, Emphasis::Plain, Emphasis::Plain));
}

/// Whether a stroke of a pattern is a little over the limit or a little under it, it looks the
/// same.
TEST(FindEmphasis, BackbeatsNearTheLimitLookAlike) {
  std::vector<QuantisedHit> hits;
  for (int bar = 0; bar < 12; ++bar) {
    for (Tick beat = 0; beat < 4; ++beat) {
      const int velocity = beat == 3 ? (bar % 2 == 0 ? 114 : 126) : 78;
      hits.push_back({bar, beat * kTicksPerQuarter, Drum::Snare, velocity});
    }
  }
  const std::vector<Emphasis> emphasis = find_emphasis(hits);
  for (std::size_t i = 0; i < emphasis.size(); ++i) {
    EXPECT_EQ(emphasis[i], i % 4 == 3 ? Emphasis::Accent : Emphasis::Plain) << i;
  }
}

/// Nor is the groove before it louder for it.
TEST(FindEmphasis, ABuildUpHasNoGhosts) {
  std::vector<QuantisedHit> hits;
  for (int bar = 0; bar < 8; ++bar) {
    for (Tick eighth = 0; eighth < 8; ++eighth) {
      const Tick tick = eighth * kTicksPerQuarter / 2;
      hits.push_back({bar, tick, Drum::ClosedHiHat, 80});
      if (eighth % 4 == 2) hits.push_back({bar, tick, Drum::Snare, 105});
    }
  }
  for (int sixteenth = 0; sixteenth < 32; ++sixteenth) {
    const Tick tick = sixteenth % 16 * kTicksPerQuarter / 4;
    hits.push_back({8 + sixteenth / 16, tick, Drum::Snare, 40 + sixteenth});
  }
  EXPECT_THAT(find_emphasis(hits), ::testing::Each(Emphasis::Plain));
}

TEST(FindEmphasis, UnderHiHatsNothingBuildsUp) {
  std::vector<QuantisedHit> hits;
  for (int bar = 0; bar < 8; ++bar) {
    for (const Tick tick : {480, 1440}) hits.push_back({bar, tick, Drum::Snare, 105});
  }
  for (int sixteenth = 0; sixteenth < 16; ++sixteenth) {
    const Tick tick = sixteenth * kTicksPerQuarter / 4;
    hits.push_back({8, tick, Drum::Snare, 40 + sixteenth / 2});
    if (sixteenth % 2 == 0) hits.push_back({8, tick, Drum::ClosedHiHat, 80});
  }
  EXPECT_EQ(find_emphasis(hits).at(16), Emphasis::Ghost);
}

/// Even 16ths throughout, the first of each bar loud: its place decides, as everywhere in a march.
TEST(FindEmphasis, AMarchIsNoBuildUp) {
  std::vector<QuantisedHit> hits;
  for (int bar = 0; bar < 8; ++bar) {
    for (int sixteenth = 0; sixteenth < 16; ++sixteenth) {
      const int loud = bar % 2 == 0 ? 85 : 95;  // 1.5 times the others are 88.5.
      const int velocity = sixteenth == 0 ? loud : 59;
      hits.push_back({bar, sixteenth * kTicksPerQuarter / 4, Drum::Snare, velocity});
    }
  }
  const std::vector<Emphasis> emphasis = find_emphasis(hits);
  for (std::size_t i = 0; i < emphasis.size(); ++i) {
    EXPECT_EQ(emphasis[i] == Emphasis::Accent, i % 16 == 0) << i;
  }
}

TEST(FindEmphasis, StrokesOfSeveralBarsAreNoRoll) {
  std::vector<QuantisedHit> hits;
  for (int bar = 0; bar < 8; ++bar) {
    const bool soft = bar == 3 || bar == 4;
    hits.push_back({bar, soft ? 960 - bar * 120 : 1440, Drum::Snare, soft ? 30 : 110});
  }
  const std::vector<Emphasis> emphasis = find_emphasis(hits);
  EXPECT_EQ(emphasis[3], Emphasis::Ghost);
  EXPECT_EQ(emphasis[4], Emphasis::Ghost);
}

TEST(FindEmphasis, ARollThatEndsThePieceHasNoGhosts) {
  std::vector<QuantisedHit> hits{{0, 0, Drum::Snare, 110}, {0, 480, Drum::Snare, 110}};
  for (const Tick tick : {1740, 1800, 1860}) hits.push_back({0, tick, Drum::Snare, 30});
  EXPECT_THAT(find_emphasis(hits), ::testing::Each(Emphasis::Plain));
  hits.pop_back();  // Two are no roll.
  EXPECT_THAT(find_emphasis(hits),
              ElementsAre(Emphasis::Plain, Emphasis::Plain, Emphasis::Ghost, Emphasis::Ghost));
}

}  // namespace
}  // namespace fyr
