// SPDX-License-Identifier: GPL-3.0-or-later

/// Meters, pickups, pauses and tempo that the tracker must find by itself.
#include <gtest/gtest.h>

#include "rhythm/compound.hpp"
#include "rhythm/play.hpp"
#include "rhythm/repetition.hpp"
#include "rhythm/track_bars.hpp"

namespace fyr {
namespace {

using testing::analyse;
using testing::Note;
using testing::Performance;
using testing::play;
using testing::rock_beat;

/// Hi-hat every `step` quarters, kicks and snares where given.
std::vector<Note> groove(double quarters, double step, const std::vector<double>& kicks,
                         const std::vector<double>& snares) {
  std::vector<Note> notes;
  for (const double at : kicks) notes.push_back({at, Drum::Kick});
  for (const double at : snares) notes.push_back({at, Drum::Snare});
  for (double at = 0; at < quarters - 1e-9; at += step)
    notes.push_back({at, Drum::ClosedHiHat, 70});
  return notes;
}

void expect_meter(const Rhythm& rhythm, Meter meter, int n_bars) {
  EXPECT_EQ(rhythm.bars.size(), static_cast<std::size_t>(n_bars));
  for (std::size_t i = 0; i < rhythm.bars.size(); ++i) {
    EXPECT_EQ(rhythm.bars[i].meter, meter) << "bar " << i << ": " << rhythm.bars[i].meter.numerator
                                           << "/" << rhythm.bars[i].meter.denominator;
  }
}

/// The first kick of every bar of the pattern opens a bar of the score.
void expect_kick_opens_bars(const Rhythm& rhythm, int n_bars) {
  int n_opened = 0;
  for (const QuantisedHit& hit : rhythm.hits) {
    if (hit.drum == Drum::Kick && hit.tick == 0) ++n_opened;
  }
  EXPECT_GE(n_opened, n_bars - 1);
}

TEST(Meters, ThreeFour) {
  for (const double bpm : {90, 120}) {
    SCOPED_TRACE(bpm);
    const Rhythm rhythm =
        analyse(play(groove(3, 0.5, {0}, {1, 2}),
                     {.bpm = bpm, .bar_quarters = 3, .n_bars = 16, .jitter_s = 0.005}));
    expect_meter(rhythm, {3, 4}, 16);
    expect_kick_opens_bars(rhythm, 16);
    EXPECT_NEAR(rhythm.tempo_bpm, bpm, 1);
  }
}

TEST(Meters, BarsOfThreeMayComeInTwos) {
  // No bar is like the next: kicks on 1 and 2, then the snare on 1 and kicks on 2 and 3.
  const Performance performance =
      play(groove(6, 0.5, {0, 1, 4, 5}, {3}), {.bpm = 160, .bar_quarters = 6, .n_bars = 24});
  for (const Bar& bar : analyse(performance).bars) {
    EXPECT_EQ(bar.meter.bar_ticks() % (3 * kTicksPerQuarter), 0)
        << bar.meter.numerator << "/" << bar.meter.denominator;
  }
}

TEST(Meters, FiveFour) {
  const Rhythm rhythm =
      analyse(play(groove(5, 0.5, {0, 1.5, 3}, {2, 4}),
                   {.bpm = 110, .bar_quarters = 5, .n_bars = 12, .jitter_s = 0.005}));
  // One more where the bars are taken to begin on another beat (docs/rhythm.md, "Other meters").
  EXPECT_NEAR(static_cast<double>(rhythm.bars.size()), 12, 1);
  for (const Bar& bar : rhythm.bars) EXPECT_EQ(bar.meter, (Meter{5, 4}));
  EXPECT_NEAR(rhythm.tempo_bpm, 110, 1);
}

TEST(Meters, SixEightIsCountedInDottedQuarters) {
  RhythmOptions options;
  options.meter = Meter{6, 8};
  const Rhythm rhythm =
      analyse(play(groove(3, 0.5, {0}, {1.5}),
                   {.bpm = 99, .bar_quarters = 3, .n_bars = 16, .jitter_s = 0.005}),
              options);
  expect_meter(rhythm, {6, 8}, 16);
  EXPECT_NEAR(rhythm.tempo_bpm, 66, 1);
  expect_kick_opens_bars(rhythm, 16);
}

TEST(Meters, SevenEight) {
  const Rhythm rhythm =
      analyse(play(groove(3.5, 0.5, {0, 2}, {1, 2.5}),
                   {.bpm = 120, .bar_quarters = 3.5, .n_bars = 16, .jitter_s = 0.005}));
  expect_meter(rhythm, {7, 8}, 16);
  expect_kick_opens_bars(rhythm, 16);
}

TEST(Meters, FastOddMetersAreNotCountedAtHalfTheirTempo) {
  for (const double bpm : {124, 145, 165}) {
    SCOPED_TRACE(bpm);
    const Rhythm seven =
        analyse(play(groove(3.5, 0.5, {0, 2}, {1, 2.5}),
                     {.bpm = bpm, .bar_quarters = 3.5, .n_bars = 24, .jitter_s = 0.005}));
    expect_meter(seven, {7, 8}, 24);
    const Rhythm waltz = analyse(play(
        groove(3, 1, {0}, {}), {.bpm = bpm, .bar_quarters = 3, .n_bars = 24, .jitter_s = 0.005}));
    expect_meter(waltz, {3, 4}, 24);
  }
}

/// Bars of a meter that lasts `bar_s`, with the names that playing `pattern` in them gives.
BarPlan named(const Meter& meter, double bar_s, const std::vector<Note>& pattern) {
  constexpr int kNBars = 12;
  const Performance performance = play(pattern, {.bpm = 60 * 4 / bar_s, .n_bars = kNBars});
  BarPlan plan;
  // A pickup of one beat comes before.
  plan.bars.push_back({meter, meter.beat_ticks(), 0, 0, {}});
  plan.knots.push_back({0, 0.5 - bar_s / meter.n_beats()});
  for (int bar = 0; bar <= kNBars; ++bar) {
    if (bar < kNBars) plan.bars.push_back({meter, meter.bar_ticks(), 0, 0, {}});
    plan.knots.push_back({meter.beat_ticks() + bar * meter.bar_ticks(), 0.5 + bar * bar_s});
  }
  rhythm::name_four_beats(plan, performance.onsets);
  rhythm::name_three_quarters(plan, performance.onsets);
  return plan;
}

/// A bar, written in 4/4, whose hi-hat is hit at each of `n` equal parts.
std::vector<Note> divided(int n, const std::vector<double>& kicks,
                          const std::vector<double>& snares) {
  return groove(4, 4.0 / n, kicks, snares);
}

TEST(Meters, SlowBeatsFullOfTripletsAreCompound) {
  const std::vector<Note> blues = divided(12, {0, 2}, {1, 3});
  EXPECT_EQ(named({4, 4}, 4.0, blues).bars.back().meter, (Meter{12, 8}));
  EXPECT_EQ(named({12, 8}, 4.0, blues).bars.back().meter, (Meter{12, 8}));
  // Faster: 4/4 with triplets, and still faster a jig, if next to nothing else is played.
  EXPECT_EQ(named({12, 8}, 2.4, blues).bars.back().meter, (Meter{4, 4}));
  EXPECT_EQ(named({4, 4}, 1.8, blues).bars.back().meter, (Meter{12, 8}));
  std::vector<Note> shared = blues;
  std::erase_if(shared, [](const Note& note) { return note.quarter > 3; });
  EXPECT_EQ(named({4, 4}, 4.0, shared).bars.back().meter, (Meter{12, 8}));
  EXPECT_EQ(named({4, 4}, 1.8, shared).bars.back().meter, (Meter{12, 8}));
  shared.push_back({3.5, Drum::ClosedHiHat});
  EXPECT_EQ(named({4, 4}, 1.8, shared).bars.back().meter, (Meter{4, 4})) << "beats that are halved";
  shared.pop_back();
  std::erase_if(shared, [](const Note& note) { return note.quarter > 2 && note.quarter < 3; });
  EXPECT_EQ(named({12, 8}, 1.8, shared).bars.back().meter, (Meter{4, 4})) << "few are filled";
  EXPECT_EQ(named({12, 8}, 4.0, rock_beat()).bars.back().meter, (Meter{4, 4}));
  // A shuffle has nothing on the first third.
  std::vector<Note> shuffle;
  for (int i = 0; i < 12; ++i) {
    if (i % 3 != 1) shuffle.push_back({i / 3.0, Drum::ClosedHiHat});
  }
  EXPECT_EQ(named({4, 4}, 4.0, shuffle).bars.back().meter, (Meter{4, 4}));
  // So are a triplet in one beat of four, and beats that have sixteenths as well.
  EXPECT_EQ(named({4, 4}, 4.0,
                  {{0, Drum::Kick},
                   {1, Drum::Kick},
                   {2, Drum::Kick},
                   {3, Drum::Snare},
                   {10.0 / 3, Drum::Snare},
                   {11.0 / 3, Drum::Snare}})
                .bars.back()
                .meter,
            (Meter{4, 4}));
  EXPECT_EQ(named({4, 4}, 4.0, divided(12, {0, 2}, {0.25, 1.25, 2.25, 3.25})).bars.back().meter,
            (Meter{4, 4}));
  EXPECT_EQ(named({4, 4}, 4.0, divided(12, {0, 2}, {0.25, 2.25})).bars.back().meter, (Meter{4, 4}))
      << "every other beat has";
}

TEST(Meters, AreNamedByHowTheyArePlayedUnlessTheUserNamesThem) {
  const Performance blues = play(divided(12, {0, 2}, {1, 3}), {.bpm = 60, .n_bars = 16});
  RhythmOptions options;
  options.tempo_bpm = 60;
  EXPECT_EQ(analyse(blues, options).bars.back().meter, (Meter{12, 8}));
  options.meter = Meter{4, 4};
  EXPECT_EQ(analyse(blues, options).bars.back().meter, (Meter{4, 4}));

  std::vector<Note> pattern = groove(3, 0.5, {0}, {1.5});
  pattern.push_back({0, Drum::Crash});
  const Performance ballad = play(pattern, {.bpm = 150, .bar_quarters = 3, .n_bars = 24});
  EXPECT_EQ(analyse(ballad).bars.back().meter, (Meter{6, 8}));
  // Two dotted quarters a bar would not be the tempo asked for.
  RhythmOptions tempo;
  tempo.tempo_bpm = 150;
  EXPECT_EQ(analyse(ballad, tempo).bars.back().meter, (Meter{3, 4}));
}

TEST(Meters, ASnareInTheMiddleMakesThreeFourSixEight) {
  EXPECT_EQ(named({3, 4}, 2.4, divided(6, {0}, {2})).bars.back().meter, (Meter{6, 8}));
  EXPECT_EQ(named({3, 4}, 2.4, divided(6, {0}, {4.0 / 3, 8.0 / 3})).bars.back().meter,
            (Meter{3, 4}));
  EXPECT_EQ(named({3, 4}, 2.4, divided(6, {0, 2}, {})).bars.back().meter, (Meter{3, 4}));
  EXPECT_EQ(named({3, 4}, 2.4, divided(6, {0}, {2, 8.0 / 3})).bars.back().meter, (Meter{3, 4}));
}

TEST(Meters, AMeterIsNotTrackedFasterThanItMayBe) {
  const auto meter_at = [](double bpm) {
    const std::vector<Onset> onsets =
        play(divided(12, {0, 2}, {1, 3}), {.bpm = bpm, .n_bars = 16}).onsets;
    rhythm::TrackerOptions options;
    options.slowest_bpm = bpm / 1.2;
    options.fastest_bpm = bpm * 1.2;
    options.meters = {{{4, 4}, -0.3}, {{12, 8}, 0, 0, 110}};
    const auto pulses =
        track_bars(rhythm::gather_evidence(onsets, {}, onsets.back().time_s + 1), options);
    return pulses[pulses.size() / 2].meter;
  };
  EXPECT_EQ(meter_at(90), 1);
  EXPECT_EQ(meter_at(140), 0);
}

TEST(Meters, BarLinesStayWhereBarsAreNamedAnew) {
  const BarPlan plan = named({4, 4}, 4.0, divided(12, {0, 2}, {1, 3}));
  Tick tick = 0;
  for (std::size_t bar = 0; bar < plan.bars.size(); ++bar) {
    EXPECT_EQ(plan.bars[bar].length, bar == 0 ? 720 : 2880);
    EXPECT_EQ(plan.knots[bar].tick, tick);
    tick += plan.bars[bar].length;
  }
  EXPECT_EQ(plan.knots.back().tick, tick);
}

TEST(Meters, ATempoAloneIsThatOfTheBeatsFound) {
  const Performance seven =
      play(groove(3.5, 0.5, {0, 2}, {1, 2.5}),
           {.bpm = 120, .bar_quarters = 3.5, .n_bars = 16, .jitter_s = 0.005});
  RhythmOptions options;
  options.tempo_bpm = 120;
  EXPECT_NEAR(analyse(seven, options).tempo_bpm, 120, 10);
  options.tempo_bpm = 240;
  options.meter = Meter{7, 8};
  const Rhythm rhythm = analyse(seven, options);
  expect_meter(rhythm, {7, 8}, 16);
  EXPECT_NEAR(rhythm.tempo_bpm, 240, 2);
}

TEST(Meters, AChangeInsideASongIsFoundWithinTwoBars) {
  Performance song = play(rock_beat(), {.bpm = 120, .n_bars = 12, .start_s = 0});
  const Performance waltz = play(groove(3, 0.5, {0}, {1, 2}),
                                 {.bpm = 120, .bar_quarters = 3, .n_bars = 12, .start_s = 24});
  song.onsets.insert(song.onsets.end(), waltz.onsets.begin(), waltz.onsets.end());
  const Rhythm rhythm = analyse(song);
  EXPECT_EQ(rhythm.bars.front().meter, (Meter{4, 4}));
  EXPECT_EQ(rhythm.bars.back().meter, (Meter{3, 4}));
  int n_changes = 0;
  for (std::size_t i = 1; i < rhythm.bars.size(); ++i) {
    if (rhythm.bars[i].meter == rhythm.bars[i - 1].meter) continue;
    ++n_changes;
    EXPECT_NEAR(rhythm.bars[i].start_s, 24, 4.0);
  }
  EXPECT_EQ(n_changes, 1);
}

TEST(Meters, OneThatIsGivenKeepsItsTempoWhereHitsRepeatInAnother) {
  // 16 bars of three, then 24 of four; a network that hardly hears beats.
  std::vector<Note> three{{0, Drum::Kick}, {1, Drum::Snare}, {2, Drum::Snare}};
  std::vector<Note> four{{0, Drum::Kick}, {1, Drum::Snare}, {2, Drum::Kick}, {3, Drum::FloorTom}};
  for (int i = 0; i < 8; ++i) {
    if (i < 6) three.push_back({i / 2.0, Drum::ClosedHiHat, 70});
    four.push_back({i / 2.0, Drum::ClosedHiHat, 70});
  }
  Performance song = play(three, {.bpm = 120, .bar_quarters = 3, .n_bars = 16, .start_s = 1});
  const Performance second = play(four, {.bpm = 120, .n_bars = 24, .start_s = 25});
  song.onsets.insert(song.onsets.end(), second.onsets.begin(), second.onsets.end());
  Activations activations;
  activations.hop_s = 0.01;
  activations.beats = Matrix::Constant(7400, 2, 0.015F);
  RhythmOptions options;
  options.meter = Meter{3, 4};
  EXPECT_NEAR(analyse_rhythm(song.onsets, activations, 74, options).tempo_bpm, 120, 1);
}

TEST(Meters, PickupIsAShortFirstBar) {
  for (const double skip : {2.0, 3.0}) {
    SCOPED_TRACE(skip);
    std::vector<Note> pattern = rock_beat();
    pattern.push_back({0, Drum::Crash});
    pattern.push_back({3.5, Drum::FloorTom});
    const Rhythm rhythm =
        analyse(play(pattern, {.n_bars = 12, .start_s = 0.2, .skip_quarters = skip}));
    EXPECT_EQ(rhythm.bars.front().length, static_cast<Tick>((4 - skip) * kTicksPerQuarter));
    EXPECT_NEAR(rhythm.bars[1].start_s, 0.2 + (4 - skip) * 0.5, 0.02);
  }
}

TEST(Meters, MusicThatStopsAndRestartsElsewhereKeepsWholeBars) {
  // Nearly at the same tempo: at exactly one it would go on in time (steady_music.hpp).
  Performance song = play(rock_beat(), {.bpm = 120, .n_bars = 8, .start_s = 0});
  const Performance second = play(rock_beat(), {.bpm = 121, .n_bars = 8, .start_s = 16 + 7.7});
  song.onsets.insert(song.onsets.end(), second.onsets.begin(), second.onsets.end());
  const Rhythm rhythm = analyse(song);
  bool starts_bar = false;
  for (const Bar& bar : rhythm.bars) {
    EXPECT_EQ(bar.length, bar.meter.bar_ticks());
    starts_bar = starts_bar || std::abs(bar.start_s - 23.7) < 0.03;
  }
  EXPECT_TRUE(starts_bar);
}

TEST(Meter, HitsWithoutAnyPulseSpeakForNone) {
  rhythm::Evidence evidence;
  evidence.n_frames = 100;
  evidence.hits.push_back({10.0, rhythm::Part::Kick});
  EXPECT_TRUE(rhythm::meter_gains(evidence, {}, rhythm::usual_meters()).empty());
}

TEST(Meter, FewHitsSayLittleOfIt) {
  // Twelve seconds of kicks on every third quarter at 120 BPM, alone or in eighths between.
  const auto loss_of_four_four = [](int n_kicks_a_bar) {
    rhythm::Evidence evidence;
    evidence.n_frames = 710;
    std::vector<rhythm::Pulse> pulses;
    for (int quarter = 0; quarter < 24; ++quarter) {
      pulses.push_back({quarter * 0.5, 0, quarter % 4, quarter * 0.5 + 0.5});
      for (int i = 0; quarter % 3 == 0 && i < n_kicks_a_bar; ++i) {
        evidence.hits.push_back(
            {rhythm::kLead + (quarter * 0.5 + i * 0.1) / evidence.frame_s, rhythm::Part::Kick});
      }
    }
    const auto gains = rhythm::meter_gains(evidence, pulses, rhythm::usual_meters());
    return gains.empty() ? 0.0F : gains.at(6).front();
  };
  EXPECT_LT(loss_of_four_four(4), loss_of_four_four(1) - 1);
  EXPECT_LT(loss_of_four_four(1), 0);
}

TEST(Meter, WhatTwoBarsOfFourFourRepeatSpeaksForNoOther) {
  // Kicks on the first and third beat of every other bar: after 2 and 6 quarters half of them come
  // again, after 8 all, after 4 none.
  rhythm::Evidence evidence;
  evidence.n_frames = 1210;
  std::vector<rhythm::Pulse> pulses;
  for (int quarter = 0; quarter < 48; ++quarter) {
    pulses.push_back({quarter * 0.5, 0, quarter % 4, quarter * 0.5 + 0.5});
    for (int i = 0; (quarter % 8 == 0 || quarter % 8 == 2) && i < 8; ++i) {
      evidence.hits.push_back(
          {rhythm::kLead + (quarter * 0.5 + i * 0.02) / evidence.frame_s, rhythm::Part::Kick});
    }
  }
  EXPECT_TRUE(rhythm::meter_gains(evidence, pulses, {{{4, 4}}, {{3, 4}}, {{2, 4}}}).empty());
}

}  // namespace
}  // namespace fyr
