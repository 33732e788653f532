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

}  // namespace
}  // namespace fyr
