// SPDX-License-Identifier: GPL-3.0-or-later

/// Meters, pickups, pauses and tempo that the tracker must find by itself.
#include <gtest/gtest.h>

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

TEST(Meters, FiveFour) {
  const Rhythm rhythm =
      analyse(play(groove(5, 0.5, {0, 1.5, 3}, {2, 4}),
                   {.bpm = 110, .bar_quarters = 5, .n_bars = 12, .jitter_s = 0.005}));
  expect_meter(rhythm, {5, 4}, static_cast<int>(rhythm.bars.size()));
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
  expect_meter(rhythm, {7, 8}, static_cast<int>(rhythm.bars.size()));
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
  Performance song = play(rock_beat(), {.bpm = 120, .n_bars = 8, .start_s = 0});
  const Performance second = play(rock_beat(), {.bpm = 120, .n_bars = 8, .start_s = 16 + 7.7});
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

}  // namespace
}  // namespace fyr
