// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/tempo_octave.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "rhythm/play.hpp"

namespace fyr::testing {
namespace {

/// 24 bars of it when `bpm` quarters are counted in bars of `n_quarters`.
BarPlan counted(const Performance& performance, double bpm, int n_quarters) {
  BarPlan plan;
  const double start_s = performance.onsets.front().time_s;
  for (int bar = 0; bar <= 24; ++bar) {
    const Meter meter{n_quarters, 4};
    if (bar < 24) plan.bars.push_back({meter, meter.bar_ticks(), 0, 0, {}});
    plan.knots.push_back({bar * meter.bar_ticks(), start_s + bar * n_quarters * 60 / bpm});
  }
  return plan;
}

std::optional<double> half_tempo(const Performance& performance, double counted_bpm,
                                 int counted_quarters = 4) {
  return rhythm::half_tempo(counted(performance, counted_bpm, counted_quarters),
                            performance.onsets);
}

Performance swing(double bpm, double bar_quarters, const std::vector<double>& ride,
                  const std::vector<double>& foot, double share = 0.64) {
  std::vector<Note> pattern;
  for (const double quarter : ride) pattern.push_back({quarter, Drum::Ride});
  for (const double quarter : foot) pattern.push_back({quarter, Drum::PedalHiHat});
  return play(pattern, {.bpm = bpm, .bar_quarters = bar_quarters, .n_bars = 24, .swing = share});
}

TEST(TempoOctave, FastSwingIsNotCountedAtHalfItsTempo) {
  const std::vector<double> ride{0, 1, 1.5, 2, 3, 3.5};
  const Performance fast = swing(215, 4, ride, {1, 3});
  EXPECT_NEAR(half_tempo(fast, 107.5).value_or(0), 107.5, 0.1);
  EXPECT_FALSE(half_tempo(fast, 215));
  EXPECT_FALSE(half_tempo(swing(110, 4, ride, {1, 3}), 110));
  EXPECT_FALSE(half_tempo(swing(310, 4, ride, {1, 3}), 155)) << "nobody plays that fast";
  // Sixteenths that swing, the foot on the beat.
  EXPECT_FALSE(half_tempo(swing(215, 4, ride, {0, 2}), 107.5));
  EXPECT_FALSE(half_tempo(swing(215, 4, ride, {0, 1, 2, 3}), 107.5));
  EXPECT_FALSE(half_tempo(swing(215, 4, ride, {1, 3}, 0.5), 107.5));
}

TEST(TempoOctave, FastRockIsNotCountedAtHalfItsTempo) {
  const auto rock = [](double bpm, std::vector<Note> more = {}, int n_bars = 24) {
    more.insert(more.end(), {{0, Drum::Kick}, {1, Drum::Snare}, {2, Drum::Kick}, {3, Drum::Snare}});
    return play(more, {.bpm = bpm, .n_bars = n_bars});
  };
  EXPECT_NEAR(half_tempo(rock(200), 100).value_or(0), 100, 0.1);
  EXPECT_FALSE(half_tempo(rock(200), 200));
  EXPECT_FALSE(half_tempo(rock(240), 120));
  EXPECT_FALSE(half_tempo(rock(200, {}, 15), 100));
  // The snare on the beats as well; in every other bar.
  EXPECT_FALSE(half_tempo(rock(200, {{2, Drum::Snare}}), 100));
  const Performance seldom =
      play({{0, Drum::Kick}, {3, Drum::Snare}, {4, Drum::Kick}}, {.bpm = 200, .n_bars = 24});
  EXPECT_FALSE(half_tempo(seldom, 100));
}

TEST(TempoOctave, AFastWaltzIsNotCountedAtHalfItsTempo) {
  const std::vector<double> ride{0, 1, 1.5, 2};
  const Performance jazz = swing(190, 3, ride, {1});
  EXPECT_NEAR(half_tempo(jazz, 95, 3).value_or(0), 95, 0.1);
  EXPECT_FALSE(half_tempo(jazz, 190, 3));
  EXPECT_FALSE(half_tempo(swing(190, 6, ride, {0, 2, 4}), 95, 3));

  std::vector<Note> quarters{{0, Drum::Kick}};
  for (const double quarter : {0.0, 1.0, 2.0}) quarters.push_back({quarter, Drum::Ride});
  const Performance waltz = play(quarters, {.bpm = 160, .bar_quarters = 3, .n_bars = 24});
  EXPECT_NEAR(half_tempo(waltz, 80, 3).value_or(0), 80, 0.1);
  EXPECT_FALSE(half_tempo(waltz, 160, 3));
  std::vector<Note> eighths = quarters;
  for (const double quarter : {0.5, 1.5, 2.5}) eighths.push_back({quarter, Drum::Ride});
  EXPECT_FALSE(half_tempo(play(eighths, {.bpm = 160, .bar_quarters = 3, .n_bars = 24}), 80, 3));
  // 3/4 with a snare on 3 has no halves that are alike.
  quarters.push_back({4, Drum::Snare});
  EXPECT_FALSE(half_tempo(play(quarters, {.bpm = 160, .bar_quarters = 6, .n_bars = 24}), 80, 3));
  // All beats are alike, and so are halves of them.
  const Performance kicks = play({{0, Drum::Kick}}, {.bpm = 160, .bar_quarters = 1, .n_bars = 48});
  EXPECT_FALSE(half_tempo(kicks, 80, 1));
}

TEST(TempoOctave, SlowRockIsNotCountedAtTwiceItsTempo) {
  const auto rock = [](double bpm, const std::vector<double>& snares) {
    // Kicks that are alike in both halves: else two bars repeat and one does not.
    std::vector<Note> pattern{{0, Drum::Kick}, {2, Drum::Kick}};
    for (int i = 0; i < 16; ++i) pattern.push_back({i / 4.0, Drum::ClosedHiHat});
    for (const double quarter : snares) pattern.push_back({quarter, Drum::Snare});
    return play(pattern, {.bpm = bpm, .n_bars = 24});
  };
  const auto double_tempo = [](const Performance& performance, double bpm, int n_quarters = 4) {
    return rhythm::double_tempo(counted(performance, bpm, n_quarters), performance.onsets);
  };
  const Performance slow = rock(66, {1, 3});
  EXPECT_NEAR(double_tempo(slow, 132).value_or(0), 132, 0.1);
  EXPECT_FALSE(double_tempo(slow, 66));
  EXPECT_FALSE(double_tempo(slow, 132, 3));
  BarPlan odd_opening = counted(slow, 132, 4);
  odd_opening.bars.front() = {{3, 4}, 3 * kTicksPerQuarter, 0, 0, {}};
  for (std::size_t i = 1; i < odd_opening.knots.size(); ++i) {
    odd_opening.knots[i].tick -= kTicksPerQuarter;
  }
  EXPECT_TRUE(rhythm::double_tempo(odd_opening, slow.onsets)) << "most bars are of four";
  EXPECT_FALSE(double_tempo(rock(55, {1, 3}), 110));
  EXPECT_FALSE(double_tempo(rock(92, {1, 3}), 184));
  // On the downbeat; on 2 and 4; on 3 of every other bar; in thirty-seconds.
  EXPECT_FALSE(double_tempo(rock(66, {0, 2}), 132));
  EXPECT_FALSE(double_tempo(rock(66, {0.5, 1.5, 2.5, 3.5}), 132));
  EXPECT_FALSE(double_tempo(rock(66, {3}), 132));
  std::vector<Note> fine{{0, Drum::Kick}};
  for (int i = 0; i < 32; ++i) fine.push_back({i / 8.0, Drum::ClosedHiHat});
  for (const double quarter : {1.0, 3.0}) fine.push_back({quarter, Drum::Snare});
  EXPECT_FALSE(double_tempo(play(fine, {.bpm = 66, .n_bars = 24}), 132));
  EXPECT_NEAR(analyse(rock(62, {1, 3})).tempo_bpm, 62, 0.1);
  // A ballad in eighths, slower still, as far as 44; that at 55 above has sixteenths.
  const Performance ballad = play(rock_beat(), {.bpm = 52, .n_bars = 24});
  EXPECT_NEAR(double_tempo(ballad, 104).value_or(0), 104, 0.1);
  EXPECT_NEAR(analyse(ballad).tempo_bpm, 52, 0.1);
  EXPECT_FALSE(double_tempo(play(rock_beat(), {.bpm = 43, .n_bars = 24}), 86));
  RhythmOptions asked;
  asked.tempo_bpm = 124;
  EXPECT_NEAR(analyse(rock(62, {1, 3}), asked).tempo_bpm, 124, 0.1);
}

TEST(TempoOctave, ABarThatRepeatsOnlyByTwoIsOne) {
  // Backbeat, kicks that differ between the halves, and hi-hats finer than eighths however counted.
  std::vector<Note> pattern{{1, Drum::Snare}, {3, Drum::Snare}, {3.75, Drum::Snare}};
  for (const double quarter : {0.0, 0.75, 1.5, 2.25, 2.5}) pattern.push_back({quarter, Drum::Kick});
  for (int i = 0; i < 32; ++i) pattern.push_back({i / 8.0, Drum::ClosedHiHat});
  const auto counted_twice = [&](double bpm) {
    const Performance performance = play(pattern, {.bpm = bpm, .n_bars = 24});
    return rhythm::double_tempo(counted(performance, 2 * bpm, 4), performance.onsets);
  };
  EXPECT_NEAR(counted_twice(70).value_or(0), 140, 0.1);
  EXPECT_NEAR(counted_twice(108).value_or(0), 216, 0.1);
  const Performance in_twos = play(pattern, {.bpm = 70, .n_bars = 24});
  EXPECT_FALSE(rhythm::double_tempo(counted(in_twos, 140, 2), in_twos.onsets)) << "bars of two";
  EXPECT_FALSE(counted_twice(60)) << "too slow";
  const Performance twice = play(pattern, {.bpm = 70, .n_bars = 1});
  EXPECT_FALSE(rhythm::double_tempo(counted(twice, 140, 4), twice.onsets)) << "nothing repeats";
  EXPECT_FALSE(counted_twice(115)) << "too fast";
  // Kicks on the beats, in both halves.
  std::erase_if(pattern, [](const Note& note) { return note.drum == Drum::Kick; });
  for (const double quarter : {0.0, 0.75, 2.0, 2.75}) pattern.push_back({quarter, Drum::Kick});
  EXPECT_FALSE(counted_twice(70));
}

}  // namespace
}  // namespace fyr::testing
