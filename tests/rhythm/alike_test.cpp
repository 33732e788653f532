// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/alike.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace fyr::rhythm {
namespace {

constexpr auto kKick = index_of(Drum::Kick);
constexpr auto kSnare = index_of(Drum::Snare);

/// Frames of 10 ms with one value each that is not 0: `which[k]` in frames 10 k to 10 k + 9.
Timbre timbre_of(const std::vector<std::size_t>& which, std::uint8_t level = 200) {
  Timbre timbre;
  timbre.values.resize(which.size() * 10 * kNTimbreValues);
  for (std::size_t frame = 0; frame < 10 * which.size(); ++frame) {
    timbre.values[frame * kNTimbreValues + which[frame / 10]] = level;
  }
  return timbre;
}

/// A moment of the kick every 0.1 s, with these confidences.
std::vector<Moment> kicks(const std::vector<float>& confidences) {
  std::vector<Moment> moments;
  for (std::size_t i = 0; i < confidences.size(); ++i) {
    Moment& moment = moments.emplace_back();
    moment.first_s = moment.time_s = 0.1 * static_cast<double>(i);
    moment.confidence = moment.confidences[kKick] = confidences[i];
  }
  return moments;
}

TEST(Alike, PeaksThatComeTogetherAreOneMoment) {
  Peaks peaks;
  peaks[kKick] = {{1.0, 0.5F, 0}, {1.02, 0.3F, 0}, {1.06, 0.4F, 0}};
  peaks[kSnare] = {{1.01, 0.9F, 0}, {1.035, 0.2F, 0}};
  const std::vector<Moment> moments = moments_of(peaks);
  ASSERT_EQ(moments.size(), 2U) << "the second begins 35 ms after the first, and lasts to 1.065 s";
  EXPECT_EQ(moments[0].first_s, 1.0);
  EXPECT_EQ(moments[0].time_s, 1.01);
  EXPECT_EQ(moments[0].confidence, 0.9F);
  EXPECT_EQ(moments[0].confidences[kKick], 0.5F);
  EXPECT_EQ(moments[0].confidences[kSnare], 0.9F);
  EXPECT_EQ(moments[1].first_s, 1.035);
  EXPECT_EQ(moments[1].time_s, 1.06);
  EXPECT_EQ(moments[1].confidences[kSnare], 0.2F);
}

TEST(Alike, MeansAreOverTheEightThatSoundMostAlike) {
  // Nine moments sound of value 5, the others of 9.
  std::vector<std::size_t> which(20, 9);
  std::vector<float> confidences(20, 0.2F);
  for (std::size_t i = 1; i < 18; i += 2) {
    which[i] = 5;
    confidences[i] = 0.8F;
  }
  const auto alike = alike_moments(kicks(confidences), timbre_of(which), 0);
  ASSERT_TRUE(alike[1].has_value());
  EXPECT_NEAR((*alike[1])[kKick], 0.8, 1e-6);
  ASSERT_TRUE(alike[0].has_value());
  EXPECT_NEAR((*alike[0])[kKick], 0.2, 1e-6);
  EXPECT_EQ((*alike[0])[kSnare], 0);
}

TEST(Alike, LoudnessDoesNotCount) {
  // The first moment is as loud in all as those that sound otherwise.
  std::vector<std::size_t> which(20, 9);
  std::vector<float> confidences(20, 0.2F);
  for (std::size_t i = 0; i < 10; ++i) {
    which[i] = 5;
    confidences[i] = 0.8F;
  }
  Timbre timbre = timbre_of(which, 50);
  for (std::size_t frame = 0; frame < timbre.n_frames(); ++frame) {
    if (frame >= 10 && frame < 100) continue;
    for (std::size_t v = 0; v < kNTimbreValues; ++v) {
      timbre.values[frame * kNTimbreValues + v] += 100;
    }
  }
  const auto alike = alike_moments(kicks(confidences), timbre, 0);
  ASSERT_TRUE(alike[0].has_value());
  EXPECT_NEAR((*alike[0])[kKick], 0.8, 1e-6);
}

TEST(Alike, HowMuchASoundStandsOutCounts) {
  std::vector<float> confidences(20, 0.2F);
  Timbre timbre = timbre_of(std::vector<std::size_t>(20, 5), 100);
  for (std::size_t i = 0; i < 20; i += 2) {
    confidences[i] = 0.8F;
    for (std::size_t frame = 10 * i; frame < 10 * i + 10; ++frame) {
      timbre.values[frame * kNTimbreValues + 5] = 200;
    }
  }
  const auto alike = alike_moments(kicks(confidences), timbre, 0);
  ASSERT_TRUE(alike[0].has_value());
  EXPECT_NEAR((*alike[0])[kKick], 0.8, 1e-6);
}

TEST(Alike, BothTheStrokeAndWhatFollowsCount) {
  // Sounds of four kinds: two strokes of 3 frames, each followed by one of two sounds.
  std::vector<float> confidences;
  Timbre timbre;
  timbre.values.resize(400 * kNTimbreValues);
  for (std::size_t i = 0; i < 40; ++i) {
    confidences.push_back(0.2F + 0.2F * static_cast<float>(i % 4));
    for (std::size_t k = 0; k < 10; ++k) {
      const std::size_t value = k < 3 ? 2 + i % 2 : 6 + i / 2 % 2;
      timbre.values[(10 * i + k) * kNTimbreValues + value] = 200;
    }
  }
  const auto alike = alike_moments(kicks(confidences), timbre, 0);
  for (std::size_t i = 0; i < 4; ++i) {
    ASSERT_TRUE(alike[i].has_value());
    EXPECT_NEAR((*alike[i])[kKick], confidences[i], 1e-6) << i;
  }
}

TEST(Alike, ComparesFromAValueOn) {
  // Even moments sound alike in all values, the first half of them all in the values from 10 on.
  std::vector<std::size_t> which;
  std::vector<float> confidences;
  Timbre timbre;
  for (std::size_t i = 0; i < 20; ++i) {
    which.push_back(i % 2 == 0 ? 3 : 5);
    confidences.push_back((i % 2 == 0 ? 0.2F : 0.4F) + (i < 10 ? 0.4F : 0.0F));
  }
  timbre = timbre_of(which);
  for (std::size_t frame = 0; frame < timbre.n_frames(); ++frame) {
    timbre.values[frame * kNTimbreValues + (frame < 100 ? 12 : 15)] = 100;
  }
  const std::vector<Moment> moments = kicks(confidences);
  const double full = (*alike_moments(moments, timbre, 0)[0])[kKick];
  const double high = (*alike_moments(moments, timbre, 10)[0])[kKick];
  EXPECT_NEAR(full, (4 * 0.6 + 4 * 0.2) / 8, 1e-6) << "as the even ones do, of either half";
  EXPECT_NEAR(high, (4 * 0.6 + 4 * 0.8) / 8, 1e-6) << "as the first ten do, even and odd";
}

TEST(Alike, FaintMomentsAreNoExamples) {
  const auto alike = alike_moments(kicks({0.05F, 0.5F, 0.5F, 0.5F, 0.05F}),
                                   timbre_of(std::vector<std::size_t>(5, 5)), 0);
  ASSERT_TRUE(alike[0].has_value()) << "but they have some";
  EXPECT_NEAR((*alike[0])[kKick], 0.5, 1e-6);
  EXPECT_FALSE(alike[1].has_value()) << "two others are too few";
}

TEST(Alike, LooksAMinuteFar) {
  std::vector<Moment> moments = kicks({0.5F, 0.5F, 0.5F, 0.5F});
  const Timbre timbre = timbre_of(std::vector<std::size_t>(5, 5));
  for (std::size_t i = 1; i < 4; ++i) moments[i].first_s = moments[i].time_s += 59;
  EXPECT_TRUE(alike_moments(moments, timbre, 0)[0].has_value());
  for (std::size_t i = 1; i < 4; ++i) moments[i].first_s = moments[i].time_s += 1;
  EXPECT_FALSE(alike_moments(moments, timbre, 0)[0].has_value());
  EXPECT_FALSE(alike_moments(moments, timbre, 0)[3].has_value());
}

TEST(Alike, NoMomentIsAnExampleOfItsOwnSound) {
  const Timbre timbre = timbre_of(std::vector<std::size_t>(4, 5));
  std::vector<Moment> moments = kicks({0.5F, 0.5F, 0.5F, 0.5F});
  EXPECT_TRUE(alike_moments(moments, timbre, 0)[0].has_value());
  moments[1].time_s = moments[1].first_s = 0.04;
  EXPECT_FALSE(alike_moments(moments, timbre, 0)[0].has_value());
}

TEST(Alike, ManyMomentsAreComparedAsFewAre) {
  // More than are computed at a time; the sound changes every third.
  std::vector<std::size_t> which;
  std::vector<float> confidences;
  for (std::size_t i = 0; i < 300; ++i) {
    which.push_back(4 + i % 3);
    confidences.push_back(0.2F + 0.3F * static_cast<float>(i % 3));
  }
  const auto alike = alike_moments(kicks(confidences), timbre_of(which), 0);
  for (std::size_t i = 0; i < alike.size(); ++i) {
    ASSERT_TRUE(alike[i].has_value());
    EXPECT_NEAR((*alike[i])[kKick], confidences[i], 1e-6) << i;
  }
}

TEST(Alike, EachMomentLooksAMinuteFarHoweverFarTheFirstIs) {
  // A moment every two seconds, of which 64 are computed at a time.
  std::vector<Moment> moments = kicks(std::vector<float>(100, 0.2F));
  std::vector<std::size_t> which(2000, 9);
  for (std::size_t i = 0; i < moments.size(); ++i) {
    moments[i].first_s = moments[i].time_s = 2 * static_cast<double>(i);
    if (i < 63 || i >= 80) continue;
    which[20 * i] = 5;
    if (i > 63) moments[i].confidence = moments[i].confidences[kKick] = 0.8F;
  }
  const auto alike = alike_moments(moments, timbre_of(which), 0);
  ASSERT_TRUE(alike[63].has_value());
  EXPECT_NEAR((*alike[63])[kKick], 0.8, 1e-6) << "as those that come after it";
}

}  // namespace
}  // namespace fyr::rhythm
