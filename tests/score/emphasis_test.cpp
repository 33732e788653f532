// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/emphasis.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace fyr {
namespace {

using ::testing::ElementsAre;

/// Of strokes on the quarters of one bar.
std::vector<Emphasis> emphasis_of(Drum drum, const std::vector<int>& velocities) {
  std::vector<QuantisedHit> hits;
  for (const int velocity : velocities) {
    hits.push_back({0, static_cast<Tick>(hits.size()) * kTicksPerQuarter, drum, velocity});
  }
  return find_emphasis(hits);
}

TEST(FindEmphasis, AnAccentIsAThirdLouderThanTheOthers) {
  EXPECT_THAT(emphasis_of(Drum::HighTom, {80, 80, 80, 100}),
              ElementsAre(Emphasis::Plain, Emphasis::Plain, Emphasis::Plain, Emphasis::Plain));
  EXPECT_THAT(emphasis_of(Drum::HighTom, {80, 80, 80, 110}),
              ElementsAre(Emphasis::Plain, Emphasis::Plain, Emphasis::Plain, Emphasis::Accent));
}

TEST(FindEmphasis, ThreeStrokesTellNoAccent) {
  EXPECT_THAT(emphasis_of(Drum::HighTom, {60, 60, 120}),
              ElementsAre(Emphasis::Plain, Emphasis::Plain, Emphasis::Plain));
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
