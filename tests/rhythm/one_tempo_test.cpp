// SPDX-License-Identifier: GPL-3.0-or-later

/// A song goes on at its tempo, whatever happens on the way.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <random>
#include <utility>

#include "rhythm/play.hpp"
#include "rhythm/steady_music.hpp"
#include "rhythm/tempo_octave.hpp"

namespace fyr {
namespace {

using testing::analyse;
using testing::Note;
using testing::Performance;
using testing::play;
using testing::rock_beat;

/// Bars of `bar_s`, each beginning a whole number of them after the first, until `end_s`.
void expect_one_grid(const Rhythm& rhythm, double first_s, double bar_s, double end_s) {
  double due_s = first_s;
  for (const Bar& bar : rhythm.bars) {
    if (due_s > end_s) break;
    EXPECT_NEAR(bar.start_s, due_s, 0.1);
    EXPECT_EQ(bar.meter, (Meter{4, 4}));
    due_s += bar_s;
  }
  EXPECT_GT(due_s, end_s);
}

Performance one_after_the_other(Performance song, const Performance& second) {
  song.onsets.insert(song.onsets.end(), second.onsets.begin(), second.onsets.end());
  std::ranges::stable_sort(song.onsets, {}, &Onset::time_s);
  return song;
}

TEST(OneTempo, MusicGoesOnInTimeAfterAPause) {
  // Six bars and a part of one are silent.
  constexpr double kBar_s = 2.4;
  for (const double skip : {1.0, 2.0, 3.0}) {
    SCOPED_TRACE(skip);
    const Rhythm rhythm = analyse(
        one_after_the_other(play(rock_beat(), {.bpm = 100, .n_bars = 8}),
                            play(rock_beat(), {.bpm = 100,
                                               .n_bars = 8,
                                               .start_s = 0.5 + 14 * kBar_s + skip * kBar_s / 4,
                                               .skip_quarters = skip})));
    expect_one_grid(rhythm, 0.5, kBar_s, 0.5 + 21 * kBar_s);
  }
}

TEST(OneTempo, AQuietPassageDoesNotEndTheBars) {
  // 170 BPM in sixteenths of everything, a stroke every 1.9 s for a while, and on.
  constexpr double kQuarter_s = 60.0 / 170;
  std::vector<Note> dense = rock_beat();
  for (int i = 0; i < 16; ++i) {
    dense.push_back({i / 4.0, Drum::Ride});
    dense.push_back({i / 4.0 + 0.001, Drum::Kick});
    dense.push_back({i / 4.0 + 0.002, Drum::Snare});
    dense.push_back({i / 4.0 + 0.003, Drum::HighTom});
  }
  Performance song = play(dense, {.bpm = 170, .n_bars = 16});
  const double quiet_s = 0.5 + 64 * kQuarter_s;
  for (int i = 0; i < 8; ++i) song.onsets.push_back({quiet_s + 1.9 * i, Drum::Ride, 100, 0.9});
  const Rhythm rhythm = analyse(one_after_the_other(
      song, play(dense, {.bpm = 170, .n_bars = 12, .start_s = quiet_s + 8 * 1.9})));
  expect_one_grid(rhythm, 0.5, 4 * kQuarter_s, quiet_s - 0.1);
  EXPECT_NEAR(rhythm.tempo_bpm, 170, 1);
}

TEST(OneTempo, AFlurryWithoutABeatDoesNotEndTheBars) {
  constexpr double kBar_s = 2.4;
  Performance song = play(rock_beat(), {.bpm = 100, .n_bars = 8});
  std::mt19937 random(3);
  for (int i = 0; i < 576; ++i) {
    constexpr std::array kAny{Drum::Kick,     Drum::Snare,       Drum::Crash,
                              Drum::FloorTom, Drum::ClosedHiHat, Drum::Ride};
    song.onsets.push_back(
        {0.5 + 8 * kBar_s + i / 120.0, kAny.at(random() % kAny.size()), 100, 0.9});
  }
  const Rhythm rhythm = analyse(one_after_the_other(
      song, play(rock_beat(), {.bpm = 100, .n_bars = 8, .start_s = 0.5 + 10 * kBar_s})));
  expect_one_grid(rhythm, 0.5, kBar_s, 0.5 + 17 * kBar_s);
}

TEST(OneTempo, StrayStrokesHaveNoTempo) {
  // A crash every 2.8 s, then a beat of 130 BPM.
  std::vector<Note> beat = rock_beat();
  for (int i = 0; i < 16; ++i) beat.push_back({i / 4.0 + 0.001, Drum::Snare});
  Performance song;
  for (int i = 0; i < 5; ++i) {
    song.onsets.push_back({0.5 + i * 6 * 60.0 / 130, Drum::Crash, 100, 0.9});
  }
  const double begin_s = 0.5 + 30 * 60.0 / 130;
  const Rhythm rhythm = analyse(
      one_after_the_other(song, play(beat, {.bpm = 130, .n_bars = 16, .start_s = begin_s})));
  const auto n_before = std::ranges::count_if(
      rhythm.bars, [&](const Bar& bar) { return bar.start_s < begin_s - 0.1; });
  EXPECT_LE(n_before, 8);
  EXPECT_NEAR(rhythm.tempo_bpm, 130, 0.5);
}

TEST(OneTempo, AHalfTimePassageKeepsTheTempo) {
  // Kick and snare once a bar of 150 BPM, the ride in quarters; and a beat in sixteenths.
  constexpr double kBar_s = 1.6;
  std::vector<Note> half_time{{0, Drum::Kick}, {2, Drum::Snare}};
  for (int i = 0; i < 4; ++i) half_time.push_back({static_cast<double>(i), Drum::Ride});
  std::vector<Note> beat = rock_beat();
  for (int i = 0; i < 8; ++i) beat.push_back({i / 2.0 + 0.25, Drum::ClosedHiHat});
  const auto both = [&](const std::vector<Note>& first, int n_first,
                        const std::vector<Note>& second, int n_second) {
    return analyse(one_after_the_other(
        play(first, {.bpm = 150, .n_bars = n_first}),
        play(second, {.bpm = 150, .n_bars = n_second, .start_s = 0.5 + (n_first + 2) * kBar_s})));
  };
  expect_one_grid(both(half_time, 8, beat, 16), 0.5, kBar_s, 0.5 + 25 * kBar_s);
  expect_one_grid(both(beat, 16, half_time, 8), 0.5, kBar_s, 0.5 + 25 * kBar_s);
}

/// Bars of a pattern, then `n_late` of it half a quarter late, then on time again: all on one grid.
void expect_grid_kept(const std::vector<Note>& pattern, double bpm, int n_before, int n_late) {
  SCOPED_TRACE(bpm);
  SCOPED_TRACE(n_late);
  const double bar_s = 240 / bpm;
  const double late_s = 0.5 + n_before * bar_s;
  const double after_s = late_s + n_late * bar_s;
  const Performance late =
      play(pattern, {.bpm = bpm, .n_bars = n_late, .start_s = late_s + bar_s / 8});
  const Performance song = one_after_the_other(
      one_after_the_other(play(pattern, {.bpm = bpm, .n_bars = n_before}), late),
      play(pattern, {.bpm = bpm, .n_bars = 24, .start_s = after_s}));
  expect_one_grid(analyse(song), 0.5, bar_s, after_s + 23 * bar_s);
}

TEST(OneTempo, APassageOnTheOffbeatsKeepsTheBeat) {
  for (const int n_late : {6, 12}) expect_grid_kept(rock_beat(), 150, 16, n_late);
}

TEST(OneTempo, ALongPassageOnTheOffbeatsKeepsTheBeat) {
  // So long that half a beat is lost once without a second look, through a bar of 7/8 or, with
  // quarters on the hi-hat, in steps that are too long.
  std::vector<Note> with_crash = rock_beat();
  with_crash.push_back({0, Drum::Crash});
  std::vector<Note> quarters{
      {0, Drum::Kick}, {1, Drum::Snare}, {1.5, Drum::Kick}, {2, Drum::Kick}, {3, Drum::Snare}};
  for (int i = 0; i < 4; ++i) quarters.push_back({static_cast<double>(i), Drum::ClosedHiHat, 70});
  for (const double bpm : {90, 110}) {
    expect_grid_kept(with_crash, bpm, 24, 24);
    expect_grid_kept(quarters, bpm, 24, 24);
  }
}

TEST(OneTempo, TheFirstPassDoesNotLookForIt) {
  // What weighs the peaks was fitted with bars that are not tracked again.
  constexpr double kBar_s = 240. / 110;
  const Performance song = one_after_the_other(
      one_after_the_other(
          play(rock_beat(), {.bpm = 110, .n_bars = 24}),
          play(rock_beat(), {.bpm = 110, .n_bars = 24, .start_s = 0.5 + 24 * kBar_s + kBar_s / 8})),
      play(rock_beat(), {.bpm = 110, .n_bars = 24, .start_s = 0.5 + 48 * kBar_s}));
  const double end_s = song.onsets.back().time_s + 1;
  const auto last_knot_s = [&](Pass pass) {
    return find_bars(song.onsets, {}, end_s, {}, pass).knots.back().time_s;
  };
  EXPECT_NE(last_knot_s(Pass::First), last_knot_s(Pass::Last));
}

/// Kicks and snares on about one eighth in seven, seven bars long.
Performance sparse(unsigned seed, double start_s, double quarter_s) {
  std::mt19937 random(seed);
  Performance song;
  for (int eighth = 0; eighth < 56; ++eighth) {
    if (random() % 1000 >= 150) continue;
    const Drum drum = random() % 2 != 0 ? Drum::Kick : Drum::Snare;
    song.onsets.push_back({start_s + eighth * quarter_s / 2, drum, 100, 0.9});
  }
  return song;
}

/// How many beats lie off a grid of quarters from half a second on.
int n_off_grid(const Rhythm& rhythm, double quarter_s) {
  return static_cast<int>(std::ranges::count_if(rhythm.beats, [=](const Beat& beat) {
    const double quarters = (beat.time_s - 0.5) / quarter_s;
    return std::abs(quarters - std::round(quarters)) * quarter_s > 0.07;
  }));
}

TEST(OneTempo, ASparsePassageIsCountedAtTheTempoOfTheRest) {
  constexpr double kQuarter_s = 60.0 / 127;
  for (const unsigned seed : {1U, 3U, 4U, 8U, 9U, 10U}) {
    SCOPED_TRACE(seed);
    const Performance intro = one_after_the_other(
        sparse(seed, 0.5, kQuarter_s),
        play(rock_beat(), {.bpm = 127, .n_bars = 32, .start_s = 0.5 + 32 * kQuarter_s}));
    EXPECT_EQ(n_off_grid(analyse(intro), kQuarter_s), 0);
    const Performance middle = one_after_the_other(
        one_after_the_other(play(rock_beat(), {.bpm = 127, .n_bars = 16}),
                            sparse(seed, 0.5 + 64 * kQuarter_s, kQuarter_s)),
        play(rock_beat(), {.bpm = 127, .n_bars = 16, .start_s = 0.5 + 96 * kQuarter_s}));
    EXPECT_EQ(n_off_grid(analyse(middle), kQuarter_s), 0);
  }
}

TEST(OneTempo, ATempoThatIsGivenIsKeptWhereStrokesAreSparse) {
  // Kick and snare on every other beat: no interval is a beat.
  constexpr double kBeat_s = 60.0 / 140;
  Performance song;
  for (int i = 0; i < 60; ++i) {
    song.onsets.push_back({0.5 + 2 * i * kBeat_s, i % 2 == 0 ? Drum::Kick : Drum::Snare, 100, 0.9});
  }
  RhythmOptions options;
  options.tempo_bpm = 140;
  const Rhythm rhythm = analyse(song, options);
  EXPECT_NEAR(rhythm.tempo_bpm, 140, 0.1);
  EXPECT_EQ(n_off_grid(rhythm, kBeat_s), 0);
}

/// Steps of a length in turn, all with a hit, and what they are counted as.
struct Passage {
  int n_steps;
  double bpm;  ///< Quarters a minute.
  Tick step = kTicksPerQuarter;
};

struct Counted {
  BarPlan plan;
  std::vector<Onset> onsets;
};

Counted counted(const std::vector<Passage>& passages, const Meter& meter = {4, 4}) {
  Counted song;
  song.plan.bars.push_back({meter, meter.bar_ticks(), 0, 0, {}});
  song.plan.knots.push_back({0, 0});
  for (const Passage& passage : passages) {
    for (int i = 0; i < passage.n_steps; ++i) {
      const Knot& last = song.plan.knots.back();
      song.onsets.push_back({last.time_s, Drum::Kick, 100, 0.9});
      song.plan.knots.push_back({last.tick + passage.step,
                                 last.time_s + 60 / passage.bpm * passage.step / kTicksPerQuarter});
    }
  }
  return song;
}

std::optional<double> tempo_of_steady(const std::vector<Passage>& passages,
                                      const Meter& meter = {4, 4}) {
  const auto [plan, onsets] = counted(passages, meter);
  return rhythm::tempo_of_steady(plan, onsets);
}

TEST(SteadyMusic, IsNearlyAllAtOneTempo) {
  EXPECT_NEAR(tempo_of_steady({{70, 120}}).value_or(0), 120, 1e-6);
  EXPECT_NEAR(tempo_of_steady({{5, 110}, {70, 120}}).value_or(0), 120, 1e-6);
  EXPECT_EQ(tempo_of_steady({{20, 110}, {70, 120}}), std::nullopt);
  EXPECT_EQ(tempo_of_steady({{28, 120}}), std::nullopt);
  EXPECT_EQ(tempo_of_steady({{70, 120}}, {6, 8}), std::nullopt);
}

TEST(SteadyMusic, DoesNotSlowDownInTheEnd) {
  EXPECT_EQ(tempo_of_steady({{70, 120}, {4, 110}}), std::nullopt);
  EXPECT_NE(tempo_of_steady({{70, 120}, {4, 130}}), std::nullopt);
}

TEST(SteadyMusic, DoesNotSlowDownInTheMiddle) {
  EXPECT_EQ(tempo_of_steady({{60, 120}, {4, 110}, {60, 120}}), std::nullopt);
  EXPECT_NE(tempo_of_steady({{60, 120}, {4, 130}, {60, 120}}), std::nullopt);
  // Where next to nothing is played it is only counted so.
  auto [plan, onsets] = counted({{60, 120}, {4, 110}, {60, 120}});
  onsets.erase(onsets.begin() + 61, onsets.begin() + 64);
  EXPECT_NE(rhythm::tempo_of_steady(plan, onsets), std::nullopt);
}

TEST(SteadyMusic, WasCountedHalfABeatOffIfStretchesLieSo) {
  // Six quarters in the time of five and a half; an eighth among the quarters; six quarters in that
  // of five. Only the first two are slips; with 13 at another tempo less than 90 % are at one.
  constexpr double kFaster_bpm = 120 * 6 / 5.5;
  constexpr Tick kEighth = kTicksPerQuarter / 2;
  const Passage other{13, 100};
  EXPECT_NE(tempo_of_steady({{48, 120}, {6, kFaster_bpm}, {48, 120}, other}), std::nullopt);
  EXPECT_NE(tempo_of_steady({{48, 120}, {1, 120, kEighth}, {48, 120}, other}), std::nullopt);
  EXPECT_EQ(tempo_of_steady({{48, 120}, {6, 120 * 6 / 5.0}, {48, 120}, other}), std::nullopt);
  EXPECT_EQ(tempo_of_steady({{48, 120}, {6, kFaster_bpm}, {48, 121}, other}), std::nullopt);
  EXPECT_EQ(tempo_of_steady({{60, 120}, {6, kFaster_bpm}, {7, 120}}), std::nullopt);
  EXPECT_NE(tempo_of_steady({{60, 120}, {6, kFaster_bpm}, {8, 120}}), std::nullopt);
  EXPECT_EQ(tempo_of_steady({{96, 120}, {20, 120 * 20 / 18.5}, {96, 120}, other}), std::nullopt);
  EXPECT_EQ(tempo_of_steady({{48, 120}, {6, kFaster_bpm}, {48, 120}, {40, 100}}), std::nullopt);
}

/// Seconds of each tempo in turn, in quarters a minute.
std::optional<double> tempo_of_most(const std::vector<std::pair<double, double>>& lengths) {
  std::vector<Passage> passages;
  for (const auto& [length_s, bpm] : lengths) {
    passages.push_back({static_cast<int>(std::ceil(length_s * bpm / 60 - 1e-9)), bpm});
  }
  const auto [plan, onsets] = counted(passages);
  return rhythm::tempo_of_most(plan, onsets);
}

TEST(TempoOfMost, IsThatOfWhatLastsLongest) {
  EXPECT_NEAR(tempo_of_most({{30, 150}, {20, 75}}).value_or(0), 150, 1e-9);
  EXPECT_NEAR(tempo_of_most({{20, 150}, {30, 75}}).value_or(0), 75, 1e-9);
}

TEST(TempoOfMost, WhatIsSilentHasNoTempo) {
  auto [plan, onsets] = counted({{75, 150}, {25, 75}, {110, 110}});
  onsets.resize(100);
  EXPECT_NEAR(rhythm::tempo_of_most(plan, onsets).value_or(0), 150, 1e-9);
}

TEST(TempoOfMost, CountsTheStepsOfTheTracker) {
  // Dotted quarters, 45 at 60 a minute, then 15 at 120.
  constexpr Tick kDotted = kTicksPerQuarter * 3 / 2;
  const auto [plan, onsets] = counted({{45, 90, kDotted}, {15, 180, kDotted}}, {6, 8});
  EXPECT_NEAR(rhythm::tempo_of_most(plan, onsets).value_or(0), 60, 1e-9);
}

TEST(TempoOfMost, LeavesOneTempoAFewBeatsAndMedleysAlone) {
  EXPECT_EQ(tempo_of_most({{30, 150}}), std::nullopt);
  EXPECT_EQ(tempo_of_most({{30, 150}, {3, 75}}), std::nullopt);
  EXPECT_EQ(tempo_of_most({{30, 150}, {20, 100}}), std::nullopt);
  EXPECT_EQ(tempo_of_most({{30, 150}, {20, 75}, {20, 110}}), std::nullopt);
}

}  // namespace
}  // namespace fyr
