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

TEST(LayBars, APickupMovesBarLinesTheShorterWay) {
  const Meter five{5, 4};
  const Meter three{3, 4};
  BarPlan plan;
  for (const Meter& meter : {five, five, three, three}) {
    plan.bars.push_back({meter, meter.bar_ticks(), 0, 0, {}});
  }
  plan.knots = {{0, 0}, {16 * kTicksPerQuarter, 8}};
  set_pickup(plan, 2, 7.9, 4);  // The first stroke is on the fifth beat.
  EXPECT_EQ(plan.bars[0].length, 4 * kTicksPerQuarter);
  EXPECT_EQ(plan.bars[1].meter, three) << "in place of the beat after it, not nine beats later";
}

TEST(LayBars, WhatIsSilentBeforeTheFirstStrokeIsNoPickup) {
  const Meter meter{4, 4};
  // Bars at 120 from `start_s` on, the first of `length` ticks; the first stroke stands at `tick`.
  const auto opened = [&](Tick length, double start_s, Tick tick) {
    const auto n_quarters = static_cast<std::size_t>(length / kTicksPerQuarter);
    BarPlan plan{{{meter, length, 0, 0, std::vector<Grid>(n_quarters, Grid::Straight)},
                  {meter, meter.bar_ticks(), 0, 0, std::vector<Grid>(4, Grid::Straight)}},
                 {{0, start_s}, {4800, start_s + 5}}};
    const Tick silent = drop_silent_opening(plan, tick);
    EXPECT_NEAR(TimeMap(plan.knots).time_at(0), start_s + silent / 960.0, 1e-9);
    const Bar& first = plan.bars.front();
    EXPECT_EQ(first.grids.size(), static_cast<std::size_t>((first.length + 479) / 480));
    return std::pair(first.length, silent);
  };
  EXPECT_EQ(opened(960, 3, 240), std::pair(960, 0));
  EXPECT_EQ(opened(960, 3, 720), std::pair(480, 480)) << "from the beat on";
  EXPECT_EQ(opened(960, 3, 960), std::pair(1920, 960)) << "no pickup at all";
  EXPECT_EQ(opened(1920, 3, 720), std::pair(1920, 0)) << "a whole bar";
  EXPECT_EQ(opened(1920, -0.75, 720), std::pair(1200, 720)) << "one before the recording";
  EXPECT_EQ(opened(960, -0.75, 720), std::pair(240, 720)) << "from the stroke on";
  EXPECT_EQ(opened(960, -0.66, 640), std::pair(480, 480)) << "a third of a beat";
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
