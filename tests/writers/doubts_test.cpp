// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <locale>
#include <sstream>
#include <string>
#include <vector>

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

/// 1.234,5 for 1234.5, as many locales have it.
struct Grouping : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

TEST(WriteDoubts, WritesBarsBeyondAThousandAlikeInEveryLocale) {
  Rhythm rhythm;
  const std::vector<Grid> grids(4, Grid::Straight);
  for (int bar = 0; bar < 1200; ++bar) {
    rhythm.bars.push_back({{4, 4}, 4 * kTicksPerQuarter, 2.0 * bar, 2.0 * bar + 2, grids});
  }
  rhythm.hits = {hit(0, 0, Drum::Kick, 0.9), hit(1199, 0, Drum::Snare, 0.3)};
  const std::locale old = std::locale::global(std::locale(std::locale(), new Grouping));
  std::ostringstream out;
  write_doubts(rhythm, build_score(rhythm), 0.5, out);
  std::locale::global(old);
  EXPECT_EQ(out.str(), "bar,beat,time_s,drum,confidence\n1200,1.00,1.250,snare,0.30\n");
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
