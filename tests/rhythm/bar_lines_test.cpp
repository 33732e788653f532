// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/bar_lines.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace fyr::rhythm {
namespace {

constexpr double kQuarter_s = 0.5;
constexpr int kBars = 24;

BarPlan plan_of(const Meter& meter, int pickup_beats = 0) {
  BarPlan plan;
  if (pickup_beats > 0) plan.bars.push_back({meter, pickup_beats * kTicksPerQuarter, 0, 0, {}});
  for (int bar = 0; bar < kBars; ++bar) plan.bars.push_back({meter, meter.bar_ticks(), 0, 0, {}});
  plan.knots = {{0, 0}, {kTicksPerQuarter, kQuarter_s}};
  return plan;
}

/// Hi-hats on the quarters, kick and crash every other bar `at` quarters after its first beat.
std::vector<Onset> with_crashes(double at, int n_crashes, bool answered = false) {
  std::vector<Onset> onsets;
  for (int quarter = 0; quarter < 4 * kBars; ++quarter) {
    onsets.push_back({kQuarter_s * quarter, Drum::ClosedHiHat, 80, 1});
  }
  for (int i = 0; i < n_crashes; ++i) {
    const double quarter = 8 * i + at;
    onsets.push_back({kQuarter_s * quarter, Drum::Kick, 90, 1});
    onsets.push_back({kQuarter_s * quarter + 0.01, Drum::Crash, 90, 1});
    if (answered) onsets.push_back({kQuarter_s * (quarter + 0.5), Drum::Kick, 90, 1});
  }
  std::ranges::sort(onsets, {}, &Onset::time_s);
  return onsets;
}

/// The quarters, from the recording's first, on which bars begin: one of each meter.
int first_beat(BarPlan plan, const std::vector<Onset>& onsets) {
  move_bar_lines(plan, onsets);
  Tick tick = 0;
  for (const Bar& bar : plan.bars) {
    const double quarter = (plan.knots.front().time_s / kQuarter_s) +
                           static_cast<double>(tick - plan.knots.front().tick) / kTicksPerQuarter;
    if (bar.length == bar.meter.bar_ticks() && quarter >= 0) {
      return static_cast<int>(std::lround(quarter));
    }
    tick += bar.length;
  }
  return -1;
}

TEST(MoveBarLines, BeginsBarsWhereKickAndCrashAre) {
  for (int beat = 0; beat < 4; ++beat) {
    EXPECT_EQ(first_beat(plan_of({4, 4}), with_crashes(beat, 6)), beat);
  }
  EXPECT_EQ(first_beat(plan_of({4, 4}), with_crashes(2, 4)), 0) << "too few";
  EXPECT_EQ(first_beat(plan_of({3, 4}), with_crashes(2, 6)), 0);
  EXPECT_EQ(first_beat(plan_of({4, 4}, 1), with_crashes(3, 6)), 3) << "after a pickup of one";
  BarPlan waltz_first = plan_of({4, 4});
  waltz_first.bars.insert(waltz_first.bars.begin(), {{3, 4}, 3 * kTicksPerQuarter, 0, 0, {}});
  EXPECT_EQ(first_beat(waltz_first, with_crashes(5, 6)), 0);
}

TEST(MoveBarLines, LeavesMusicAloneThatIsMostlyOfOtherMeters) {
  const auto first_before = [](int n_others) {
    BarPlan plan = plan_of({4, 4});
    for (int i = 0; i < n_others; ++i)
      plan.bars.push_back({{3, 4}, 3 * kTicksPerQuarter, 0, 0, {}});
    return first_beat(plan, with_crashes(2, 6));
  };
  EXPECT_EQ(first_before(kBars - 1), 2);
  EXPECT_EQ(first_before(kBars), 0);
}

TEST(MoveBarLines, TakesThePushBeforeABeatForIt) {
  EXPECT_EQ(first_beat(plan_of({4, 4}), with_crashes(1.5, 6)), 2);
  EXPECT_EQ(first_beat(plan_of({4, 4}), with_crashes(3.5, 6)), 0);
  EXPECT_EQ(first_beat(plan_of({4, 4}), with_crashes(1.5, 6, true)), 0) << "a kick is on the beat";
  std::vector<Onset> crash_again = with_crashes(1.5, 6);
  for (int i = 0; i < 6; ++i) crash_again.push_back({kQuarter_s * (8 * i + 2), Drum::Crash, 90, 1});
  std::ranges::sort(crash_again, {}, &Onset::time_s);
  EXPECT_EQ(first_beat(plan_of({4, 4}), crash_again), 0) << "a crash is on the beat";
  EXPECT_EQ(first_beat(plan_of({4, 4}), with_crashes(1.25, 6)), 0) << "sixteenths tell nothing";
}

TEST(MoveBarLines, LeavesBarsOfWhichSomeBeginWithOne) {
  const auto both = [](double at, int n_there, int n_on_first) {
    std::vector<Onset> onsets = with_crashes(at, n_there);
    for (int i = 0; i < n_on_first; ++i) {
      for (const Drum drum : {Drum::Kick, Drum::Crash}) {
        onsets.push_back({kQuarter_s * (8 * i + 4), drum, 90, 1});
      }
    }
    std::ranges::sort(onsets, {}, &Onset::time_s);
    return onsets;
  };
  EXPECT_EQ(first_beat(plan_of({4, 4}), both(2, 11, 2)), 2);
  EXPECT_EQ(first_beat(plan_of({4, 4}), both(2, 11, 3)), 0);
  // Crashes on every beat of the bar.
  std::vector<Onset> all = both(2, 6, 0);
  for (const double at : {1.0, 3.0}) {
    const std::vector<Onset> more = with_crashes(at, 3);
    all.insert(all.end(), more.begin(), more.end());
  }
  std::ranges::sort(all, {}, &Onset::time_s);
  EXPECT_EQ(first_beat(plan_of({4, 4}), all), 0);
}

TEST(MoveBarLines, DoesNotTurnABackbeatAround) {
  const auto with_snares = [](const std::vector<int>& beats, int crash_at) {
    std::vector<Onset> onsets = with_crashes(crash_at, 6);
    for (int bar = 0; bar < kBars; ++bar) {
      for (const int beat : beats) {
        onsets.push_back({kQuarter_s * (4 * bar + beat), Drum::Snare, 90, 1});
      }
    }
    std::ranges::sort(onsets, {}, &Onset::time_s);
    return onsets;
  };
  EXPECT_EQ(first_beat(plan_of({4, 4}), with_snares({1, 3}, 3)), 0);
  EXPECT_EQ(first_beat(plan_of({4, 4}), with_snares({1, 3}, 2)), 2);
  EXPECT_EQ(first_beat(plan_of({4, 4}), with_snares({0, 2}, 3)), 3);
  EXPECT_EQ(first_beat(plan_of({4, 4}), with_snares({0, 1, 2, 3}, 3)), 3);
  EXPECT_EQ(first_beat(plan_of({4, 4}), with_snares({0, 1, 3}, 3)), 3) << "nor are three beats one";
  // Neither do ghost notes hide it, nor do single strokes make one.
  std::vector<Onset> ghosts = with_snares({1, 3}, 3);
  for (int bar = 0; bar < kBars; ++bar) {
    ghosts.push_back({kQuarter_s * 4 * bar, Drum::Snare, 20, 1});
  }
  std::ranges::sort(ghosts, {}, &Onset::time_s);
  EXPECT_EQ(first_beat(plan_of({4, 4}), ghosts), 0);
  std::vector<Onset> few = with_crashes(3, 6);
  for (const int beat : {1, 3}) few.push_back({kQuarter_s * beat, Drum::Snare, 90, 1});
  std::ranges::sort(few, {}, &Onset::time_s);
  EXPECT_EQ(first_beat(plan_of({4, 4}), few), 3);
}

TEST(MoveBarLines, PutsTheOneBackbeatOfHalfTimeOnTheThirdBeat) {
  const auto backbeat_on = [](int beat, int n_bars, int crash_at = 0, int n_crashes = 0) {
    std::vector<Onset> onsets = with_crashes(crash_at, n_crashes);
    for (int bar = 0; bar < n_bars; ++bar) {
      onsets.push_back({kQuarter_s * (4 * bar + beat), Drum::Snare, 90, 1});
    }
    std::ranges::sort(onsets, {}, &Onset::time_s);
    return onsets;
  };
  EXPECT_EQ(first_beat(plan_of({4, 4}), backbeat_on(3, kBars)), 1);
  EXPECT_EQ(first_beat(plan_of({4, 4}), backbeat_on(1, kBars)), 3);
  EXPECT_EQ(first_beat(plan_of({4, 4}), backbeat_on(2, kBars)), 0);
  EXPECT_EQ(first_beat(plan_of({4, 4}), backbeat_on(0, kBars)), 0);
  EXPECT_EQ(first_beat(plan_of({4, 4}), backbeat_on(3, kBars / 2)), 0) << "of too few bars";
  std::vector<Onset> pause = backbeat_on(3, kBars / 2);
  std::erase_if(pause, [](const Onset& onset) { return onset.time_s > 2 * kBars * kQuarter_s; });
  pause.push_back({4 * kBars * kQuarter_s - kQuarter_s, Drum::ClosedHiHat, 80, 1});
  EXPECT_EQ(first_beat(plan_of({4, 4}), pause), 1) << "in silence is none";
  EXPECT_EQ(first_beat(plan_of({4, 4}), backbeat_on(3, kBars, 0, 2)), 0) << "against the crashes";
  EXPECT_EQ(first_beat(plan_of({4, 4}), backbeat_on(3, kBars, 1, 2)), 1) << "with the crashes";
  const auto first_at = [&](double bpm) {
    std::vector<Onset> onsets = backbeat_on(3, kBars);
    for (Onset& onset : onsets) onset.time_s *= 60 / bpm / kQuarter_s;
    BarPlan plan = plan_of({4, 4});
    plan.knots.back().time_s = 60 / bpm;
    move_bar_lines(plan, onsets);
    return plan.bars.front().length == plan.bars.front().meter.bar_ticks() ? 0 : 1;
  };
  EXPECT_EQ(first_at(115), 0) << "may be funk";
  EXPECT_EQ(first_at(117), 1);
  BarPlan short_plan = plan_of({4, 4});
  short_plan.bars.resize(9);
  EXPECT_EQ(first_beat(short_plan, backbeat_on(3, 7)), 0) << "too few backbeats";
  EXPECT_EQ(first_beat(short_plan, backbeat_on(3, 8)), 1);
}

}  // namespace
}  // namespace fyr::rhythm
