// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <sstream>

#include "fyr/writers.hpp"

namespace fyr {
namespace {

QuantisedHit hit(int bar, Tick tick, Drum drum, double confidence) {
  return {bar, tick, drum, 90, 1.25, confidence, Ornament::None, 1};
}

TEST(WriteDoubts, NamesBarAndBeatAsTheScoreNumbersThem) {
  Rhythm rhythm;
  rhythm.bars.push_back({{4, 4}, kTicksPerQuarter, 0, 0.5, {Grid::Straight}});
  for (int bar = 0; bar < 2; ++bar) {
    rhythm.bars.push_back({{4, 4},
                           4 * kTicksPerQuarter,
                           0.5 + 2 * bar,
                           2.5 + 2 * bar,
                           std::vector<Grid>(4, Grid::Straight)});
  }
  rhythm.hits = {hit(0, 240, Drum::Snare, 0.3), hit(1, 0, Drum::Kick, 0.9),
                 hit(2, 600, Drum::RideBell, 0.254)};
  std::ostringstream out;
  write_doubts(rhythm, build_score(rhythm), 0.5, out);
  EXPECT_EQ(out.str(),
            "bar,beat,time_s,drum,confidence\n"
            "0,4.50,1.250,snare,0.30\n"
            "2,2.25,1.250,ride_bell,0.25\n");
}

TEST(WriteDoubts, CountsBarsOfRestBeforeTheMusicAndDottedBeats) {
  Rhythm rhythm;
  rhythm.bars.push_back({{6, 8}, 1440, 4.1, 6.1, std::vector<Grid>(2, Grid::Straight)});
  rhythm.hits = {hit(0, 720, Drum::Snare, 0.3), hit(0, 960, Drum::Kick, 0.5)};
  std::ostringstream out;
  write_doubts(rhythm, build_score(rhythm), 0.5, out);
  EXPECT_EQ(out.str(), "bar,beat,time_s,drum,confidence\n3,2.00,1.250,snare,0.30\n");
}

}  // namespace
}  // namespace fyr
