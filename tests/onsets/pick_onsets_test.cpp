// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <tuple>

#include "fyr/activations.hpp"
#include "fyr/onsets.hpp"

namespace fyr {
namespace {

/// Snare only, one value a frame.
Activations snare_curve(const std::vector<float>& values) {
  Activations activations;
  activations.drums = {Drum::Snare};
  activations.onsets.resize(static_cast<Eigen::Index>(values.size()), 1);
  for (std::size_t i = 0; i < values.size(); ++i) {
    activations.onsets(static_cast<Eigen::Index>(i), 0) = values[i];
  }
  return activations;
}

PerDrum<PeakPicking> settings(double threshold, double gap_s = 0.03) {
  PerDrum<PeakPicking> all;
  all[index_of(Drum::Snare)].threshold = threshold;
  all[index_of(Drum::Snare)].gap_s = gap_s;
  return all;
}

std::vector<Onset> pick_onsets(const Activations& activations, const PerDrum<PeakPicking>& settings,
                               double time_offset_s) {
  PeakFinder finder(settings, 1, time_offset_s);
  finder.push(activations);
  return fyr::pick_onsets(finder.finish(), settings);
}

std::vector<float> silence(std::size_t n_frames) { return std::vector<float>(n_frames, 0.0F); }

TEST(PickOnsets, NoFramesGiveNoHits) {
  EXPECT_TRUE(pick_onsets(snare_curve({}), settings(0.1), 0).empty());
}

TEST(PickOnsets, FindsAPeakAtItsFrame) {
  auto curve = silence(100);
  curve[50] = 0.9F;
  const auto onsets = pick_onsets(snare_curve(curve), settings(0.3), 0);
  ASSERT_EQ(onsets.size(), 1U);
  EXPECT_NEAR(onsets[0].time_s, 0.5, 1e-9);
  EXPECT_EQ(onsets[0].drum, Drum::Snare);
  // The mean window holds 12 frames (10 before, the peak, 1 after).
  EXPECT_NEAR(onsets[0].confidence, 0.9 - 0.9 / 12, 1e-6);
}

TEST(PickOnsets, FindsAHitOnTheVeryFirstFrame) {
  auto curve = silence(20);
  curve[0] = 0.8F;
  curve[1] = 0.2F;
  const auto onsets = pick_onsets(snare_curve(curve), settings(0.3), 0);
  ASSERT_EQ(onsets.size(), 1U);
  EXPECT_NEAR(onsets[0].time_s, 0.0, 0.005);
}

TEST(PickOnsets, IgnoresWhatDoesNotRiseAboveTheMovingMean) {
  auto plateau = std::vector<float>(100, 0.6F);
  plateau[50] = 0.7F;
  const auto onsets = pick_onsets(snare_curve(plateau), settings(0.3), 0);
  ASSERT_EQ(onsets.size(), 1U) << "the start of the plateau is a rise, the ripple on it is not";
  EXPECT_LT(onsets[0].time_s, 0.01);
}

TEST(PickOnsets, RefinesTheTimeBelowTheHop) {
  auto curve = silence(100);
  // A parabola whose vertex lies at frame 50.25.
  for (int k = 49; k <= 51; ++k) {
    const float distance = static_cast<float>(k) - 50.25F;
    curve[static_cast<std::size_t>(k)] = 0.9F - 0.3F * distance * distance;
  }
  const auto onsets = pick_onsets(snare_curve(curve), settings(0.3), 0);
  ASSERT_EQ(onsets.size(), 1U);
  EXPECT_NEAR(onsets[0].time_s, 0.5025, 1e-5);
}

TEST(PickOnsets, KeepsTheStrongerOfTwoPeaksWithinTheGap) {
  for (const auto& [first, second, left_s] :
       {std::tuple(0.6F, 0.9F, 0.54), std::tuple(0.9F, 0.6F, 0.50)}) {
    auto curve = silence(100);
    curve[50] = first;
    curve[54] = second;
    EXPECT_EQ(pick_onsets(snare_curve(curve), settings(0.1, 0.03), 0).size(), 2U);
    const auto onsets = pick_onsets(snare_curve(curve), settings(0.1, 0.05), 0);
    ASSERT_EQ(onsets.size(), 1U);
    EXPECT_NEAR(onsets[0].time_s, left_s, 1e-9);
  }
}

TEST(PickOnsets, FindsAHitOnTheVeryLastFrame) {
  auto curve = silence(100);
  curve[99] = 0.9F;
  const auto onsets = pick_onsets(snare_curve(curve), settings(0.3), 0);
  ASSERT_EQ(onsets.size(), 1U);
  // The frame behind it counts as silence.
  EXPECT_NEAR(onsets[0].confidence, 0.9 - 0.9 / 12, 1e-6);
}

TEST(PickOnsets, TwoHitsThirtyMillisecondsApartAreTwo) {
  auto curve = silence(100);
  curve[50] = 0.9F;
  curve[53] = 0.9F;
  EXPECT_EQ(pick_onsets(snare_curve(curve), settings(0.3, 0.025), 0).size(), 2U);
}

TEST(PickOnsets, AddsTheOffsetButNeverGoesBelowZero) {
  auto curve = silence(100);
  curve[0] = 0.9F;
  curve[50] = 0.9F;
  const auto onsets = pick_onsets(snare_curve(curve), settings(0.3), -0.004);
  ASSERT_EQ(onsets.size(), 2U);
  EXPECT_EQ(onsets[0].time_s, 0.0);
  EXPECT_NEAR(onsets[1].time_s, 0.496, 1e-9);
}

TEST(PickOnsets, FindsTheSameHoweverTheFramesAreCut) {
  std::mt19937 random(2);
  std::uniform_real_distribution<float> uniform(0, 1);
  auto curve = silence(5000);
  for (float& value : curve) value = uniform(random);
  const auto whole = pick_onsets(snare_curve(curve), settings(0.1), 0);
  ASSERT_GT(whole.size(), 500U);
  for (const std::size_t block : {1U, 3U, 1499U}) {
    PeakFinder finder(settings(0.1), 1, 0);
    for (std::size_t at = 0; at < curve.size(); at += block) {
      const std::size_t end = std::min(curve.size(), at + block);
      finder.push(snare_curve({curve.data() + at, curve.data() + end}));
    }
    const auto onsets = fyr::pick_onsets(finder.finish(), settings(0.1));
    ASSERT_EQ(onsets.size(), whole.size()) << block;
    for (std::size_t i = 0; i < onsets.size(); ++i) {
      EXPECT_EQ(onsets[i].time_s, whole[i].time_s);
      EXPECT_EQ(onsets[i].confidence, whole[i].confidence);
      EXPECT_EQ(onsets[i].velocity, whole[i].velocity);
    }
  }
}

TEST(PickOnsets, RaisingTheThresholdOnlyRemovesHits) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> uniform(0, 1);
  auto curve = silence(5000);
  for (float& value : curve) value = uniform(random);
  auto lower = pick_onsets(snare_curve(curve), settings(0.05), 0);
  for (const double threshold : {0.1, 0.2, 0.4}) {
    std::erase_if(lower, [&](const Onset& onset) { return onset.confidence < threshold; });
    const auto higher = pick_onsets(snare_curve(curve), settings(threshold), 0);
    ASSERT_EQ(higher.size(), lower.size());
    for (std::size_t i = 0; i < higher.size(); ++i) EXPECT_EQ(higher[i].time_s, lower[i].time_s);
  }
}

TEST(PickOnsets, DrumWithoutOneClearPeakIsNotPlayed) {
  auto curve = silence(300);
  for (const std::size_t frame : {50U, 120U, 200U}) curve[frame] = 0.4F;
  auto gated = settings(0.2);
  gated[index_of(Drum::Snare)].presence = 0.6;
  EXPECT_TRUE(pick_onsets(snare_curve(curve), gated, 0).empty());
  curve[250] = 0.9F;
  EXPECT_EQ(pick_onsets(snare_curve(curve), gated, 0).size(), 4U) << "the weak ones count again";
}

TEST(PickOnsets, OneInstrumentMakesOneSoundAtATime) {
  Activations activations;
  activations.drums = {Drum::ClosedHiHat, Drum::OpenHiHat, Drum::Crash};
  activations.onsets = Matrix::Zero(100, 3);
  activations.onsets(50, 0) = 0.6F;
  activations.onsets(51, 1) = activations.onsets(51, 2) = 0.5F;
  activations.onsets(56, 1) = 0.5F;
  PerDrum<PeakPicking> one_sound;
  for (PeakPicking& drum : one_sound) {
    drum.threshold = 0.1;
    drum.alone_s = 0.02;
  }
  const auto onsets = pick_onsets(activations, one_sound, 0);
  ASSERT_EQ(onsets.size(), 3U);
  EXPECT_EQ(onsets[0].drum, Drum::ClosedHiHat);
  EXPECT_EQ(onsets[1].drum, Drum::Crash);
  EXPECT_EQ(onsets[2].drum, Drum::OpenHiHat) << "50 ms later it is another hit";
}

TEST(PickOnsets, OfEqualSoundsOfOneInstrumentOneStays) {
  PerDrum<PeakPicking> one_sound;
  for (PeakPicking& drum : one_sound) drum.alone_s = 0.02;
  Peaks peaks;
  peaks[index_of(Drum::ClosedHiHat)] = peaks[index_of(Drum::OpenHiHat)] = {{1, 0.6F, 0.5F}};
  const auto onsets = fyr::pick_onsets(peaks, one_sound);
  ASSERT_EQ(onsets.size(), 1U);
  EXPECT_EQ(onsets[0].drum, Drum::OpenHiHat);
}

/// Peaks that need the same threshold whatever the drum.
class PickedPeaks : public testing::Test {
 protected:
  explicit PickedPeaks(double threshold) {
    for (PeakPicking& drum : settings_) {
      drum.threshold = threshold;
      drum.alone_s = 0.02;
    }
  }

