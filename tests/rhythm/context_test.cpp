// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/context.hpp"

#include <gtest/gtest.h>

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

Context with_weights(const ContextFeatures& weights) {
  Context context;
  context.drums[kSnare].weights = weights;
  return context;
}

TEST(Context, ProminenceIsThatOfTheWholeRecording) {
  const std::vector<Peak> peaks = {{1, 0.9F, 0}, {2, 0.8F, 0}, {3, 0.7F, 0},
                                   {4, 0.2F, 0}, {5, 0.1F, 0}, {6, 0.05F, 0}};
  const auto features = context_features(peaks, {}, 10, Context{});
  ASSERT_EQ(features.size(), peaks.size());
  for (const ContextFeatures& x : features) {
    EXPECT_NEAR(x[0], logit((0.9 + 0.8 + 0.7 + 0.2 + 0.1) / 5), 1e-6);
    EXPECT_NEAR(x[1], logit((0.9 + 0.8 + 0.7 + 0.2 + 0.1) / 5), 1e-6);
    EXPECT_NEAR(x[2], std::log(0.02 + 0.3), 1e-6);
  }
}

TEST(Context, WithoutBarsARepetitionIsThePeakItself) {
  const auto features = context_features({{1, 0.4F, 0}}, {}, 10, Context{});
  EXPECT_NEAR(features[0][3], logit(0.4), 1e-6);
  EXPECT_NEAR(features[0][4], logit(0.4), 1e-6);
}

TEST(Context, LooksABarAndTwoBarsBeforeAndAfter) {
  // On the third beat of bars 1 to 4, 20 ms late in bar 2; bars 5 and 6 have none.
  const std::vector<Peak> peaks = {{1, 0.2F, 0}, {3.02, 0.8F, 0}, {5, 0.4F, 0}, {7, 0.6F, 0}};
  const auto features = context_features(peaks, steady(6), 12, Context{});
  EXPECT_NEAR(features[0][3], logit(0.8), 1e-6) << "nothing lies before the first bar";
  EXPECT_NEAR(features[0][4], logit(0.4), 1e-6);
  EXPECT_NEAR(features[2][3], logit((0.8 + 0.6) / 2), 1e-6);
  EXPECT_NEAR(features[2][4], logit(0.2 / 2), 1e-6) << "bar 5 lies inside and has no peak";
}

TEST(Context, WithoutAClearPeakTheRecordingShowsNone) {
  EXPECT_NEAR(context_features({{1, 0.09F, 0}}, {}, 10, Context{})[0][1], logit(0.05), 1e-6);
}

TEST(Context, TheHighestLogOddsAreThoseOfPointNineSeven) {
  EXPECT_NEAR(context_features({{1, 1, 0}}, {}, 10, Context{})[0][0], logit(0.97), 1e-6);
}

TEST(Context, APeakThatIsTooLowRepeatsNothing) {
  Context context;
  context.least = 0.03;
  const std::vector<Peak> peaks = {{1, 0.2F, 0}, {3, 0.02F, 0}};
  EXPECT_NEAR(context_features(peaks, steady(2), 4, context)[0][3], logit(0.01), 1e-6);
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
  const auto features = context_features(peaks, grid, time_s, Context{});
  EXPECT_NEAR(features[1][3], logit(0.5), 1e-6);
}

TEST(Context, AFaintHitAmongClearOnesRisesAndALonelyOneFalls) {
  Peaks peaks;
  for (int bar = 0; bar < 6; ++bar) {
    peaks[kSnare].push_back({2.0 * bar + 1, bar == 3 ? 0.2F : 0.8F, 0.5F});
  }
  peaks[kSnare].push_back({11.6, 0.2F, 0.5F});
  const Context context = with_weights({0, 0, 0, 0.5, 0.5});
  const Peaks heard = in_context(peaks, steady(6), 12, context);
  EXPECT_GT(heard[kSnare][3].confidence, 0.4F);
  EXPECT_LT(heard[kSnare][6].confidence, 0.1F);
  EXPECT_EQ(heard[kSnare][6].time_s, 11.6);
  EXPECT_EQ(heard[kSnare][6].velocity, 0.5F);
}

TEST(Context, ShiftsLogOddsByTheWeightedDistanceFromTheMeans) {
  Context context = with_weights({2, 0, 0, 0, 0});
  context.drums[kSnare].means = {logit(0.6), 0, 0, 0, 0};
  Peaks peaks;
  peaks[kSnare] = {{1, 0.4F, 0}};
  const Peaks heard = in_context(peaks, {}, 10, context);
  const double expected = logit(0.4) + 2 * (logit(0.4) - logit(0.6));
  EXPECT_NEAR(logit(static_cast<double>(heard[kSnare][0].confidence)), expected, 1e-5);
}

TEST(Context, WithoutWeightsNothingChanges) {
  Peaks peaks;
  peaks[kSnare] = {{1, 0.123F, 0.5F}, {2, 1.0F, 0.5F}};
  const Peaks heard = in_context(peaks, steady(6), 12, Context{});
  EXPECT_EQ(heard[kSnare][0].confidence, 0.123F);
  EXPECT_EQ(heard[kSnare][1].confidence, 1.0F);
}

}  // namespace
}  // namespace fyr
