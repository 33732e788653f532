// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/context.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace fyr {
namespace {

constexpr auto kSnare = index_of(Drum::Snare);

double logit(double p) { return std::log(p / (1 - p)); }

/// Quarter notes at 120 BPM, `n_bars` bars of four.
BeatGrid steady(int n_bars) {
  BeatGrid grid;
  for (int beat = 0; beat < 4 * n_bars; ++beat) grid.times_s.push_back(0.5 * beat);
  return grid;
}

/// x of the snare's peaks where no other drum has any.
std::vector<ContextFeatures> features_of(const std::vector<Peak>& snares, const BeatGrid& grid,
                                         const Context& context = {}) {
  Peaks peaks;
  peaks[kSnare] = snares;
  return context_features(peaks, grid, {}, 10, context)[kSnare];
}

TEST(Context, ProminenceIsThatOfTheWholeRecording) {
  const std::vector<Peak> peaks = {{1, 0.9F, 0}, {2, 0.8F, 0}, {3, 0.7F, 0},
                                   {4, 0.2F, 0}, {5, 0.1F, 0}, {6, 0.05F, 0}};
  const auto features = features_of(peaks, {});
  ASSERT_EQ(features.size(), peaks.size());
  for (const ContextFeatures& x : features) {
    EXPECT_NEAR(x[1], logit((0.9 + 0.8 + 0.7 + 0.2 + 0.1) / 5), 1e-6);
    EXPECT_NEAR(x[2], logit((0.9 + 0.8 + 0.7 + 0.2 + 0.1) / 5), 1e-6);
    EXPECT_NEAR(x[3], std::log(0.02 + 0.3), 1e-6);
  }
}

TEST(Context, WithoutBarsWhatIsInStepIsThePeakItself) {
  const auto features = features_of({{1, 0.4F, 0}}, {});
  for (std::size_t j = 4; j <= 18; ++j) EXPECT_NEAR(features[0][j], logit(0.4), 1e-6) << j;
  EXPECT_NEAR(features[0][0], logit(0.4), 1e-6);
}

TEST(Context, LooksAtTheSamePlaceOfOtherBars) {
  // On the third beat of bars 1 to 4, 20 ms late in bar 2; bars 5 and 6 have none.
  const std::vector<Peak> peaks = {{1, 0.2F, 0}, {3.02, 0.8F, 0}, {5, 0.4F, 0}, {7, 0.6F, 0}};
  const auto features = features_of(peaks, steady(6));
  EXPECT_NEAR(features[0][4], logit(0.8), 1e-6) << "nothing lies before the first bar";
  EXPECT_NEAR(features[0][5], logit(0.4), 1e-6);
  EXPECT_NEAR(features[0][6], logit((0.8 + 0.4 + 0.6) / 5), 1e-6);
  EXPECT_NEAR(features[2][4], logit((0.8 + 0.6) / 2), 1e-6);
  EXPECT_NEAR(features[2][5], logit(0.2 / 2), 1e-6) << "bar 5 lies inside and has no peak";
}

TEST(Context, SixteenBarsToEachSideAreAll) {
  const std::vector<Peak> peaks = {{0, 0.5F, 0}, {32, 0.9F, 0}, {34, 0.9F, 0}};
  EXPECT_NEAR(features_of(peaks, steady(20))[0][6], logit(0.9 / 16), 1e-6);
}

TEST(Context, LooksInStepBeforeAndAfter) {
  // Around 4 s, the first beat of bar 3: of half a second each.
  const std::vector<double> steps_s = {0.125, 0.5 / 3, 0.25, 0.5, 1, 1};
  for (std::size_t step = 0; step < steps_s.size(); ++step) {
    for (const int side : {-1, 1}) {
      std::vector<Peak> peaks = {{4, 0.3F, 0}, {4 + side * steps_s[step], 0.7F, 0}};
      std::ranges::sort(peaks, {}, &Peak::time_s);
      const ContextFeatures x = features_of(peaks, steady(6))[side < 0 ? 1U : 0U];
      const std::size_t at = 7 + 2 * step + (side < 0 ? 0 : 1);
      EXPECT_NEAR(x[at], logit(0.7), 1e-6) << at;
      EXPECT_NEAR(x[side < 0 ? at + 1 : at - 1], logit(0.01), 1e-6) << at;
    }
  }
}

TEST(Context, HalfABarFollowsTheMeter) {
  BeatGrid waltz = steady(6);
  waltz.beats_per_bar = 3;
  EXPECT_NEAR(features_of({{4, 0.3F, 0}, {4.75, 0.7F, 0}}, waltz)[0][18], logit(0.7), 1e-6);
}

TEST(Context, LooksAtTheOtherDrumsNear) {
  Peaks peaks;
  peaks[kSnare] = {{2, 0.3F, 0}};
  peaks[index_of(Drum::Kick)] = {{2.02, 0.6F, 0}};
  peaks[index_of(Drum::Ride)] = {{2.04, 0.9F, 0}};
  const ContextFeatures x = context_features(peaks, {}, {}, 10, {})[kSnare].front();
  EXPECT_NEAR(x[19 + index_of(Drum::Kick)], logit(0.6), 1e-6);
  EXPECT_NEAR(x[19 + kSnare], logit(0.3), 1e-6);
  EXPECT_NEAR(x[19 + index_of(Drum::Ride)], logit(0.01), 1e-6) << "40 ms away";
}

TEST(Context, GapsAreThoseToPeaksThatShow) {
  const auto features = features_of(
      {{1, 0.4F, 0}, {1.2, 0.05F, 0}, {1.5, 0.2F, 0}, {1.51, 0.2F, 0}, {9, 0.05F, 0}}, {});
  EXPECT_NEAR(features[1][32], std::log(0.2), 1e-6);
  EXPECT_NEAR(features[1][33], std::log(0.3), 1e-6);
  EXPECT_NEAR(features[2][32], std::log(0.5), 1e-6);
  EXPECT_NEAR(features[2][33], std::log(0.02), 1e-6) << "no gap is shorter";
  EXPECT_NEAR(features[4][32], std::log(2), 1e-6) << "and none longer";
  EXPECT_NEAR(features[0][32], std::log(2), 1e-6);
  EXPECT_NEAR(features[4][33], std::log(2), 1e-6);
}

TEST(Context, WithoutAClearPeakTheRecordingShowsNone) {
  EXPECT_NEAR(features_of({{1, 0.09F, 0}}, {})[0][2], logit(0.05), 1e-6);
}

TEST(Context, TheHighestLogOddsAreThoseOfPointNineSeven) {
  EXPECT_NEAR(features_of({{1, 1, 0}}, {})[0][1], logit(0.97), 1e-6);
}

TEST(Context, APeakThatIsTooLowRepeatsNothing) {
  Context context;
  context.least = 0.03;
  const std::vector<Peak> peaks = {{1, 0.2F, 0}, {3, 0.02F, 0}};
  EXPECT_NEAR(features_of(peaks, steady(2), context)[0][4], logit(0.01), 1e-6);
}

TEST(Context, FollowsADriftingTempo) {
  BeatGrid grid;
  double time_s = 0;
  for (int beat = 0; beat < 16; ++beat) {
    grid.times_s.push_back(time_s);
    time_s += 0.5 + 0.01 * beat;
  }
  std::vector<Peak> peaks;
  for (const std::size_t beat : {2U, 6U, 10U}) peaks.push_back({grid.times_s[beat], 0.5F, 0});
  EXPECT_NEAR(features_of(peaks, grid)[1][4], logit(0.5), 1e-6);
}

TEST(Context, KnowsHowLongTheRecordingHasRun) {
  const auto features = features_of({{0, 0.4F, 0}, {0.5, 0.4F, 0}, {9, 0.4F, 0}}, {});
  EXPECT_NEAR(features[0][34], std::log(0.01), 1e-6);
  EXPECT_NEAR(features[1][34], std::log(0.51), 1e-6);
  EXPECT_NEAR(features[2][34], std::log(2.01), 1e-6) << "longer counts the same";
}

/// Ten seconds in which the given values are `level` and all others 0.
Timbre sounding(std::size_t first_value, std::size_t end_value, std::uint8_t level) {
  Timbre timbre;
  timbre.values.resize(1000 * kNTimbreValues);
  for (std::size_t frame = 0; frame < 1000; ++frame) {
    for (std::size_t v = first_value; v < end_value; ++v) {
      timbre.values[frame * kNTimbreValues + v] = level;
    }
  }
  return timbre;
}

TEST(Context, HearsWhatMomentsThatSoundAlikeHave) {
  Peaks peaks;
  peaks[kSnare] = {{1, 0.2F, 0}, {2, 0.8F, 0}, {3, 0.7F, 0}, {4, 0.6F, 0}};
  peaks[index_of(Drum::Kick)] = {{3, 0.9F, 0}};
  const ContextFeatures x =
      context_features(peaks, {}, sounding(0, 10, 100), 10, {})[kSnare].front();
  EXPECT_NEAR(x[35], logit((0.8 + 0.7 + 0.6) / 3), 1e-6);
}

TEST(Context, APeakThatIsTooLowChangesNothingForOthers) {
  Context context;
  context.least = 0.03;
  Peaks peaks;
  peaks[kSnare] = {{1, 0.2F, 0}, {2, 0.8F, 0}, {3, 0.7F, 0}, {4, 0.6F, 0}};
  Peaks more = peaks;
  more[kSnare].push_back({4.5, 0.02F, 0});
  more[index_of(Drum::Kick)] = {{0.98, 0.02F, 0}, {2, 0.02F, 0}};
  const Timbre timbre = sounding(0, 10, 100);
  const auto before = context_features(peaks, steady(2), timbre, 10, context)[kSnare];
  auto after = context_features(more, steady(2), timbre, 10, context);
  ASSERT_EQ(after[index_of(Drum::Kick)].size(), 2U);
  after[kSnare].pop_back();
  EXPECT_EQ(before, after[kSnare]);
}

TEST(Context, APeakThatIsTooLowIsOfNoEarlierMoment) {
  Context context;
  context.least = 0.03;
  Peaks peaks;
  peaks[kSnare] = {{1, 0.8F, 0}, {2, 0.8F, 0}, {3, 0.8F, 0}, {4, 0.8F, 0}, {4.5, 0.02F, 0}};
  peaks[index_of(Drum::Kick)] = {{4.02, 0.02F, 0}};
  const auto features = context_features(peaks, {}, sounding(0, 10, 100), 10, context);
  EXPECT_NEAR(features[kSnare].back()[35], logit(0.02), 1e-6);
  EXPECT_NEAR(features[index_of(Drum::Kick)].back()[35], logit(0.01), 1e-6) << "of it";
}

TEST(Context, CymbalsAreComparedInTheUpperThird) {
  // Twenty moments; every other one sounds alike below value 13, the first ten alike from it on.
  Timbre timbre = sounding(0, 0, 0);
  Peaks peaks;
  const std::vector<Drum> cymbals = {Drum::ClosedHiHat, Drum::PedalHiHat, Drum::OpenHiHat,
                                     Drum::Ride,        Drum::RideBell,   Drum::Crash};
  for (std::size_t i = 0; i < 20; ++i) {
    for (std::size_t frame = 50 * i; frame < 50 * i + 50; ++frame) {
      timbre.values[frame * kNTimbreValues + (i % 2 == 0 ? 12 : 6)] = 200;
      if (i < 10) timbre.values[frame * kNTimbreValues + 13] = 100;
    }
    const float confidence = (i % 2 == 0 ? 0.2F : 0.4F) + (i < 10 ? 0.4F : 0.0F);
    for (const Drum drum : cymbals) {
      peaks[index_of(drum)].push_back({0.5 * static_cast<double>(i), confidence, 0});
    }
    peaks[kSnare].push_back({0.5 * static_cast<double>(i), confidence, 0});
  }
  const auto features = context_features(peaks, {}, timbre, 10, {});
  EXPECT_NEAR(features[kSnare].front()[35], logit((4 * 0.6 + 4 * 0.2) / 8), 1e-6);
  for (const Drum drum : cymbals) {
    EXPECT_NEAR(features[index_of(drum)].front()[35], logit((4 * 0.6 + 4 * 0.8) / 8), 1e-6)
        << info(drum).id;
  }
}

TEST(Context, WithoutTimbreNothingSoundsAlike) {
  const ContextFeatures x =
      features_of({{1, 0.2F, 0}, {2, 0.8F, 0}, {3, 0.7F, 0}, {4, 0.6F, 0}}, {}).front();
  EXPECT_NEAR(x[35], logit(0.2), 1e-6);
}

TEST(Context, AFaintHitAmongClearOnesRisesAndALonelyOneFalls) {
  Peaks peaks;
  for (int bar = 0; bar < 6; ++bar) {
    peaks[kSnare].push_back({2.0 * bar + 1, bar == 3 ? 0.2F : 0.8F, 0.5F});
  }
  peaks[kSnare].push_back({11.6, 0.2F, 0.5F});
  // Two units are a line where one is above 0: x_4 counts by half to either side.
  Context context;
  ContextUnit rising;
  rising.weights[4] = 1;
  rising.outputs[kSnare] = 1;
  ContextUnit falling;
  falling.weights[4] = -1;
  falling.outputs[kSnare] = -1;
  context.units = {rising, falling};
  const Peaks heard = in_context(peaks, steady(6), {}, 12, context);
  EXPECT_GT(heard[kSnare][3].confidence, 0.4F);
  EXPECT_LT(heard[kSnare][6].confidence, 0.1F);
  EXPECT_EQ(heard[kSnare][6].time_s, 11.6);
  EXPECT_EQ(heard[kSnare][6].velocity, 0.5F);
}

TEST(Context, ShiftsLogOddsByWhatTheUnitsSay) {
  constexpr auto kKick = index_of(Drum::Kick);
  Context context;
  context.drums[kSnare] = {0.3, 0.5, -0.25};
  ContextUnit unit;
  unit.weights[0] = 2;
  unit.weights[19 + kKick] = 1;
  unit.biases[kSnare] = 3;
  unit.outputs[kSnare] = 0.75;
  ContextUnit below = unit;
  below.biases[kSnare] = -30;
  context.units = {unit, below};
  Peaks peaks;
  peaks[kSnare] = {{1, 0.4F, 0}};
  peaks[kKick] = {{1, 0.8F, 0}};
  const Peaks heard = in_context(peaks, {}, {}, 10, context);
  const double unit_input = 3 + 2 * logit(0.4) + logit(0.8);
  ASSERT_GT(unit_input, 0);
  const double expected = logit(0.4) + 0.5 * logit(0.4) - 0.25 + 0.75 * unit_input;
  EXPECT_NEAR(logit(static_cast<double>(heard[kSnare][0].confidence)), expected, 1e-5);
  EXPECT_EQ(heard[kKick][0].confidence, 0.8F) << "the kick has no weights";
}

TEST(Context, WithoutWeightsNothingChanges) {
  Peaks peaks;
  peaks[kSnare] = {{1, 0.123F, 0.5F}, {2, 1.0F, 0.5F}};
  const Peaks heard = in_context(peaks, steady(6), {}, 12, Context{});
  EXPECT_EQ(heard[kSnare][0].confidence, 0.123F);
  EXPECT_EQ(heard[kSnare][1].confidence, 1.0F);
}

}  // namespace
}  // namespace fyr
