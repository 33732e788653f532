// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/rhythm.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "fyr/error.hpp"
#include "rhythm/move_bars.hpp"
#include "rhythm/ornaments.hpp"
#include "rhythm/play.hpp"

namespace fyr {
namespace {

using rhythm::gather_strokes;
using rhythm::Stroke;
using testing::analyse;
using ::testing::ElementsAre;
using testing::Note;
using testing::Performance;
using testing::play;
using testing::Playing;
using testing::quarter_of;
using testing::rock_beat;
using ::testing::StartsWith;

/// Whole bars, one grid a beat, hits inside their bars and in order, every onset in one hit.
/// Downbeats are bar lines, and each bar has the last beats of its meter.
void expect_numbered_from_bar_lines(const Rhythm& rhythm) {
  auto beat = rhythm.beats.begin();
  for (const Bar& bar : rhythm.bars) {
    for (int n = bar.meter.n_beats() - bar.length / bar.meter.beat_ticks(); n < bar.meter.n_beats();
         ++n, ++beat) {
      ASSERT_NE(beat, rhythm.beats.end());
      EXPECT_EQ(beat->number, n + 1);
      EXPECT_GE(beat->time_s, bar.start_s);
      EXPECT_LT(beat->time_s, bar.end_s);
      if (n == 0) {
        EXPECT_EQ(beat->time_s, bar.start_s);
      }
    }
  }
}

void expect_sound(const Rhythm& rhythm, const std::vector<Onset>& onsets) {
  ASSERT_FALSE(rhythm.bars.empty());
  for (std::size_t i = 0; i < rhythm.bars.size(); ++i) {
    const Bar& bar = rhythm.bars[i];
    EXPECT_GT(bar.length, 0);
    EXPECT_LE(bar.length, bar.meter.bar_ticks());
    if (i > 0) {
      EXPECT_EQ(bar.length, bar.meter.bar_ticks()) << "bar " << i;
      EXPECT_DOUBLE_EQ(bar.start_s, rhythm.bars[i - 1].end_s);
    }
    EXPECT_LT(bar.start_s, bar.end_s);
    const Tick grid = bar.meter.grid_ticks();
    EXPECT_EQ(bar.grids.size(), static_cast<std::size_t>((bar.length + grid - 1) / grid));
  }
  expect_numbered_from_bar_lines(rhythm);
  std::map<Drum, int> strokes;
  std::set<std::tuple<int, Tick, Drum>> places;
  std::tuple<int, Tick, Drum> before{-1, 0, Drum::Kick};
  for (const QuantisedHit& hit : rhythm.hits) {
    ASSERT_GE(hit.bar, 0);
    ASSERT_LT(hit.bar, static_cast<int>(rhythm.bars.size()));
    EXPECT_GE(hit.tick, 0);
    EXPECT_LT(hit.tick, rhythm.bars[static_cast<std::size_t>(hit.bar)].length);
    if (hit.n_strokes == 1) {
      EXPECT_EQ(hit.ornament, Ornament::None);
    }
    const std::tuple<int, Tick, Drum> place{hit.bar, hit.tick, hit.drum};
    EXPECT_TRUE(places.insert(place).second);
    EXPECT_LT(before, place);
    before = place;
    strokes[hit.drum] += hit.n_strokes;
  }
  std::map<Drum, int> heard;
  for (const Onset& onset : onsets) ++heard[onset.drum];
  EXPECT_EQ(strokes, heard);
  for (std::size_t i = 1; i < rhythm.beats.size(); ++i) {
    EXPECT_LT(rhythm.beats[i - 1].time_s, rhythm.beats[i].time_s);
  }
}

/// Every hit stands where it was written, in the meter it was written in.
void expect_as_written(const Rhythm& rhythm, const Performance& performance, Meter meter) {
  expect_sound(rhythm, performance.onsets);
  for (const Bar& bar : rhythm.bars) {
    ASSERT_EQ(bar.meter.numerator, meter.numerator);
    ASSERT_EQ(bar.meter.denominator, meter.denominator);
  }
  ASSERT_EQ(rhythm.hits.size(), performance.onsets.size());
  std::multiset<std::pair<long, Drum>> written;
  std::multiset<std::pair<long, Drum>> found;
  for (std::size_t i = 0; i < performance.onsets.size(); ++i) {
    const long tick = std::lround(performance.quarters[i] * kTicksPerQuarter);
    written.insert({tick, performance.onsets[i].drum});
  }
  for (const QuantisedHit& hit : rhythm.hits) {
    found.insert({std::lround(quarter_of(rhythm, hit) * kTicksPerQuarter), hit.drum});
  }
  EXPECT_EQ(found, written);
}

TEST(Rhythm, FindsARockBeatAtEveryTempo) {
  for (const double bpm : {90, 110, 120, 133, 150, 170, 190}) {
    SCOPED_TRACE(bpm);
    const Performance performance = play(rock_beat(), {.bpm = bpm});
    const Rhythm rhythm = analyse(performance);
    EXPECT_NEAR(rhythm.tempo_bpm, bpm, 0.005 * bpm);
    expect_as_written(rhythm, performance, {4, 4});
  }
}

/// Their multiples are as many as there are slow tempi.
TEST(Rhythm, SixteenthsDoNotHideTheTempo) {
  std::vector<Note> pattern = rock_beat();
  for (int i = 0; i < 8; ++i) pattern.push_back({i / 2.0 + 0.25, Drum::ClosedHiHat, 60});
  for (const double bpm : {100, 118, 122, 126, 130}) {
    SCOPED_TRACE(bpm);
    const Performance performance = play(pattern, {.bpm = bpm, .n_bars = 32, .jitter_s = 0.006});
    const Rhythm rhythm = analyse(performance);
    EXPECT_NEAR(rhythm.tempo_bpm, bpm, 0.005 * bpm);
    expect_as_written(rhythm, performance, {4, 4});
  }
}

TEST(Rhythm, FollowsARitardando) {
  Performance performance = play(rock_beat(), {.bpm = 95, .n_bars = 16});
  const double beat_s = 60.0 / 95;
  constexpr double kFirstSlow = 56;
  constexpr double kSlower = 1.03;  // Each beat.
  for (std::size_t i = 0; i < performance.onsets.size(); ++i) {
    const double late = performance.quarters[i] - kFirstSlow;
    if (late <= 0) continue;
    performance.onsets[i].time_s =
        0.5 + beat_s * (kFirstSlow + (std::pow(kSlower, late) - 1) / std::log(kSlower));
  }
  expect_as_written(analyse(performance), performance, {4, 4});
}

TEST(Rhythm, WritesJitteredHitsOnTheSamePlaces) {
  for (const double bpm : {80, 100, 140}) {
    SCOPED_TRACE(bpm);
    std::vector<Note> pattern = rock_beat();
    pattern.push_back({1.75, Drum::Kick});
    const Performance performance = play(pattern, {.bpm = bpm, .n_bars = 16, .jitter_s = 0.010});
    expect_as_written(analyse(performance), performance, {4, 4});
  }
}

TEST(Rhythm, AFootThatComesEarlyStandsWithTheHands) {
  std::vector<Note> pattern = rock_beat();
  for (int i = 0; i < 8; ++i) pattern.push_back({i / 2.0, Drum::PedalHiHat});
  Performance performance = play(pattern, {.bpm = 138, .n_bars = 8});
  for (Onset& onset : performance.onsets) {
    if (onset.drum == Drum::PedalHiHat) onset.time_s = std::max(0.0, onset.time_s - 0.05);
  }
  Performance in_order = performance;
  std::ranges::stable_sort(in_order.onsets, {}, &Onset::time_s);
  expect_as_written(analyse(in_order), performance, {4, 4});
}

TEST(Rhythm, PedalsTooFastForAFootDoNotMarkTheBeat) {
  // As programmed: closed hi-hats on the eighths, softer ones on the sixteenths between.
  std::vector<Note> pattern{
      {0, Drum::Kick}, {1, Drum::Kick}, {1.25, Drum::Kick}, {2, Drum::Kick}, {2.75, Drum::Kick}};
  for (int quarter = 0; quarter < 4; ++quarter) {
    pattern.push_back({quarter + 0.0, Drum::ClosedHiHat});
    pattern.push_back({quarter + 0.25, Drum::PedalHiHat});
    pattern.push_back({quarter + 0.5, Drum::Snare});
    pattern.push_back({quarter + 0.75, Drum::PedalHiHat});
  }
  const Performance performance = play(pattern, {.bpm = 122, .n_bars = 24});
  const Rhythm rhythm = analyse(performance);
  for (const QuantisedHit& hit : rhythm.hits) {
    const bool on_eighth = hit.tick % (kTicksPerQuarter / 2) == 0;
    EXPECT_TRUE(hit.drum != Drum::ClosedHiHat || on_eighth);
    EXPECT_TRUE(hit.drum != Drum::PedalHiHat || !on_eighth);
  }
}

TEST(Rhythm, FollowsATempoThatDrifts) {
  for (const double drift : {-0.15, 0.15}) {
    SCOPED_TRACE(drift);
    const Performance performance =
        play(rock_beat(), {.bpm = 110, .n_bars = 24, .jitter_s = 0.005, .drift = drift});
    expect_as_written(analyse(performance), performance, {4, 4});
  }
}

TEST(Rhythm, MusicThatStartsLateStartsAtItsFirstBar) {
  // The latter two later than what the tracker remembers.
  for (const double start_s : {17.3, 130.0, 250.0}) {
    SCOPED_TRACE(start_s);
    const Performance performance = play(rock_beat(), {.start_s = start_s});
    const Rhythm rhythm = analyse(performance);
    expect_as_written(rhythm, performance, {4, 4});
    EXPECT_NEAR(rhythm.bars.front().start_s, start_s, 0.01);
  }
}

TEST(Rhythm, AStrayStrokeHasNoTempo) {
  Performance performance = play(rock_beat(), {.bpm = 120, .n_bars = 20, .start_s = 60});
  performance.onsets.insert(performance.onsets.begin(), {1, Drum::Kick, 90, 0.9});
  const Rhythm rhythm = analyse(performance);
  EXPECT_NEAR(rhythm.tempo_bpm, 120, 0.5);
  // The silence is counted at the music's tempo: a bar every two seconds.
  EXPECT_NEAR(static_cast<double>(rhythm.bars.size()), 20 + 59 / 2.0, 1);
}

TEST(Rhythm, CutTimeHasTripletsAndSwingOfQuarters) {
  RhythmOptions options;
  options.meter = Meter{2, 2};
  std::vector<Note> pattern = rock_beat();
  pattern.pop_back();
  for (int i = 0; i < 3; ++i) pattern.push_back({3 + i / 3.0, Drum::HighTom});
  const Rhythm rhythm = analyse(play(pattern, {.bpm = 100, .jitter_s = 0.006}), options);
  EXPECT_EQ(rhythm.bars.front().meter, (Meter{2, 2}));
  EXPECT_EQ(std::ranges::count_if(rhythm.hits,
                                  [](const QuantisedHit& hit) {
                                    return hit.drum == Drum::HighTom &&
                                           hit.tick % kTicksPerQuarter == 160;
                                  }),
            8);
  const Performance swung = play(rock_beat(), {.bpm = 120, .n_bars = 12, .swing = 0.66});
  EXPECT_NEAR(analyse(swung, options).swing.share, 0.66, 0.02);
  expect_as_written(analyse(swung, options), swung, {2, 2});
}

TEST(Rhythm, APickupOfHalfABeatIsCountedFromTheBarLine) {
  std::vector<Note> pattern = rock_beat();
  pattern.push_back({0, Drum::Crash});
  Performance performance = play(pattern, {.bpm = 120, .n_bars = 16, .start_s = 0.52});
  performance.onsets.insert(performance.onsets.begin(),
                            {{0.02, Drum::Snare, 90, 0.9}, {0.27, Drum::Snare, 90, 0.9}});
  RhythmOptions options;
  options.meter = Meter{2, 2};
  const Rhythm rhythm = analyse(performance, options);
  expect_sound(rhythm, performance.onsets);
  EXPECT_EQ(rhythm.bars.front().length, kTicksPerQuarter);
  EXPECT_EQ(rhythm.beats.front().number, 1);
  EXPECT_NEAR(rhythm.beats.front().time_s, 0.52, 0.01);
  EXPECT_NEAR(rhythm.tempo_bpm, 60, 0.5);
}

TEST(Rhythm, WritesTripletsAsTriplets) {
  std::vector<Note> pattern = rock_beat();
  pattern.pop_back();
  for (int i = 0; i < 3; ++i) pattern.push_back({3 + i / 3.0, Drum::HighTom});
  const Performance performance = play(pattern, {.bpm = 100, .jitter_s = 0.006});
  const Rhythm rhythm = analyse(performance);
  expect_sound(rhythm, performance.onsets);
  int n_thirds = 0;
  for (const QuantisedHit& hit : rhythm.hits) {
    if (hit.drum == Drum::HighTom && hit.tick % kTicksPerQuarter == 160) ++n_thirds;
  }
  EXPECT_EQ(n_thirds, 8);
}

TEST(Rhythm, SwingHasTripletsWhereFewerThanFourStrokesFillABeat) {
  // Between 1/4 and 1/3 of the beat, as it is played: nearer a 16th.
  Performance performance = play(rock_beat(), {.bpm = 120, .n_bars = 12, .swing = 0.66});
  performance.onsets.push_back({8 + 0.29 * 0.5, Drum::Snare, 60, 0.9});
  std::ranges::sort(performance.onsets, {}, &Onset::time_s);
  const Rhythm rhythm = analyse(performance);
  const auto soft = std::ranges::find(rhythm.hits, 60, &QuantisedHit::velocity);
  ASSERT_NE(soft, rhythm.hits.end());
  EXPECT_EQ(soft->tick % kTicksPerQuarter, 160);
}

TEST(Rhythm, WritesSwungEighthsStraightAndSaysSo) {
  const Performance performance = play(rock_beat(), {.bpm = 120, .n_bars = 12, .swing = 0.66});
  const Rhythm rhythm = analyse(performance);
  EXPECT_NEAR(rhythm.swing.share, 0.66, 0.02);
  expect_as_written(rhythm, performance, {4, 4});
}

/// On which beat 24 bars whose halves are alike begin, if the network's downbeats speak for the
/// third beat with log-odds that are `for_three` higher in all.
int first_beat(double for_three) {
  constexpr int kBars = 24;
  const Performance performance =
      play({{0, Drum::Kick}, {1, Drum::Snare}, {2, Drum::Kick}, {3, Drum::Snare}},
           {.bpm = 120, .n_bars = kBars});
  Activations activations;
  activations.hop_s = 0.01;
  activations.beats = Matrix::Zero(100 * (2 * kBars + 2), 2);
  for (int beat = 0; beat < 4 * kBars; ++beat) {
    const double odds = beat % 4 == 2 ? for_three / kBars : 0;
    const bool down = beat % 2 == 0;
    const auto row = static_cast<Eigen::Index>(
        std::lround(100 * (performance.onsets.front().time_s + beat * 0.5)));
    activations.beats.block(row - 2, 0, 5, 1).setConstant(0.5F);
    activations.beats.block(row - 2, 1, 5, 1)
        .setConstant(down ? static_cast<float>(1 / (1 + std::exp(1.5 - odds))) : 0);
  }
  const Rhythm rhythm = analyse_rhythm(performance.onsets, activations, 2 * kBars + 1);
  const auto beat = std::ranges::lower_bound(rhythm.beats, performance.onsets.front().time_s - 0.1,
                                             {}, &Beat::time_s);
  return beat->number;
}

TEST(Rhythm, MusicBeginsOnADownbeatUnlessTheNetworkClearlySaysOtherwise) {
  EXPECT_EQ(first_beat(0), 1);
  EXPECT_EQ(first_beat(9), 1);
  EXPECT_EQ(first_beat(20), 3);
}

TEST(Rhythm, AGivenSwingIsKept) {
  const Performance performance = play(rock_beat(), {.bpm = 120, .n_bars = 12, .swing = 0.66});
  RhythmOptions options;
  options.swing = 0.5;
  EXPECT_EQ(analyse(performance, options).swing, Swing{});
  options.swing = 0.9;
  EXPECT_THROW(analyse(performance, options), UsageError);
}

TEST(Rhythm, OnlyQuartersAreSwung) {
  RhythmOptions options;
  for (const Meter meter : {Meter{6, 8}, Meter{7, 8}, Meter{3, 8}, Meter{12, 8}}) {
    options.meter = meter;
    options.swing = 0.6;
    EXPECT_THROW(check(options), UsageError) << meter.numerator;
    options.swing = 0.5;
    EXPECT_NO_THROW(check(options));
  }
  options.swing = 0.6;
  for (const Meter meter : {Meter{4, 4}, Meter{2, 2}}) {
    options.meter = meter;
    EXPECT_NO_THROW(check(options));
  }
  // Found, in dotted quarters.
  options.meter.reset();
  std::vector<Onset> hits;
  for (int eighth = 0; eighth < 60; ++eighth) {
    hits.push_back({0.25 * eighth, Drum::ClosedHiHat, 90, 0.9});
    if (eighth % 3 == 0) options.beats.push_back({0.25 * eighth, eighth % 6 == 0 ? 1 : 2});
  }
  const Rhythm rhythm = analyse_rhythm(hits, Activations{}, 15, options);
  ASSERT_EQ(rhythm.bars.front().meter, (Meter{6, 8}));
  EXPECT_EQ(rhythm.swing, Swing{});
}

TEST(Rhythm, NothingFinerThanASixteenthFollowsASwungEighth) {
  std::vector<Note> pattern = rock_beat();
  for (const double quarter : {0.5, 0.6, 2.5, 2.6}) pattern.push_back({quarter, Drum::Snare});
  const Rhythm rhythm = analyse(play(pattern, {.bpm = 100, .n_bars = 12, .swing = 0.66}));
  ASSERT_GT(rhythm.swing.share, 0.6);
  for (const QuantisedHit& hit : rhythm.hits) {
    EXPECT_TRUE(hit.tick % 120 == 0 || hit.tick % 80 == 0) << hit.tick;
  }
}

TEST(Rhythm, ALongRecordingIsTrackedFromEndToEnd) {
  // Longer than what the tracker remembers, with a pause.
  Performance performance = play(rock_beat(), {.bpm = 120, .n_bars = 130, .jitter_s = 0.005});
  const Performance later =
      play(rock_beat(), {.bpm = 120, .n_bars = 60, .start_s = 360.5, .jitter_s = 0.005});
  performance.onsets.insert(performance.onsets.end(), later.onsets.begin(), later.onsets.end());
  const Rhythm rhythm = analyse(performance);
  ASSERT_EQ(rhythm.bars.size(), 240U);
  for (std::size_t i = 0; i < rhythm.bars.size(); ++i) {
    if (i >= 130 && i < 180) continue;
    EXPECT_NEAR(rhythm.bars[i].start_s, 0.5 + 2.0 * static_cast<double>(i), 0.02) << i;
  }
}

TEST(Rhythm, OneHitIsOneBar) {
  const Performance performance{{{2.0, Drum::Snare, 90, 0.8}}, {0}};
  const Rhythm rhythm = analyse(performance);
  expect_sound(rhythm, performance.onsets);
  EXPECT_EQ(rhythm.bars.size(), 1U);
}

TEST(Rhythm, AnHourOfSilenceTakesAMoment) {
  const auto start = std::chrono::steady_clock::now();
  const Rhythm rhythm = analyse_rhythm({{3600, Drum::Snare, 90, 1}}, {}, 3601, {});
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
  EXPECT_EQ(rhythm.hits.size(), 1U);
}

TEST(Rhythm, SilenceIsOneEmptyBar) {
  const Rhythm rhythm = analyse_rhythm({}, Activations{}, 10.0);
  expect_sound(rhythm, {});
  EXPECT_EQ(rhythm.bars.size(), 1U);
  EXPECT_TRUE(rhythm.hits.empty());
}

TEST(Rhythm, TwoCloseStrokesAreAFlamAndThreeADrag) {
  Performance performance = play(rock_beat(), {});
  const auto add_grace = [&](double before_s) {
    const auto snare = std::find_if(performance.onsets.begin() + 20, performance.onsets.end(),
                                    [](const Onset& o) { return o.drum == Drum::Snare; });
    Onset grace = *snare;
    grace.time_s -= before_s;
    grace.velocity = 50;
    performance.onsets.insert(snare, grace);
    std::sort(performance.onsets.begin(), performance.onsets.end(),
              [](const Onset& a, const Onset& b) { return a.time_s < b.time_s; });
  };
  add_grace(0.025);
  const Rhythm flammed = analyse(performance);
  expect_sound(flammed, performance.onsets);
  EXPECT_EQ(std::count_if(flammed.hits.begin(), flammed.hits.end(),
                          [](const auto& hit) { return hit.ornament == Ornament::Flam; }),
            1);
  add_grace(0.025);
  const Rhythm dragged = analyse(performance);
  expect_sound(dragged, performance.onsets);
  EXPECT_EQ(std::count_if(dragged.hits.begin(), dragged.hits.end(),
                          [](const auto& hit) { return hit.ornament == Ornament::Drag; }),
            1);
}

/// One stroke of `drum` in the middle of a rock beat, and another `after_s` later.
QuantisedHit doubled(Drum drum, int velocity, int velocity_after, double after_s) {
  Performance performance = play(rock_beat(), {});
  const auto stroke = std::find_if(performance.onsets.begin() + 20, performance.onsets.end(),
                                   [&](const Onset& onset) { return onset.drum == drum; });
  stroke->velocity = velocity;
  const Onset first = *stroke;
  performance.onsets.push_back({first.time_s + after_s, drum, velocity_after, 0.9});
  std::ranges::sort(performance.onsets, {}, &Onset::time_s);
  const Rhythm rhythm = analyse(performance);
  expect_sound(rhythm, performance.onsets);
  return *std::ranges::find(rhythm.hits, 2, &QuantisedHit::n_strokes);
}

TEST(Rhythm, AStrokeAndItsReboundAreOneNote) {
  const QuantisedHit hit = doubled(Drum::Snare, 110, 60, 0.04);
  EXPECT_EQ(hit.ornament, Ornament::None);
  EXPECT_EQ(hit.velocity, 110);
}

TEST(Rhythm, AFlamOfEqualStrokesEndsOnTheMainOne) {
  const QuantisedHit hit = doubled(Drum::Snare, 100, 90, 0.04);
  EXPECT_EQ(hit.ornament, Ornament::Flam);
  EXPECT_EQ(hit.velocity, 100);
}

/// How many strokes each gesture of the snare has, of strokes at these times and velocities.
std::vector<int> gathered(const std::vector<std::pair<double, int>>& strokes) {
  std::vector<Onset> onsets;
  for (const auto& [time_s, velocity] : strokes) {
    onsets.push_back({time_s, Drum::Snare, velocity, 0.9});
  }
  std::vector<int> found;
  for (const Stroke& stroke : gather_strokes(onsets)) found.push_back(stroke.n_strokes);
  return found;
}

TEST(Rhythm, AFlamMayOpenWideWhereNothingElseIsNear) {
  EXPECT_THAT(gathered({{1.0, 90}, {1.44, 80}, {1.50, 90}, {2.0, 90}}), ElementsAre(1, 2, 1));
  EXPECT_THAT(gathered({{1.44, 91}, {1.50, 90}}), ElementsAre(1, 1));  // A rebound.
  EXPECT_THAT(gathered({{1.43, 80}, {1.50, 90}}), ElementsAre(1, 1));  // Two notes.
  // The end of a roll, its start.
  EXPECT_THAT(gathered({{1.38, 80}, {1.44, 80}, {1.50, 90}}), ElementsAre(1, 1, 1));
  EXPECT_THAT(gathered({{1.44, 80}, {1.50, 90}, {1.56, 80}}), ElementsAre(1, 1, 1));
}

TEST(Rhythm, ADoubleOfThePedalIsOneNote) {
  EXPECT_EQ(doubled(Drum::Kick, 60, 110, 0.04).ornament, Ornament::None);
}

TEST(Rhythm, GivenTempoMeterAndPickupAreKept) {
  const Performance performance = play(rock_beat(), {.bpm = 120, .skip_quarters = 3});
  RhythmOptions options;
  options.tempo_bpm = 60;
  options.meter = Meter{2, 4};
  options.pickup_beats = 1;
  const Rhythm rhythm = analyse(performance, options);
  expect_sound(rhythm, performance.onsets);
  EXPECT_NEAR(rhythm.tempo_bpm, 60, 1);
  EXPECT_EQ(rhythm.bars.front().meter, (Meter{2, 4}));
  EXPECT_EQ(rhythm.bars.front().length, kTicksPerQuarter);
}

TEST(Rhythm, AGivenMeterMayBeAsShortAsAnEighth) {
  const Performance performance = play(rock_beat(), {.bpm = 110, .n_bars = 8});
  RhythmOptions options;
  options.meter = Meter{1, 8};
  const Rhythm rhythm = analyse(performance, options);
  expect_sound(rhythm, performance.onsets);
  EXPECT_EQ(rhythm.bars.front().meter, (Meter{1, 8}));
}

TEST(Rhythm, AGivenPickupStaysWhereAFlamComesFirstAndAHitOnTheLastBarLine) {
  std::vector<Onset> onsets = {{0.937, Drum::Snare, 40, 1}, {1.0, Drum::Snare, 100, 1}};
  for (int beat = 0; beat < 28; ++beat) {
    const double time_s = 1.3 + 0.3 * beat;
    onsets.push_back({time_s, beat % 2 == 0 ? Drum::Kick : Drum::Snare, 100, 1});
    onsets.push_back({time_s, Drum::ClosedHiHat, 80, 1});
    onsets.push_back({time_s + 0.15, Drum::ClosedHiHat, 80, 1});
  }
  onsets.push_back({1.3 + 28 * 0.3 - 0.0385, Drum::Crash, 100, 1});
  std::ranges::stable_sort(onsets, {}, &Onset::time_s);
  RhythmOptions options;
  options.tempo_bpm = 200;
  options.pickup_beats = 1;
  const Rhythm rhythm = analyse_rhythm(onsets, {}, 12, options);
  ASSERT_GE(rhythm.bars.size(), 2U);
  EXPECT_EQ(rhythm.bars[0].length, kTicksPerQuarter);
  EXPECT_NEAR(rhythm.bars[1].start_s, 1.3, 0.02);
}

RhythmOptions with_pickup(std::optional<int> beats, std::optional<Meter> meter = {}) {
  RhythmOptions options;
  options.pickup_beats = beats;
  options.meter = meter;
  return options;
}

int beats_before_the_first_downbeat(const Rhythm& rhythm) {
  int n = 0;
  for (const Beat& beat : rhythm.beats) {
    if (beat.number == 1) break;
    ++n;
  }
  return n;
}

/// The meters of the bars, without repetition.
std::vector<std::pair<int, int>> meters_of(const Rhythm& rhythm) {
  std::vector<std::pair<int, int>> meters;
  for (const Bar& bar : rhythm.bars) {
    const std::pair<int, int> meter{bar.meter.numerator, bar.meter.denominator};
    if (meters.empty() || meters.back() != meter) meters.push_back(meter);
  }
  return meters;
}

/// With every pickup that its first bar allows, music keeps its beats and its meters.
void expect_every_pickup(const Performance& performance, std::optional<Meter> meter = {}) {
  const Rhythm found = analyse(performance, with_pickup({}, meter));
  const Tick beat = found.bars.front().meter.beat_ticks();
  for (int n_beats = 0; n_beats < found.bars.front().meter.n_beats(); ++n_beats) {
    SCOPED_TRACE(n_beats);
    const Rhythm rhythm = analyse(performance, with_pickup(n_beats, meter));
    expect_sound(rhythm, performance.onsets);
    EXPECT_EQ(beats_before_the_first_downbeat(rhythm), n_beats);
    EXPECT_EQ(rhythm.bars.front().length,
              n_beats > 0 ? n_beats * beat : found.bars.front().meter.bar_ticks());
    EXPECT_EQ(meters_of(rhythm), meters_of(found));
    ASSERT_EQ(rhythm.hits.front().bar, 0);
    EXPECT_LT(rhythm.hits.front().tick, beat);
    EXPECT_NEAR(rhythm.beats.front().time_s, found.beats.front().time_s, 1e-9);
    EXPECT_NEAR(rhythm.beats.at(6).time_s, found.beats.at(6).time_s, 1e-9);
  }
}

TEST(Rhythm, AGivenPickupComesBeforeTheFirstDownbeatInEveryMeter) {
  expect_every_pickup(play(rock_beat(), {.bpm = 110, .n_bars = 16}));
  const std::vector<Note> waltz{{0, Drum::Kick}, {1, Drum::Snare}, {2, Drum::Snare}};
  expect_every_pickup(play(waltz, {.bpm = 120, .bar_quarters = 3, .n_bars = 16}), Meter{3, 4});
  std::vector<Note> seven{{0, Drum::Kick}, {2, Drum::Kick}, {1, Drum::Snare}, {2.5, Drum::Snare}};
  for (int i = 0; i < 7; ++i) seven.push_back({i / 2.0, Drum::ClosedHiHat, 70});
  expect_every_pickup(play(seven, {.bpm = 120, .bar_quarters = 3.5, .n_bars = 16}));
  std::vector<Note> compound{{0, Drum::Kick}, {1.5, Drum::Snare}};
  for (int i = 0; i < 6; ++i) compound.push_back({i / 2.0, Drum::ClosedHiHat, 70});
  expect_every_pickup(play(compound, {.bpm = 99, .bar_quarters = 3, .n_bars = 16}), Meter{6, 8});
}

TEST(Rhythm, AGivenPickupLeavesAChangeOfMeterWhereItWas) {
  Performance song = play(rock_beat(), {.n_bars = 12, .start_s = 0});
  const std::vector<Note> waltz{{0, Drum::Kick}, {1, Drum::Snare}, {2, Drum::Snare}};
  const Performance second = play(waltz, {.bar_quarters = 3, .n_bars = 12, .start_s = 24});
  song.onsets.insert(song.onsets.end(), second.onsets.begin(), second.onsets.end());
  expect_every_pickup(song);
  const auto change_s = [&](std::optional<int> pickup_beats) {
    const Rhythm rhythm = analyse(song, with_pickup(pickup_beats));
    const auto change = std::ranges::find(rhythm.bars, Meter{3, 4}, &Bar::meter);
    return change == rhythm.bars.end() ? 0 : change->start_s;
  };
  // Two beats, half a bar, are the most that bar lines ever need to move.
  for (const int n_beats : {0, 1, 2, 3}) EXPECT_NEAR(change_s(n_beats), change_s({}), 1.01);
}

TEST(Rhythm, APickupThatBeginsInsideABeatHasThatBeatToo) {
  const Performance performance = play(rock_beat(), {.n_bars = 12, .skip_quarters = 2.5});
  const Rhythm rhythm = analyse(performance, with_pickup(2));
  EXPECT_EQ(beats_before_the_first_downbeat(rhythm), 2);
  EXPECT_EQ(rhythm.hits.front().bar, 0);
  EXPECT_EQ(rhythm.hits.front().tick, kTicksPerQuarter / 2);
}

TEST(Rhythm, AGivenPickupKeepsItsBeatWhereThatBeginsBeforeTheRecording) {
  const Performance performance =
      play(rock_beat(), {.n_bars = 12, .start_s = 0.02, .skip_quarters = 3.5});
  const Rhythm rhythm = analyse(performance, with_pickup(1));
  EXPECT_EQ(rhythm.bars.front().length, kTicksPerQuarter);
  EXPECT_EQ(rhythm.hits.front().tick, kTicksPerQuarter / 2);
}

TEST(Rhythm, APickupIsCountedFromTheMainStrokeOfAFlam) {
  Performance performance = play(rock_beat(), {.n_bars = 8, .start_s = 2});
  const Onset first = performance.onsets.front();
  performance.onsets.insert(performance.onsets.begin(),
                            {first.time_s - 0.04, first.drum, first.velocity / 3, 0.9});
  for (const int n_beats : {0, 1, 3}) {
    const Rhythm rhythm = analyse(performance, with_pickup(n_beats, Meter{4, 4}));
    EXPECT_EQ(beats_before_the_first_downbeat(rhythm), n_beats);
    EXPECT_EQ(rhythm.hits.front().bar, 0);
    EXPECT_EQ(rhythm.hits.front().tick, 0) << "no beat of rest before it";
  }
}

TEST(Rhythm, APickupIsCountedFromTheHitsThatAreWritten) {
  const Performance performance = play(rock_beat(), {.n_bars = 8, .start_s = 3});
  const RhythmOptions options = with_pickup(1);
  const BarPlan plan = find_bars(performance.onsets, {}, 20, options);
  std::vector<Onset> earlier = performance.onsets;
  earlier.insert(earlier.begin(), {2, Drum::Snare, 90, 0.9});  // Two beats before.
  const std::vector<Onset> later(performance.onsets.begin() + 12, performance.onsets.end());
  for (const auto& onsets : {earlier, later}) {
    const Rhythm rhythm = place_in_bars(plan, onsets, options);
    expect_sound(rhythm, onsets);
    EXPECT_EQ(beats_before_the_first_downbeat(rhythm), 1);
    EXPECT_NEAR(rhythm.beats.front().time_s, onsets.front().time_s, 0.02);
  }
}

TEST(Rhythm, ThePickupOfOneHitHasAWholeBarAfterIt) {
  const Performance performance = play({{0, Drum::Kick}}, {.n_bars = 1});
  for (const int n_beats : {1, 3}) {
    const Rhythm rhythm = analyse(performance, with_pickup(n_beats, Meter{4, 4}));
    expect_sound(rhythm, performance.onsets);
    ASSERT_EQ(rhythm.bars.size(), 2U);
    EXPECT_EQ(beats_before_the_first_downbeat(rhythm), n_beats);
  }
}

TEST(Rhythm, AGivenPickupLeavesNoEmptyBarAtTheEnd) {
  const Meter meter{4, 4};
  // A pickup of two beats, a bar, and a beat of the last bar.
  BarPlan plan{{{meter, 960, 0, 0, {}}, {meter, 1920, 0, 0, {}}, {meter, 1920, 0, 0, {}}},
               {{0, 0}, {3360, 3.5}}};
  rhythm::set_pickup(plan, 0, 3.4, 3);
  ASSERT_EQ(plan.bars.size(), 2U);
  EXPECT_EQ(plan.bars.front().length, 1440);
  EXPECT_EQ(rhythm::end_tick(plan), plan.knots.back().tick);
}

TEST(Rhythm, TheTempoIsThatOfTheBeatThatMostBarsHave) {
  RhythmOptions options;
  options.meter = Meter{7, 8};
  double time_s = 0;
  const auto add_bar = [&](int n_beats, double beat_s) {
    for (int i = 0; i < n_beats; ++i, time_s += beat_s) options.beats.push_back({time_s, i + 1});
  };
  // 14 eighths, but more bars in quarters.
  for (int i = 0; i < 2; ++i) add_bar(7, 0.3);
  for (int i = 0; i < 3; ++i) add_bar(4, 0.6);
  const Rhythm rhythm = analyse_rhythm({}, {}, 12, options);
  ASSERT_EQ(rhythm.bars.front().meter, (Meter{7, 8}));
  EXPECT_EQ(counted_meter(rhythm.bars), (Meter{4, 4}));
  EXPECT_NEAR(rhythm.tempo_bpm, 100, 1e-6);
}

TEST(CountedMeter, HasTheBeatOfMostBarsWhateverTheirMeters) {
  std::vector<Bar> bars;
  for (const Meter& meter : {Meter{4, 4}, Meter{7, 8}, Meter{3, 4}}) {
    bars.insert(bars.end(), meter.denominator == 8 ? 3 : 2, {meter, meter.bar_ticks(), 0, 0, {}});
  }
  EXPECT_EQ(counted_meter(bars).denominator, 4) << "four of seven";
}

TEST(Rhythm, TheTempoIsThatOfBarsThatArePlayed) {
  RhythmOptions options;
  options.meter = Meter{6, 8};
  std::vector<Onset> onsets;
  double time_s = 0;
  const auto add_bars = [&](int n_bars, int n_beats, double beat_s, bool played) {
    for (int i = 0; i < n_bars * n_beats; ++i, time_s += beat_s) {
      options.beats.push_back({time_s, i % n_beats + 1});
      if (played) onsets.push_back({time_s, Drum::Kick, 90, 1});
    }
  };
  add_bars(2, 4, 0.5, true);
  add_bars(8, 2, 0.75, false);
  add_bars(2, 4, 0.5, true);
  const Rhythm rhythm = analyse_rhythm(onsets, {}, time_s, options);
  EXPECT_EQ(counted_meter(rhythm.bars), (Meter{6, 8}));
  EXPECT_EQ(played_bars(rhythm).size(), 4U);
  EXPECT_NEAR(rhythm.tempo_bpm, 120, 1e-6);
}

/// Two beats a bar, as a file of beats gives them, over 16 bars at 60 BPM.
Rhythm on_two_beats(const std::vector<Note>& pattern) {
  RhythmOptions options;
  for (int i = 0; i < 32; ++i) options.beats.push_back({0.5 + i, i % 2 + 1});
  const Performance performance = play(pattern, {60, 2, 16, 0.5, 0, 0.008});
  return analyse_rhythm(performance.onsets, {}, 34, options);
}

TEST(Rhythm, TwoGivenBeatsInThirdsAreSixEight) {
  std::vector<Note> pattern{{0, Drum::Kick}, {1, Drum::Snare}, {1.5, Drum::Kick}};
  for (int i = 0; i < 6; ++i) pattern.push_back({i / 3.0, Drum::ClosedHiHat, 70});
  const Rhythm rhythm = on_two_beats(pattern);
  EXPECT_EQ(rhythm.bars.front().meter, (Meter{6, 8}));
  int n_hats = 0;
  for (const QuantisedHit& hit : rhythm.hits) {
    if (hit.drum != Drum::ClosedHiHat) continue;
    ++n_hats;
    EXPECT_EQ(hit.tick % (kTicksPerQuarter / 2), 0);
  }
  EXPECT_EQ(n_hats, 96);
}

TEST(Rhythm, TwoGivenBeatsInHalvesOrShuffledAreTwoFour) {
  std::vector<Note> halves{{0, Drum::Kick}, {1, Drum::Snare}};
  for (int i = 0; i < 8; ++i) halves.push_back({i / 4.0, Drum::ClosedHiHat, 70});
  EXPECT_EQ(on_two_beats(halves).bars.front().meter, (Meter{2, 4}));
  std::vector<Note> shuffle{{0, Drum::Kick}, {1, Drum::Snare}};
  for (const double at : {0.0, 2 / 3.0, 1.0, 5 / 3.0}) {
    shuffle.push_back({at, Drum::ClosedHiHat, 70});
  }
  EXPECT_EQ(on_two_beats(shuffle).bars.front().meter, (Meter{2, 4}));
}

TEST(Rhythm, GivenBeatsReplaceTheTracker) {
  const Performance performance = play(rock_beat(), {.bpm = 120, .start_s = 2});
  RhythmOptions options;
  for (int i = 0; i < 12; ++i) options.beats.push_back({2 + 0.5 * i, i % 3 + 1});
  const Rhythm rhythm = analyse(performance, options);
  expect_sound(rhythm, performance.onsets);
  EXPECT_EQ(rhythm.bars.front().meter, (Meter{3, 4}));
  EXPECT_NEAR(rhythm.tempo_bpm, 120, 0.1);
}

TEST(Rhythm, GivenBeatsMayCountTheEighthsOfTheirMeter) {
  RhythmOptions options;
  options.meter = Meter{6, 8};
  for (int i = 0; i < 18; ++i) options.beats.push_back({0.25 * i, i % 6 + 1});
  const Rhythm rhythm =
      analyse_rhythm({{0, Drum::Kick, 90, 1}, {1.75, Drum::Snare, 90, 1}}, {}, 5, options);
  ASSERT_EQ(rhythm.bars.size(), 2U);  // Nothing is struck in the third.
  EXPECT_EQ(rhythm.bars.back().meter, (Meter{6, 8}));
  EXPECT_EQ(rhythm.hits.back().bar, 1);
  EXPECT_EQ(rhythm.hits.back().tick, kTicksPerQuarter / 2);
}

TEST(Rhythm, TheScoreEndsWithTheLastHit) {
  RhythmOptions options;
  for (int i = 0; i < 32; ++i) options.beats.push_back({0.5 * i, i % 4 + 1});
  const std::vector<Onset> onsets{{4, Drum::Kick, 90, 1}, {6.5, Drum::Snare, 90, 1}};
  const Rhythm rhythm = analyse_rhythm(onsets, {}, 16, options);
  EXPECT_EQ(rhythm.bars.size(), 4U);
  EXPECT_EQ(rhythm.beats.size(), 32U);  // The music may go on without drums.
  for (Beat& beat : options.beats) beat.number = (beat.number + 2) % 4 + 1;
  EXPECT_EQ(analyse_rhythm({{0, Drum::Kick, 90, 1}}, {}, 16, options).bars.size(), 2U);
}

TEST(Rhythm, AMeterThatNoGivenBarHasIsRefused) {
  RhythmOptions options;
  for (int i = 0; i < 14; ++i) options.beats.push_back({0.5 * i, (i + 2) % 4 + 1});
  for (const Meter meter : {Meter{3, 4}, Meter{2, 2}, Meter{6, 8}, Meter{7, 8}}) {
    options.meter = meter;
    EXPECT_THROW(check(options), UsageError) << meter.numerator << '/' << meter.denominator;
  }
  options.meter = Meter{4, 8};
  EXPECT_NO_THROW(check(options));
}

TEST(Rhythm, InSwingTripletsAndSixteenthsAreStraight) {
  std::vector<Onset> onsets;
  RhythmOptions options;
  const auto add = [&](double beat) { onsets.push_back({0.5 * beat, Drum::Snare, 90, 1}); };
  for (int i = 0; i < 32; ++i) options.beats.push_back({0.5 * i, i % 4 + 1});
  for (int beat = 0; beat < 24; ++beat) {
    add(beat);
    add(beat + 0.66);
  }
  for (int beat = 24; beat < 32; ++beat) {
    const int n = beat < 28 ? 4 : 3;
    for (int k = 0; k < n; ++k) add(beat + static_cast<double>(k) / n);
  }
  const Rhythm rhythm = analyse_rhythm(onsets, {}, 16, options);
  EXPECT_NEAR(rhythm.swing.share, 0.66, 0.01);
  for (std::size_t i = 0; i < rhythm.hits.size(); ++i) {
    const QuantisedHit& hit = rhythm.hits[i];
    const double sounds_s = 2.0 * hit.bar + played_tick(rhythm, hit) / kTicksPerQuarter / 2;
    EXPECT_NEAR(sounds_s, onsets[i].time_s, 0.002) << i;
    const int finest = hit.bar < 6 ? 240 : hit.bar < 7 ? 120 : 160;
    EXPECT_EQ(hit.tick % finest, 0) << i;
  }
  EXPECT_EQ(rhythm.bars[6].grids.front(), Grid::Straight);
  EXPECT_EQ(rhythm.bars[7].grids.front(), Grid::Triplet);
}

TEST(Rhythm, ASwungEighthMayLeanBack) {
  std::vector<Onset> onsets;
  RhythmOptions options;
  for (int beat = 0; beat < 32; ++beat) {
    options.beats.push_back({0.5 * beat, beat % 4 + 1});
    const double late = beat % 8 == 7 ? 0.75 : 0.66;
    onsets.push_back({0.5 * beat, Drum::Snare, 90, 1});
    onsets.push_back({0.5 * (beat + late), Drum::Snare, 90, 1});
  }
  const std::vector<QuantisedHit> hits = analyse_rhythm(onsets, {}, 16, options).hits;
  EXPECT_EQ(hits.size(), onsets.size());
  for (const QuantisedHit& hit : hits) {
    EXPECT_EQ(hit.tick % 240, 0) << "bar " << hit.bar;
  }
}

TEST(Rhythm, ARecordingCutToAnUpbeatBeginsWithAPickup) {
  for (const double start_s : {0.0, 0.004, 0.02, 0.03}) {
    const Rhythm rhythm = analyse(
        play(rock_beat(), {.bpm = 120, .n_bars = 9, .start_s = start_s, .skip_quarters = 1}));
    EXPECT_EQ(rhythm.bars.front().length, 1440) << start_s;
    EXPECT_NEAR(rhythm.bars.front().start_s, start_s, 0.03) << start_s;
  }
}

TEST(Rhythm, ARecordingCutInsideABeatBeginsWithItsFirstStroke) {
  const Rhythm rhythm =
      analyse(play(rock_beat(), {.bpm = 120, .n_bars = 9, .start_s = 0, .skip_quarters = 3.5}));
  EXPECT_EQ(rhythm.bars.front().length % kTicksPerQuarter, kTicksPerQuarter / 2);
  EXPECT_NEAR(rhythm.bars.front().start_s, 0, 0.02) << "or it would be played late";
  EXPECT_EQ(rhythm.hits.front().tick, 0);
}

TEST(Rhythm, AHitBeforeTheFirstGivenBeatIsAPickup) {
  Performance performance = play(rock_beat(), {.bpm = 120, .n_bars = 8, .start_s = 0.4});
  RhythmOptions options;
  for (int i = 0; i < 33; ++i) options.beats.push_back({0.4 + 0.5 * i, i % 4 + 1});
  performance.onsets.insert(performance.onsets.begin(), {0.15, Drum::Snare, 90, 0.9});
  const Rhythm rhythm = analyse(performance, options);
  expect_sound(rhythm, performance.onsets);
  EXPECT_EQ(rhythm.bars.front().length, kTicksPerQuarter / 2);
  EXPECT_NEAR(rhythm.bars.front().start_s, 0.15, 1e-6);
}

TEST(Rhythm, GivenBarsBeforeTheRecordingAreCut) {
  RhythmOptions options;
  for (int i = 0; i < 20; ++i) options.beats.push_back({-4 + 0.5 * i, i % 4 + 1});
  const Rhythm rhythm =
      analyse_rhythm({{0.5, Drum::Kick, 90, 1}, {1, Drum::Snare, 90, 1}}, {}, 6, options);
  EXPECT_NEAR(rhythm.bars.front().start_s, 0, 1e-6);
  EXPECT_EQ(rhythm.hits.front().bar, 0);
  EXPECT_EQ(rhythm.hits.front().tick, kTicksPerQuarter);
}

TEST(Rhythm, InSwingAPickupOfAnEighthSoundsLate) {
  Rhythm rhythm;
  rhythm.bars = {{{4, 4}, 240, 0, 0.2, {Grid::Straight}}};
  rhythm.hits = {{0, 0, Drum::Snare, 90, 0, 1, Ornament::None}};
  EXPECT_EQ(played_tick(rhythm, rhythm.hits.front()), 0);
  rhythm.swing.share = 0.6;
  EXPECT_NEAR(played_tick(rhythm, rhythm.hits.front()), 48, 1e-9);
}

TEST(Rhythm, ASwungSixteenthSoundsLateUnlessItsEighthHasFinerNotes) {
  Rhythm rhythm;
  rhythm.bars = {{{1, 4}, 480, 0, 1, {Grid::Straight}}};
  for (const Tick tick : {0, 120, 240, 300, 360}) {
    rhythm.hits.push_back({0, tick, Drum::Snare, 90, 0, 1, Ornament::None});
  }
  rhythm.swing = {0.6, kTicksPerQuarter / 4};
  std::vector<double> sounds;
  for (const QuantisedHit& hit : rhythm.hits) sounds.push_back(played_tick(rhythm, hit));
  EXPECT_THAT(sounds, ElementsAre(0, 144, 240, 300, 360));
}

TEST(Rhythm, AHitJustBeforeTheLastBarLineMayStandOnIt) {
  std::vector<Onset> onsets;
  RhythmOptions options;
  for (int beat = 0; beat < 32; ++beat) {
    options.beats.push_back({0.5 * beat, beat % 4 + 1});
    onsets.push_back({0.5 * beat, Drum::Kick, 90, 1});
  }
  onsets.push_back({15.93, Drum::PedalHiHat, 90, 1});
  const Rhythm rhythm = analyse_rhythm(onsets, {}, 16.5, options);
  const QuantisedHit& last = rhythm.hits.back();
  EXPECT_EQ(last.bar, 8);
  EXPECT_EQ(last.tick, 0);

  onsets.back().time_s = 15.8;  // Well before it: no bar more, and no beats of one.
  EXPECT_EQ(analyse_rhythm(onsets, {}, 16.5, options).beats.size(), 32U);
}

TEST(Rhythm, ATempoGivenForEighthsIsTheirs) {
  std::vector<Onset> onsets;
  for (int i = 0; i < 64; ++i) onsets.push_back({0.25 * i, Drum::Kick, 90, 1});
  RhythmOptions options;
  options.meter = Meter{1, 8};
  options.tempo_bpm = 240;
  EXPECT_NEAR(analyse_rhythm(onsets, {}, 16, options).tempo_bpm, 240, 5);
}

TEST(Rhythm, ATripletAmongSwungEighthsIsOne) {
  std::vector<Onset> onsets;
  RhythmOptions options;
  for (int beat = 0; beat < 32; ++beat) {
    options.beats.push_back({0.5 * beat, beat % 4 + 1});
    const bool triplet = beat == 20;
    for (const double phase : triplet ? std::vector{0.0, 0.29, 0.6} : std::vector{0.0, 0.66}) {
      onsets.push_back({0.5 * (beat + phase), Drum::Snare, 90, 1});
    }
  }
  const Rhythm rhythm = analyse_rhythm(onsets, {}, 16, options);
  for (const QuantisedHit& hit : rhythm.hits) EXPECT_NE(hit.tick % 240, 120) << hit.bar;
  EXPECT_EQ(rhythm.bars[5].grids.front(), Grid::Triplet);
}

TEST(Rhythm, KickAndCrashJustBeforeTheBarAreOnIt) {
  for (const auto& [on_the_line, with_kick] :
       {std::pair(false, true), std::pair(true, true), std::pair(false, false)}) {
    std::vector<Onset> onsets;
    RhythmOptions options;
    for (int beat = 0; beat < 32; ++beat) {
      options.beats.push_back({0.6 * beat, beat % 4 + 1});
      const int n = beat == 15 ? 7 : beat == 16 && !on_the_line ? 0 : 1;
      for (int k = 0; k < n; ++k) {
        onsets.push_back({0.6 * (beat + k / 8.0), Drum::Snare, 90, 1});
      }
    }
    if (with_kick) onsets.push_back({0.6 * (16 - 0.13), Drum::Kick, 90, 1});
    onsets.push_back({0.6 * (16 - 0.13), Drum::Crash, 90, 1});
    std::ranges::stable_sort(onsets, {}, &Onset::time_s);
    const std::vector<QuantisedHit> hits = analyse_rhythm(onsets, {}, 19.2, options).hits;
    const auto crash = std::ranges::find(hits, Drum::Crash, &QuantisedHit::drum);
    ASSERT_NE(crash, hits.end());
    const bool moves = with_kick && !on_the_line;
    EXPECT_EQ(crash->bar, moves ? 4 : 3);
    EXPECT_EQ(crash->tick, moves ? 0 : 1860);
  }
}

TEST(Rhythm, SwungSixteenthsAreNoSextuplets) {
  std::vector<Onset> onsets;
  RhythmOptions options;
  for (int beat = 0; beat < 32; ++beat) {
    options.beats.push_back({0.6 * beat, beat % 4 + 1});
    for (const double phase : {0.0, 0.32, 0.5, 0.82}) {
      onsets.push_back({0.6 * (beat + phase), Drum::ClosedHiHat, 90, 1});
    }
  }
  const std::vector<QuantisedHit> hits = analyse_rhythm(onsets, {}, 19.2, options).hits;
  EXPECT_EQ(hits.size(), onsets.size());
  for (const QuantisedHit& hit : hits) {
    EXPECT_EQ(hit.tick % 120, 0) << "bar " << hit.bar;
  }
}

TEST(Rhythm, ContradictoryOptionsAreRefused) {
  const auto said = [](auto set) -> std::string {
    RhythmOptions options;
    set(options);
    try {
      analyse_rhythm({}, {}, 1, options);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "taken";
  };
  const std::string from_0_to = "pickup: must be from 0 to ";
  // No usual bar has so many beats, nor the one that is named.
  EXPECT_THAT(said([](RhythmOptions& o) { o.pickup_beats = 7; }), StartsWith(from_0_to + "6"));
  EXPECT_THAT(said([](RhythmOptions& o) {
                o.pickup_beats = 4;
                o.meter = Meter{4, 4};
              }),
              StartsWith(from_0_to + "3"));
  EXPECT_THAT(said([](RhythmOptions& o) { o.pickup_beats = -1; }), StartsWith(from_0_to));
  const std::string from_20_to_400 = "tempo: must be from 20 to 400";
  EXPECT_THAT(said([](RhythmOptions& o) { o.tempo_bpm = 19; }), StartsWith(from_20_to_400));
  EXPECT_THAT(said([](RhythmOptions& o) { o.tempo_bpm = 401; }), StartsWith(from_20_to_400));
  EXPECT_THAT(said([](RhythmOptions& o) {
                o.meter = Meter{4, 3};
              }),
              StartsWith("time signature: must be"));
  EXPECT_THAT(said([](RhythmOptions& o) {
                o.meter = Meter{7, 16};
              }),
              StartsWith("time signature: bars of an odd number of sixteenths"));
  EXPECT_THAT(said([](RhythmOptions& o) { o.swing = 0.8; }), StartsWith("swing: must be"));
  EXPECT_THAT(said([](RhythmOptions& o) {
                o.beats = {{1, 1}};
              }),
              StartsWith("beats: at least two"));
  EXPECT_THAT(said([](RhythmOptions& o) {
                o.beats = {{1, 1}, {1, 2}};
              }),
              StartsWith("beats must be in time order"));
  for (const bool tempo : {true, false}) {
    EXPECT_THAT(said([=](RhythmOptions& o) {
                  o.beats = {{1, 1}, {2, 2}};
                  if (tempo) o.tempo_bpm = 120;
                  if (!tempo) o.pickup_beats = 1;
                }),
                StartsWith("beats: have a tempo and a pickup of their own"));
  }
  for (const int third : {4, 2}) {  // Where is 3?
    EXPECT_THAT(said([=](RhythmOptions& o) {
                  o.beats = {{1, 1}, {2, 2}, {3, third}};
                }),
                StartsWith("a beat's number must be one more"));
  }
}

TEST(Rhythm, APickupThatFillsABarOfTheMeterFoundIsRefused) {
  const Performance rock = play(rock_beat(), {.n_bars = 12});
  EXPECT_NO_THROW(analyse(rock, with_pickup(3)));
  try {
    analyse(rock, with_pickup(4));
    FAIL() << "four beats before a bar of 4/4 were taken";
  } catch (const UsageError& error) {
    EXPECT_NE(std::string(error.what()).find("less than the 4 beats of a bar in 4/4"),
              std::string::npos)
        << error.what();
  }
}

TEST(Rhythm, RandomHitsAreNeverLost) {
  std::mt19937 random(1);
  for (int list = 0; list < 100; ++list) {
    std::vector<Onset> onsets;
    const int n = std::uniform_int_distribution<int>(1, 30)(random);
    std::uniform_real_distribution<double> time(
        0, std::uniform_real_distribution<double>(0.1, 8)(random));
    std::uniform_int_distribution<int> drum(0, 12);
    for (int i = 0; i < n; ++i)
      onsets.push_back({time(random), static_cast<Drum>(drum(random)), 80, 0.5});
    std::sort(onsets.begin(), onsets.end(), [](const Onset& a, const Onset& b) {
      return std::tie(a.time_s, a.drum) < std::tie(b.time_s, b.drum);
    });
    SCOPED_TRACE(list);
    expect_sound(analyse({onsets, {}}), onsets);
    for (const int n_beats : {0, 1}) {  // Every usual meter has two beats at least.
      const Rhythm rhythm = analyse({onsets, {}}, with_pickup(n_beats));
      expect_sound(rhythm, onsets);
      EXPECT_EQ(beats_before_the_first_downbeat(rhythm), n_beats);
    }
    if (HasFailure()) break;
  }
}

TEST(Rhythm, TenThousandRandomHitsAreNeverLost) {
  std::mt19937 random(2);
  std::uniform_real_distribution<double> time(0, 300);
  std::uniform_int_distribution<int> drum(0, 12);
  std::vector<Onset> onsets;
  for (int i = 0; i < 10000; ++i) {
    onsets.push_back({time(random), static_cast<Drum>(drum(random)), 80, 0.5});
  }
  std::sort(onsets.begin(), onsets.end(), [](const Onset& a, const Onset& b) {
    return std::tie(a.time_s, a.drum) < std::tie(b.time_s, b.drum);
  });
  expect_sound(analyse({onsets, {}}), onsets);
}

}  // namespace
}  // namespace fyr
