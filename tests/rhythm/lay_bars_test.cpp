// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/lay_bars.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "fyr/error.hpp"
#include "rhythm/compound.hpp"

namespace fyr::rhythm {
namespace {

TEST(LayBars, MusicThatBeginsLateInABarBeginsWithAPickup) {
  const auto first_length = [](int first_step) {
    std::vector<Pulse> pulses;
    for (int i = first_step; i < 8; ++i) pulses.push_back({10 + 0.5 * i, 0, i % 4, 10.5 + 0.5 * i});
    return lay_bars(pulses, {{{4, 4}}}).bars.front().length;
  };
  EXPECT_EQ(first_length(3), kTicksPerQuarter);
  EXPECT_EQ(first_length(1), 4 * kTicksPerQuarter) << "most of the bar is there";
}

TEST(LayBars, AGivenLastBarMayBeUnfinished) {
  std::vector<Beat> beats;
  for (int i = 0; i < 10; ++i) beats.push_back({0.5 * i, i % 4 + 1});
  const BarPlan plan = lay_given_beats(beats, nullptr);
  ASSERT_EQ(plan.bars.size(), 3U);
  EXPECT_EQ(plan.bars.back().meter, (Meter{4, 4}));
  EXPECT_EQ(plan.bars.back().length, 4 * kTicksPerQuarter);
}

TEST(CheckBeat, BeatsAreAtMostAMinuteApart) {
  const Beat before{0, 1};
  EXPECT_NO_THROW(check_beat({60, 2}, &before));
  EXPECT_THROW(check_beat({60.5, 2}, &before), UsageError);
}

/// Whether beats of .6 s, two a bar, with hits at these phases are dotted quarters. The first two
/// have one on their first third as well.
bool is_six_eight(int n_beats, const std::vector<double>& phases) {
  std::vector<Beat> beats;
  std::vector<Onset> onsets;
  for (int i = 0; i < n_beats; ++i) {
    beats.push_back({0.6 * i, i % 2 + 1});
    if (i < 2) onsets.push_back({0.6 * (i + 1. / 3), Drum::Snare, 90, 1});
    for (const double phase : phases) {
      onsets.push_back({0.6 * (i + phase), Drum::ClosedHiHat, 90, 1});
    }
  }
  return is_compound_duple(beats, onsets);
}

TEST(CompoundDuple, NeedsThirdsThatOutweighQuarters) {
  EXPECT_TRUE(is_six_eight(17, {0, 1. / 3, 2. / 3}));
  EXPECT_FALSE(is_six_eight(3, {0, 1. / 3, 2. / 3})) << "six hits say little";
  EXPECT_FALSE(is_six_eight(17, {0, 2. / 3})) << "a shuffle";
  EXPECT_FALSE(is_six_eight(17, {0, 0.25, 1. / 3, 2. / 3, 0.75})) << "as many quarters as thirds";
}

}  // namespace
}  // namespace fyr::rhythm