  void add(Drum drum, double time_s, float confidence) {
    std::vector<Peak>& of_drum = peaks_[index_of(drum)];
    of_drum.insert(std::ranges::upper_bound(of_drum, time_s, {}, &Peak::time_s),
                   {time_s, confidence, 0.5F});
  }

  Peaks peaks_;
  PerDrum<PeakPicking> settings_;
};

/// What a drummer can have played.
class OneDrummer : public PickedPeaks {
 protected:
  OneDrummer() : PickedPeaks(0.1) {}

  std::vector<Onset> possible() const {
    return drop_impossible(fyr::pick_onsets(peaks_, settings_), settings_);
  }

  std::set<Drum> pick() const {
    std::set<Drum> drums;
    for (const Onset& onset : possible()) drums.insert(onset.drum);
    return drums;
  }
};

TEST_F(OneDrummer, AStrokeIsOnOneCymbal) {
  add(Drum::OpenHiHat, 1, 0.5F);
  add(Drum::PedalHiHat, 1.03, 0.5F);
  add(Drum::Crash, 1.01, 0.45F);
  EXPECT_EQ(pick(), (std::set{Drum::OpenHiHat, Drum::PedalHiHat}));
  settings_[index_of(Drum::OpenHiHat)].threshold = 0.2;
  EXPECT_EQ(pick(), (std::set{Drum::Crash, Drum::PedalHiHat})) << "exceeds its threshold by more";
  add(Drum::PedalHiHat, 2, 0.5F);
  add(Drum::Ride, 2, 0.5F);
  EXPECT_TRUE(pick().contains(Drum::Ride)) << "the foot needs no stick";
}

TEST_F(OneDrummer, SnareAndSmallTomAreOneStroke) {
  add(Drum::Snare, 1, 0.6F);
  add(Drum::HighTom, 1, 0.5F);
  EXPECT_EQ(pick(), std::set{Drum::Snare});
  add(Drum::Snare, 2, 0.6F);
  add(Drum::FloorTom, 2, 0.4F);
  EXPECT_EQ(pick(), (std::set{Drum::Snare, Drum::FloorTom}));
}

TEST_F(OneDrummer, HasTwoHands) {
  add(Drum::Kick, 1, 0.9F);
  add(Drum::Snare, 1, 0.6F);
  add(Drum::PedalHiHat, 1, 0.8F);
  add(Drum::FloorTom, 1, 0.4F);
  add(Drum::Ride, 1.01, 0.5F);
  add(Drum::Percussion, 1, 0.7F);
  EXPECT_EQ(pick(),
            (std::set{Drum::Kick, Drum::Snare, Drum::PedalHiHat, Drum::Ride, Drum::Percussion}))
      << "the floor tom has no hand left; feet and other players need none";
  add(Drum::FloorTom, 1.041, 0.4F);
  EXPECT_TRUE(pick().contains(Drum::FloorTom)) << "after another";
}

TEST_F(OneDrummer, NeedsTimeToMakeAnotherSound) {
  add(Drum::Snare, 1, 0.6F);
  add(Drum::SideStick, 1.04, 0.5F);
  add(Drum::ClosedHiHat, 1.01, 0.4F);
  add(Drum::OpenHiHat, 1.05, 0.7F);
  add(Drum::Kick, 1.04, 0.9F);
  EXPECT_EQ(pick(), (std::set{Drum::Kick, Drum::Snare, Drum::OpenHiHat}));
  add(Drum::SideStick, 1.05, 0.55F);
  EXPECT_TRUE(pick().contains(Drum::SideStick)) << "of another stroke";
}

TEST_F(OneDrummer, ClosesAHiHatAndGoesFromTomToTomAtOnce) {
  add(Drum::OpenHiHat, 1, 0.6F);
  add(Drum::PedalHiHat, 1.03, 0.5F);
  add(Drum::HighTom, 2, 0.6F);
  add(Drum::FloorTom, 2.03, 0.5F);
  EXPECT_EQ(possible().size(), 4U);
}

TEST_F(OneDrummer, PlaysAFlamWithBothHands) {
  const auto n_snares_beside = [this](double gap_s, float hat) {
    peaks_ = {};
    add(Drum::Snare, 1, 0.6F);
    add(Drum::Snare, 1 + gap_s, 0.4F);
    add(Drum::ClosedHiHat, 1.01, hat);
    const std::vector<Onset> onsets = possible();
    return std::pair(std::ranges::count(onsets, Drum::Snare, &Onset::drum), onsets.size());
  };
  EXPECT_EQ(n_snares_beside(0.035, 0.5F), std::pair(std::ptrdiff_t{1}, std::size_t{2}));
  EXPECT_EQ(n_snares_beside(0.035, 0.3F), std::pair(std::ptrdiff_t{2}, std::size_t{2}))
      << "the hi-hat is what is not there";
  EXPECT_EQ(n_snares_beside(0.045, 0.5F), std::pair(std::ptrdiff_t{2}, std::size_t{3}))
      << "one hand strikes twice";
}

TEST_F(OneDrummer, StrikesAgainWithOneLimb) {
  const auto n_again = [this](Drum drum, double gap_s) {
    peaks_ = {};
    add(drum, 1, 0.6F);
    add(drum, 1 + gap_s, 0.5F);
    return possible().size();
  };
  for (const Drum drum : {Drum::ClosedHiHat, Drum::PedalHiHat, Drum::Crash}) {
    EXPECT_EQ(n_again(drum, 0.059), 1U);
    EXPECT_EQ(n_again(drum, 0.061), 2U);
  }
  EXPECT_EQ(n_again(Drum::Kick, 0.039), 1U);
  EXPECT_EQ(n_again(Drum::Kick, 0.041), 2U);
  EXPECT_EQ(n_again(Drum::FloorTom, 0.035), 2U) << "with two hands";
}

TEST_F(OneDrummer, StrikesTwoCymbalsOneAfterTheOther) {
  for (PeakPicking& drum : settings_) drum.alone_s = 0.02;
  add(Drum::OpenHiHat, 1, 0.5F);
  add(Drum::Crash, 1.035, 0.4F);
  EXPECT_EQ(pick(), std::set{Drum::OpenHiHat}) << "one stroke, heard twice";
  add(Drum::Crash, 1.045, 0.45F);
  EXPECT_EQ(pick(), (std::set{Drum::OpenHiHat, Drum::Crash}));
}

/// Hats and a snare whose peaks need .4, the hats' pooled.
class PooledHats : public PickedPeaks {
 protected:
  PooledHats() : PickedPeaks(0.4) {
    for (const Drum hat : {Drum::ClosedHiHat, Drum::PedalHiHat, Drum::OpenHiHat}) {
      settings_[index_of(hat)].pooled = true;
    }
    // Elsewhere all of them are played.
    for (const Drum drum :
         {Drum::ClosedHiHat, Drum::PedalHiHat, Drum::OpenHiHat, Drum::Snare, Drum::SideStick}) {
      add(drum, 9, 0.9F);
    }
  }

  std::vector<Onset> pick() const {
    std::vector<Onset> onsets = fyr::pick_onsets(peaks_, settings_);
    std::erase_if(onsets, [](const Onset& onset) { return onset.time_s >= 9; });
    return onsets;
  }
};

TEST_F(PooledHats, WeakPeaksAddUpToTheLikeliest) {
  add(Drum::ClosedHiHat, 1, 0.25F);
  add(Drum::PedalHiHat, 1.01, 0.2F);
  const auto onsets = pick();
  ASSERT_EQ(onsets.size(), 1U);
  EXPECT_EQ(onsets[0].drum, Drum::ClosedHiHat);
  EXPECT_EQ(onsets[0].time_s, 1);
  EXPECT_NEAR(onsets[0].confidence, 0.45, 1e-6);
}

TEST_F(PooledHats, EvidenceIsMeasuredInThresholds) {
  settings_[index_of(Drum::OpenHiHat)].threshold = 0.2;
  add(Drum::ClosedHiHat, 1, 0.21F);
  add(Drum::OpenHiHat, 1, 0.09F);
  EXPECT_TRUE(pick().empty()) << ".21 / .4 + .09 / .2 < 1";
  add(Drum::ClosedHiHat, 2, 0.21F);
  add(Drum::OpenHiHat, 2, 0.1F);
  const auto onsets = pick();
  ASSERT_EQ(onsets.size(), 1U);
  EXPECT_EQ(onsets[0].drum, Drum::OpenHiHat) << "falls .1 short, the closed one .19";
  EXPECT_NEAR(onsets[0].confidence, 0.205, 1e-6);
}

TEST_F(PooledHats, TooLittleTooFarOrAnotherInstrumentAddsNothing) {
  add(Drum::ClosedHiHat, 1, 0.25F);
  add(Drum::PedalHiHat, 1, 0.1F);
  add(Drum::ClosedHiHat, 2, 0.3F);
  add(Drum::PedalHiHat, 2.02, 0.3F);
  add(Drum::ClosedHiHat, 3, 0.3F);
  add(Drum::Snare, 3, 0.3F);
  EXPECT_TRUE(pick().empty());
}

TEST_F(PooledHats, WhatIsHeardAloneStaysAsItIs) {
  add(Drum::ClosedHiHat, 1, 0.5F);
  add(Drum::PedalHiHat, 1, 0.39F);
  const auto onsets = pick();
  ASSERT_EQ(onsets.size(), 1U);
  EXPECT_EQ(onsets[0].drum, Drum::ClosedHiHat);
  EXPECT_NEAR(onsets[0].confidence, 0.5, 1e-6);
}

TEST_F(PooledHats, AWeakPeakDoesNotPoolOverAStrongOneBesideIt) {
  add(Drum::ClosedHiHat, 1, 0.39F);
  add(Drum::ClosedHiHat, 1.015, 0.45F);
  add(Drum::PedalHiHat, 0.99, 0.38F);
  const auto onsets = pick();
  ASSERT_EQ(onsets.size(), 1U);
  EXPECT_EQ(onsets[0].time_s, 1.015);
  EXPECT_NEAR(onsets[0].confidence, 0.45, 1e-6);
}

TEST_F(PooledHats, AWeakPeakDoesNotPoolWithinTheGapOfAStrongOne) {
  add(Drum::ClosedHiHat, 1, 0.5F);
  add(Drum::ClosedHiHat, 1.025, 0.32F);
  add(Drum::PedalHiHat, 1.025, 0.3F);
  const auto onsets = pick();
  ASSERT_EQ(onsets.size(), 1U);
  EXPECT_EQ(onsets[0].time_s, 1);
}

TEST_F(PooledHats, ASoundThatNeverReachesItsThresholdGivesNothing) {
  peaks_[index_of(Drum::PedalHiHat)] = {{1, 0.3F, 0.5F}};
  add(Drum::ClosedHiHat, 1, 0.3F);
  EXPECT_TRUE(pick().empty());
}

TEST_F(PooledHats, ADrumThatIsNotPooledGainsNothingButGives) {
  settings_[index_of(Drum::ClosedHiHat)].pooled = false;
  add(Drum::ClosedHiHat, 1, 0.3F);
  add(Drum::PedalHiHat, 1, 0.2F);
  add(Drum::Snare, 1, 0.3F);
  add(Drum::SideStick, 1, 0.3F);
  add(Drum::ClosedHiHat, 2, 0.2F);
  add(Drum::PedalHiHat, 2, 0.3F);
  const auto onsets = pick();
  ASSERT_EQ(onsets.size(), 1U);
  EXPECT_EQ(onsets[0].drum, Drum::PedalHiHat);
  EXPECT_EQ(onsets[0].time_s, 2);
}

TEST_F(PooledHats, ASoundThatIsNotPlayedNeitherGainsNorGives) {
  settings_[index_of(Drum::PedalHiHat)].presence = 0.95;
  add(Drum::ClosedHiHat, 1, 0.3F);
  add(Drum::PedalHiHat, 1, 0.3F);
  EXPECT_TRUE(pick().empty());
}

TEST_F(PooledHats, TheConfidenceStaysWithinOne) {
  for (const Drum hat : {Drum::ClosedHiHat, Drum::PedalHiHat, Drum::OpenHiHat}) {
    settings_[index_of(hat)].threshold = 0.8;
    add(hat, 1, 0.7F);
  }
  const auto onsets = pick();
  ASSERT_EQ(onsets.size(), 1U);
  EXPECT_EQ(onsets[0].drum, Drum::OpenHiHat) << "of equals the last, as for sounds at one time";
  EXPECT_EQ(onsets[0].confidence, 1);
}

TEST(PickOnsets, VelocityComesFromItsOwnCurve) {
  auto curve = silence(100);
  curve[50] = 0.9F;
  Activations activations = snare_curve(curve);
  activations.velocities = Matrix::Constant(100, 1, 0.5F);
  const auto onsets = pick_onsets(activations, settings(0.3), 0);
  ASSERT_EQ(onsets.size(), 1U);
  EXPECT_EQ(onsets[0].velocity, 64);
}

TEST(PickOnsets, OrdersByTimeThenDrum) {
  Activations activations;
  activations.drums = {Drum::Crash, Drum::Kick};
  activations.onsets = Matrix::Zero(100, 2);
  activations.onsets(50, 0) = activations.onsets(50, 1) = activations.onsets(20, 0) = 0.9F;
  const auto onsets = pick_onsets(activations, settings(0.3), 0);
  ASSERT_EQ(onsets.size(), 3U);
  EXPECT_EQ(onsets[0].drum, Drum::Crash);
  EXPECT_EQ(onsets[1].drum, Drum::Kick);
  EXPECT_EQ(onsets[2].drum, Drum::Crash);
}

}  // namespace
}  // namespace fyr
