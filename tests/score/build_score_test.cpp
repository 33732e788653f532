// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string_view>
#include <tuple>

#include "fyr/error.hpp"
#include "fyr/score.hpp"
#include "score/lines.hpp"
#include "score/random_rhythm.hpp"
#include "score/rest_runs.hpp"
#include "score/tab.hpp"

namespace fyr {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

constexpr std::uint32_t kNRandom = 2500;

void expect_full(const Voice& voice, Tick length) {
  Tick tick = 0;
  for (const Chord& chord : voice.chords) {
    EXPECT_EQ(chord.tick, tick);
    tick += chord.duration;
  }
  EXPECT_EQ(tick, length);
}

/// Tuplets are full, and only inside them a value sounds shorter than it is written.
void expect_true_values(const Voice& voice) {
  std::map<std::size_t, Tuplet> by_chord;
  for (const Tuplet& tuplet : voice.tuplets) {
    Tick written = 0;
    for (std::size_t i = tuplet.first; i <= tuplet.last; ++i) {
      EXPECT_TRUE(by_chord.emplace(i, tuplet).second) << "nested";
      written += voice.chords.at(i).value.ticks();
    }
    EXPECT_EQ(written, tuplet.actual * tuplet.base.ticks());
  }
  for (std::size_t i = 0; i < voice.chords.size(); ++i) {
    const Chord& chord = voice.chords[i];
    if (chord.full_bar) continue;
    const auto tuplet = by_chord.find(i);
    const int normal = tuplet == by_chord.end() ? 1 : tuplet->second.normal;
    const int actual = tuplet == by_chord.end() ? 1 : tuplet->second.actual;
    EXPECT_EQ(chord.duration * actual, chord.value.ticks() * normal);
  }
}

using Places = std::multiset<std::tuple<std::size_t, Tick, Drum>>;

/// Bars of the rhythm and measures of the score both end together, lead-ins come before.
Places places_of(const Score& score, std::size_t n_bars) {
  const std::size_t n_before = score.measures.size() - n_bars;
  Places places;
  for (std::size_t i = 0; i < score.measures.size(); ++i) {
    for (const Voice& voice : score.measures[i].voices) {
      for (const Chord& chord : voice.chords) {
        for (const Note& note : chord.notes) places.emplace(i - n_before, chord.tick, note.drum);
      }
    }
  }
  return places;
}

/// In swing, thirds of a quarter are eighths where the voice has nothing else off the beat.
Places places_of(const Rhythm& rhythm, const Score& score, int n_voices) {
  const std::size_t n_before = score.measures.size() - rhythm.bars.size();
  const Tick growth = score.measures[n_before].length - rhythm.bars.front().length;
  const auto beat_of = [&](const QuantisedHit& hit) {
    const Bar& bar = rhythm.bars[static_cast<std::size_t>(hit.bar)];
    const bool foot = n_voices == 2 && info(hit.drum).limb == Limb::Foot;
    const Tick from_end = bar.length - hit.tick;
    return std::tuple(hit.bar, (from_end - 1) / kTicksPerQuarter, foot);
  };
  const auto inside = [&](const QuantisedHit& hit) {
    const Tick length = rhythm.bars[static_cast<std::size_t>(hit.bar)].length;
    return kTicksPerQuarter - 1 - (length - hit.tick - 1) % kTicksPerQuarter;
  };
  std::map<std::tuple<int, Tick, bool>, bool> pairs;
  for (const QuantisedHit& hit : rhythm.hits) {
    const Bar& bar = rhythm.bars[static_cast<std::size_t>(hit.bar)];
    const bool fits = rhythm.swing.of_eighths() && bar.meter.grid_ticks() == kTicksPerQuarter &&
                      (inside(hit) == 0 || inside(hit) == 320);
    const auto [pair, is_new] = pairs.emplace(beat_of(hit), fits);
    pair->second = pair->second && fits;
  }
  Places places;
  for (const QuantisedHit& hit : rhythm.hits) {
    const auto bar = static_cast<std::size_t>(hit.bar);
    const Tick early = pairs.at(beat_of(hit)) && inside(hit) == 320 ? 80 : 0;
    places.emplace(bar, hit.tick - early + (bar == 0 ? growth : 0), hit.drum);
  }
  return places;
}

/// Seconds from the start of playback to the start of each measure.
std::vector<double> measure_starts_s(const Score& score) {
  std::vector<double> starts;
  double time_s = 0;
  double quarters_per_s = 2;
  for (const Measure& measure : score.measures) {
    starts.push_back(time_s);
    Tick tick = 0;
    for (const Tempo& tempo : measure.tempi) {
      time_s += (tempo.tick - tick) / (kTicksPerQuarter * quarters_per_s);
      tick = tempo.tick;
      quarters_per_s = tempo.quarters_per_s;
    }
    time_s += (measure.length - tick) / (kTicksPerQuarter * quarters_per_s);
  }
  return starts;
}

TEST(BuildScore, EveryMeasureIsFullAndEveryHitIsOneNote) {
  for (std::uint32_t seed = 0; seed < kNRandom; ++seed) {
    SCOPED_TRACE(seed);
    const Rhythm rhythm = testing::random_rhythm(seed);
    ScoreOptions options;
    options.n_voices = 1 + static_cast<int>(seed % 5 != 0);
    const Score score = build_score(rhythm, options);
    ASSERT_GE(score.measures.size(), rhythm.bars.size());
    for (const Measure& measure : score.measures) {
      ASSERT_FALSE(measure.voices.empty());
      for (const Voice& voice : measure.voices) {
        expect_full(voice, measure.length);
        expect_true_values(voice);
      }
    }
    EXPECT_EQ(places_of(score, rhythm.bars.size()), places_of(rhythm, score, options.n_voices));
    if (::testing::Test::HasFailure()) break;
  }
}

TEST(BuildScore, MeasuresPlayWhenTheirBarsSound) {
  for (std::uint32_t seed = 0; seed < kNRandom; ++seed) {
    const Rhythm rhythm = testing::random_rhythm(seed);
    const Score score = build_score(rhythm);
    const std::vector<double> starts = measure_starts_s(score);
    const std::size_t n_before = starts.size() - rhythm.bars.size();
    for (std::size_t i = 0; i < starts.size(); i += rest_run(score.measures, i)) {
      if (i <= n_before) continue;
      ASSERT_NEAR(starts[i], rhythm.bars[i - n_before].start_s, 2e-3) << "seed " << seed;
    }
  }
}

Rhythm one_bar(const Meter& meter, std::initializer_list<std::pair<Tick, Drum>> hits,
               Grid grid = Grid::Straight) {
  Rhythm rhythm;
  Bar bar;
  bar.meter = meter;
  bar.length = meter.bar_ticks();
  bar.end_s = 2;
  bar.grids.assign(static_cast<std::size_t>(meter.n_beats()), grid);
  rhythm.bars.push_back(bar);
  for (const auto& [tick, drum] : hits) {
    rhythm.hits.push_back({0, tick, drum, 90, 0, 1, Ornament::None});
  }
  return rhythm;
}

/// "8 16r (16) .8": a value a word, r a rest, in brackets when hidden, a dot before when dotted.
std::string spelled(const Voice& voice) {
  std::string text;
  for (const Chord& chord : voice.chords) {
    std::string word = chord.full_bar ? "bar" : std::to_string(chord.value.denominator);
    if (chord.value.dots > 0) word.insert(0, ".");
    if (chord.notes.empty()) word += "r";
    if (chord.hidden) word = "(" + word + ")";
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

std::string spelled(const Rhythm& rhythm, std::size_t voice = 0) {
  const Score score = build_score(rhythm);
  return spelled(score.measures.back().voices.at(voice));
}

TEST(BuildScore, SilenceIsOneBarOfRest) {
  const Score score = build_score(Rhythm{});
  ASSERT_EQ(score.measures.size(), 1U);
  EXPECT_EQ(spelled(score.measures[0].voices.at(0)), "barr");
  EXPECT_EQ(score.measures[0].length, 1920);
}

TEST(BuildScore, HitsOutsideOfAllBarsMoveIntoTheNearest) {
  Rhythm rhythm = one_bar({2, 4}, {{0, Drum::Snare}, {480, Drum::Kick}});
  rhythm.hits[0].bar = -1;
  rhythm.hits[1].bar = 1000000;
  const Score score = build_score(rhythm);
  ASSERT_EQ(score.measures.size(), 1U);
  EXPECT_EQ(spelled(score.measures[0].voices.at(0)), "4 (4r)");
  EXPECT_EQ(spelled(score.measures[0].voices.at(1)), "(4r) 4");
}

TEST(BuildScore, ABarWithoutDurationLastsItsBeatsAtTheTempo) {
  Rhythm rhythm = one_bar({4, 4}, {{0, Drum::Snare}});
  rhythm.tempo_bpm = 90;
  rhythm.bars[0].end_s = 0;
  EXPECT_NEAR(build_score(rhythm).measures[0].tempi.at(0).quarters_per_s, 1.5, 1e-9);
}

TEST(BuildScore, ABarLastsUntilTheNextOneAndNoLongerThanItsMeter) {
  Rhythm rhythm;
  for (int bar = 0; bar < 2; ++bar) testing::add_tab(rhythm, {4, 4}, {{Drum::Snare, "xxxx"}});
  rhythm.bars[0].end_s = 1.5;  // The next one begins at two seconds.
  rhythm.bars[1].length = 3000;
  const Score score = build_score(rhythm);
  EXPECT_NEAR(measure_starts_s(score).at(1), 2, 1e-6);
  EXPECT_EQ(score.measures.at(1).length, 1920);
}

TEST(BuildScore, VelocitiesAreThoseOfMidi) {
  Rhythm rhythm = one_bar({2, 4}, {{0, Drum::Snare}, {480, Drum::Snare}});
  rhythm.hits[0].velocity = 0;
  rhythm.hits[1].velocity = 200;
  const Score score = build_score(rhythm);
  const std::vector<Chord>& chords = score.measures[0].voices.at(0).chords;
  EXPECT_EQ(chords.at(0).notes.at(0).velocity, 1);
  EXPECT_EQ(chords.at(1).notes.at(0).velocity, 127);
}

TEST(BuildScore, TwoHitsThatShareAPlaceAreChokedIfOneIs) {
  for (const int velocity : {60, 100}) {
    Rhythm rhythm;
    testing::add_tab(rhythm, {4, 4}, {{Drum::Crash, "c---"}});
    QuantisedHit other = rhythm.hits.front();
    other.velocity = velocity;
    other.choked_after_s = 0;
    rhythm.hits.push_back(other);
    const Score score = build_score(rhythm);
    const std::vector<Note>& notes = score.measures.front().voices.front().chords.front().notes;
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_TRUE(notes.front().choked) << velocity;
    EXPECT_EQ(notes.front().velocity, std::max(84, velocity)) << "and as loud as the louder one";
  }
}

TEST(BuildScore, NotesLastUntilTheNextOneOrTheEndOfTheirBeat) {
  EXPECT_EQ(spelled(one_bar({4, 4}, {{0, Drum::Snare}, {600, Drum::Snare}})), "4 16r .8 2r");
  EXPECT_EQ(spelled(one_bar({4, 4}, {{0, Drum::Snare}, {360, Drum::Snare}})), ".8 16 4r 2r");
  EXPECT_EQ(spelled(one_bar({4, 4}, {{0, Drum::Snare}, {120, Drum::Snare}, {360, Drum::Snare}})),
            "16 8 16 4r 2r");
}

TEST(BuildScore, AHitOffTheGridStandsOnTheNearestPlace) {
  EXPECT_EQ(spelled(one_bar({1, 4}, {{0, Drum::Snare}, {235, Drum::Snare}})), "8 8");
  EXPECT_EQ(spelled(one_bar({1, 4}, {{0, Drum::Snare}, {245, Drum::Snare}})), "8 8");
}

TEST(BuildScore, ARestBeginsOnlyWhereItsValueIsFelt) {
  // A pickup of two eighths of a dotted quarter, of which one and a half are silent.
  Rhythm rhythm = one_bar({6, 8}, {{360, Drum::Snare}});
  rhythm.bars[0].length = 480;
  EXPECT_EQ(spelled(rhythm), "8r 16r 16");
}

TEST(BuildScore, RestsAreJoinedNeitherInAPickupNorWithHiddenOnes) {
  Rhythm pickup = one_bar({4, 4}, {{960, Drum::Snare}});
  pickup.bars[0].length = 1440;
  EXPECT_EQ(spelled(pickup), "4r 4r 4");
  EXPECT_EQ(spelled(one_bar({4, 4}, {{0, Drum::Kick}, {960, Drum::Snare}})), "(4r) 4r 4 4r");
}

TEST(BuildScore, CompoundBeatsHoldDottedNotes) {
  EXPECT_EQ(spelled(one_bar({6, 8}, {{0, Drum::Snare}, {1200, Drum::Snare}})), ".4 4r 8");
  EXPECT_EQ(spelled(one_bar({12, 8}, {{0, Drum::Snare}})), ".4 .4r .2r");
}

TEST(BuildScore, OddMetersAreGroupedInThreeAndTwos) {
  EXPECT_EQ(spelled(one_bar({7, 8}, {{0, Drum::Snare}, {720, Drum::Snare}, {1200, Drum::Snare}})),
            ".4 4 4");
}

TEST(BuildScore, TripletsAppearOnlyWhereTheyAreHeard) {
  const Rhythm rhythm = one_bar({4, 4},
                                {{0, Drum::Snare},
                                 {480, Drum::Snare},
                                 {640, Drum::Snare},
                                 {800, Drum::Snare},
                                 {960, Drum::Snare},
                                 {1280, Drum::Snare}},
                                Grid::Triplet);
  const Score score = build_score(rhythm);
  const Voice& voice = score.measures[0].voices.at(0);
  EXPECT_EQ(spelled(voice), "4 8 8 8 4 8 4r");
  ASSERT_EQ(voice.tuplets.size(), 2U);
  EXPECT_EQ(voice.tuplets[0].actual, 3);
}

TEST(BuildScore, SixEqualPartsAreASextuplet) {
  Rhythm rhythm = one_bar({1, 4}, {}, Grid::Triplet);
  for (Tick tick = 0; tick < 480; tick += 80) {
    rhythm.hits.push_back({0, tick, Drum::Snare, 90, 0, 1, Ornament::None});
  }
  const Score score = build_score(rhythm);
  ASSERT_EQ(score.measures[0].voices[0].tuplets.size(), 1U);
  EXPECT_EQ(score.measures[0].voices[0].tuplets[0].actual, 6);
}

/// One beat of snares in sixths: how it is spelled, and what each of its tuplets is and covers.
std::string sixths(const std::vector<Tick>& places) {
  Rhythm rhythm = one_bar({1, 4}, {}, Grid::Triplet);
  for (const Tick place : places) rhythm.hits.push_back({0, 80 * place, Drum::Snare, 90});
  const Score score = build_score(rhythm);
  const Voice& voice = score.measures.at(0).voices.at(0);
  std::string text = spelled(voice);
  for (const Tuplet& tuplet : voice.tuplets) {
    text += ", " + std::to_string(tuplet.actual) + " of " +
            std::to_string(tuplet.base.denominator) + " from chord " +
            std::to_string(tuplet.first) + " to " + std::to_string(tuplet.last) +
            (tuplet.bracketed ? ", bracketed" : "");
  }
  return text;
}

TEST(BuildScore, WhereHalfABeatIsATripletTheOtherIsPlain) {
  EXPECT_EQ(sixths({0, 3, 4, 5}), "8 16 16 16, 3 of 16 from chord 1 to 3, bracketed");
  EXPECT_EQ(sixths({0, 1, 2, 3}), "16 16 16 8, 3 of 16 from chord 0 to 2, bracketed");
  EXPECT_EQ(sixths({3, 5}), "8r 8 16, 3 of 16 from chord 1 to 2");
  EXPECT_EQ(sixths({0, 1, 2, 3, 5}), "16 16 16 8 16, 6 of 16 from chord 0 to 4");
  EXPECT_EQ(sixths({0, 3, 4}), ".8 16 8, 3 of 8 from chord 0 to 2") << "one split eighth";
}

TEST(BuildScore, RestsAreHiddenWhereTheOtherVoiceSpeaks) {
  const Rhythm rhythm = one_bar(
      {4, 4}, {{0, Drum::Kick}, {480, Drum::Snare}, {960, Drum::Kick}, {1440, Drum::Snare}});
  EXPECT_EQ(spelled(rhythm, 0), "(4r) 4 (4r) 4");
  EXPECT_EQ(spelled(rhythm, 1), "4 (4r) 4 (4r)");
}

TEST(BuildScore, HandsAndFeetThatRestOnOneBeatShareTheRest) {
  Rhythm rhythm = one_bar({2, 4}, {{0, Drum::Ride}, {720, Drum::Kick}});
  EXPECT_EQ(spelled(rhythm, 0), "4 (4r)");
  EXPECT_EQ(spelled(rhythm, 1), "(4r) 8r 8");
  rhythm = one_bar({2, 4}, {{0, Drum::Ride}, {720, Drum::Kick}, {840, Drum::Ride}});
  EXPECT_EQ(spelled(rhythm, 0), "4 .8r 16") << "there the rest tells where the hand is";
  // The feet's rest is the longer one, and ends elsewhere.
  rhythm = one_bar({2, 4}, {{0, Drum::Ride}, {720, Drum::Ride}, {840, Drum::Kick}});
  EXPECT_EQ(spelled(rhythm, 0), "4 8r 8");
}

TEST(BuildScore, ARestTellsWhereAHandOffTheEighthsComes) {
  EXPECT_EQ(spelled(one_bar({1, 4}, {{0, Drum::Kick}, {120, Drum::Ride}}), 0), "16r .8");
  EXPECT_EQ(spelled(one_bar({1, 4}, {{0, Drum::Kick}, {240, Drum::Ride}}), 0), "(8r) 8");
  EXPECT_EQ(spelled(one_bar({1, 4}, {{0, Drum::Kick}, {120, Drum::Ride}, {120, Drum::Kick}}), 0),
            "(16r) .8");
}

TEST(BuildScore, ARestTellsThatTheHandsComeInBeforeTheNextBeat) {
  // Three eighths under one beam would look like a triplet.
  EXPECT_EQ(spelled(one_bar({4, 4}, {{0, Drum::Kick},
                                     {240, Drum::Ride},
                                     {480, Drum::Ride},
                                     {720, Drum::Ride},
                                     {960, Drum::Kick},
                                     {1200, Drum::Ride}}),
                    0),
            "8r 8 8 8 (8r) 8 4r");
  EXPECT_EQ(spelled(one_bar({1, 4}, {{0, Drum::Kick}, {240, Drum::Ride}, {360, Drum::Ride}}), 0),
            "8r 16 16");
  // Sixteenths in the next beat end the beam, so nothing looks like a triplet.
  EXPECT_EQ(spelled(one_bar({4, 4}, {{0, Drum::Kick},
                                     {240, Drum::Ride},
                                     {480, Drum::Ride},
                                     {720, Drum::Ride},
                                     {840, Drum::Ride},
                                     {960, Drum::Ride},
                                     {1440, Drum::Ride}}),
                    0),
            "(8r) 8 8 16 16 4 4");
}

TEST(BuildScore, ThePickupsBeatsArePairedAsTheMetersAre) {
  // Beats 2, 3 and 4 of 4/4: the last two share a beam, the first two do not.
  Rhythm rhythm = one_bar({4, 4}, {{0, Drum::Kick},
                                   {240, Drum::Ride},
                                   {480, Drum::Kick},
                                   {720, Drum::Ride},
                                   {960, Drum::Ride},
                                   {1200, Drum::Ride}});
  rhythm.bars[0].length = 1440;
  EXPECT_EQ(spelled(rhythm, 0), "(8r) 8 8r 8 8 8");
}

TEST(BuildScore, AFootOffTheEighthsShowsItsRestUnderAnyHands) {
  for (const bool above : {false, true}) {
    Rhythm rhythm = one_bar({1, 4}, {{0, Drum::Ride}, {360, Drum::Kick}});
    if (above) rhythm.hits.push_back({0, 360, Drum::Ride, 80, 0, 1, Ornament::None});
    EXPECT_EQ(spelled(rhythm, 1), ".8r 16") << above;
  }
}

TEST(BuildScore, UnderATripletOfTheHandsTheFootsRestIsHidden) {
  const Rhythm rhythm =
      one_bar({1, 4}, {{0, Drum::Ride}, {160, Drum::Ride}, {320, Drum::Ride}, {320, Drum::Kick}},
              Grid::Triplet);
  EXPECT_EQ(spelled(rhythm, 1), "(4r) 8");
}

TEST(BuildScore, ATupletWithANumberShowsItsRests) {
  const Rhythm rhythm =
      one_bar({1, 4}, {{0, Drum::Kick}, {160, Drum::Ride}, {160, Drum::Kick}, {320, Drum::Ride}},
              Grid::Triplet);
  EXPECT_EQ(spelled(rhythm, 0), "8r 8 8");
}

TEST(BuildScore, FeetAloneShowTheirRests) {
  const Score score = build_score(one_bar({4, 4}, {{0, Drum::Kick}, {960, Drum::PedalHiHat}}));
  const Measure& measure = score.measures[0];
  ASSERT_EQ(measure.voices.size(), 1U);
  EXPECT_EQ(measure.voices[0].stems, Stems::Down);
  EXPECT_EQ(spelled(measure.voices[0]), "4 4r 4 4r");
}

TEST(BuildScore, OneVoiceHoldsHandsAndFeet) {
  ScoreOptions options;
  options.n_voices = 1;
  const Score score = build_score(one_bar({2, 4}, {{0, Drum::Kick}, {0, Drum::Crash}}), options);
  ASSERT_EQ(score.measures[0].voices.size(), 1U);
  EXPECT_EQ(score.measures[0].voices[0].chords[0].notes.size(), 2U);
  options.n_voices = 3;
  EXPECT_THROW(build_score({}, options), UsageError);
}

TEST(BuildScore, AStyleMovesTheDrums) {
  ScoreOptions options;
  options.style = NotationStyle::Agostini;
  const Rhythm rhythm = one_bar({2, 4}, {{0, Drum::Snare}, {480, Drum::Ride}});
  const Score score = build_score(rhythm, options);
  const std::vector<Chord>& chords = score.measures[0].voices.at(0).chords;
  EXPECT_EQ(chords.at(0).notes.at(0).place.line, 4);
  EXPECT_EQ(chords.at(1).notes.at(0).place.line, -2);
  EXPECT_EQ(chords.at(1).notes.at(0).place.head, NoteHead::Cross);
  EXPECT_EQ(score.places[index_of(Drum::Snare)].line, 4);
  const Score usual = build_score(rhythm);
  EXPECT_EQ(usual.measures[0].voices.at(0).chords.at(0).notes.at(0).place.line, 3);
}

TEST(BuildScore, NoStyleHasTwoDrumsWithOneHeadInOnePlace) {
  for (const auto style :
       {NotationStyle::Weinberg, NotationStyle::MuseScore, NotationStyle::Agostini}) {
    std::set<std::pair<int, NoteHead>> taken;
    for (const StaffPlace& place : staff_places(style)) {
      EXPECT_TRUE(taken.emplace(place.line, place.head).second) << "line " << place.line;
    }
  }
}

TEST(BuildScore, FeetDoNotRepeatTheTupletNumberOfTheHands) {
  const Score score = build_score(
      one_bar({1, 4}, {{0, Drum::Ride}, {320, Drum::Ride}, {320, Drum::Kick}}, Grid::Triplet));
  EXPECT_TRUE(score.measures[0].voices.at(0).tuplets.at(0).numbered);
  EXPECT_FALSE(score.measures[0].voices.at(1).tuplets.at(0).numbered);
}

TEST(BuildScore, ATupletOfTheFeetBesideTheHandsNotesHasItsNumber) {
  // A rest and an eighth under an eighth and a quarter.
  const Rhythm rhythm =
      one_bar({1, 4}, {{0, Drum::Ride}, {160, Drum::Ride}, {320, Drum::Kick}}, Grid::Triplet);
  const Voice feet = build_score(rhythm).measures[0].voices.at(1);
  EXPECT_TRUE(feet.tuplets.at(0).numbered);
  EXPECT_EQ(spelled(feet), "4r 8");
}

TEST(BuildScore, ATripletOfTheFeetInHalfABeatHasItsNumberUnderOneOfTheWholeBeat) {
  Rhythm rhythm = one_bar({1, 4}, {}, Grid::Triplet);
  for (const Tick tick : {0, 80, 160, 240}) {
    rhythm.hits.push_back({0, tick, Drum::Kick, 90});
    if (tick % 160 == 0) rhythm.hits.push_back({0, tick, Drum::Ride, 90});
  }
  rhythm.hits.push_back({0, 320, Drum::Ride, 90});
  const std::vector<Voice> voices = build_score(rhythm).measures[0].voices;
  EXPECT_EQ(spelled(voices.at(0)), "8 8 8");
  EXPECT_EQ(spelled(voices.at(1)), "16 16 16 8");
  EXPECT_TRUE(voices.at(1).tuplets.at(0).numbered);
}

TEST(BuildScore, ASwungPairOfOneVoiceIsTwoEighthsWhateverTheOtherPlays) {
  Rhythm rhythm = one_bar(
      {1, 4},
      {{0, Drum::Kick}, {0, Drum::Ride}, {160, Drum::Ride}, {320, Drum::Kick}, {320, Drum::Ride}},
      Grid::Triplet);
  const auto feet = [&] { return build_score(rhythm).measures[0].voices.at(1); };
  EXPECT_EQ(feet().tuplets.size(), 1U);
  rhythm.swing.share = 0.66;
  EXPECT_TRUE(feet().tuplets.empty());
  EXPECT_EQ(spelled(feet()), "8 8");
  EXPECT_EQ(build_score(rhythm).measures[0].voices.at(0).tuplets.size(), 1U);
}

TEST(BuildScore, ATripletOfTheFeetUnderASextupletHasNoNumberOfItsOwn) {
  Rhythm rhythm = one_bar({1, 4}, {{320, Drum::Kick}}, Grid::Triplet);
  for (Tick tick = 0; tick < 480; tick += 80) {
    rhythm.hits.push_back({0, tick, Drum::Snare, 90, 0, 1, Ornament::None});
  }
  const std::vector<Voice> voices = build_score(rhythm).measures[0].voices;
  EXPECT_EQ(voices.at(0).tuplets.at(0).actual, 6);
  EXPECT_TRUE(voices.at(0).tuplets.at(0).numbered);
  EXPECT_FALSE(voices.at(1).tuplets.at(0).numbered);
}

/// Whether the first tuplet of each bar is numbered, where every beat is struck each `step`.
std::vector<bool> numbered(const Meter& meter, int n_bars, Tick step) {
  Rhythm rhythm;
  const double bar_s = meter.bar_ticks() / 960.0;
  for (int i = 0; i < n_bars; ++i) {
    Rhythm bar = one_bar(meter, {}, Grid::Triplet);
    bar.bars[0].start_s = bar_s * i;
    bar.bars[0].end_s = bar_s * (i + 1);
    rhythm.bars.push_back(bar.bars[0]);
    for (Tick tick = 0; tick < meter.bar_ticks(); tick += step) {
      rhythm.hits.push_back({i, tick, Drum::Ride, 80, 0, 1, Ornament::None});
    }
  }
  std::vector<bool> found;
  for (const Measure& measure : build_score(rhythm).measures) {
    found.push_back(measure.voices[0].tuplets.at(0).numbered);
  }
  return found;
}

TEST(BuildScore, AShuffleIsNumberedInTheFirstBarOfALine) {
  EXPECT_THAT(numbered({4, 4}, 8, 160),
              ElementsAre(true, false, false, false, true, false, false, false));
}

TEST(BuildScore, SixEvenSixteenthsAreNumberedOnceALineToo) {
  EXPECT_THAT(numbered({1, 4}, 4, 80), ElementsAre(true, false, false, false));
}

TEST(BuildScore, TripletsAmongPairsAreAllNumbered) {
  for (const double swing : {0.5, 0.66}) {
    Rhythm rhythm;
    rhythm.swing.share = swing;
    for (int i = 0; i < 3; ++i) {
      rhythm.bars.push_back({{2, 4}, 960, 1.0 * i, i + 1.0, {Grid::Triplet, Grid::Straight}});
      for (const Tick tick : {0, 160, 320, 480, 720}) {
        if (swing > 0.5 && tick == 720) continue;
        rhythm.hits.push_back({i, tick, Drum::Ride, 80, 0, 1, Ornament::None});
      }
    }
    for (const Measure& measure : build_score(rhythm).measures) {
      EXPECT_TRUE(measure.voices[0].tuplets.at(0).numbered);
    }
  }
}

TEST(BuildScore, TripletsBesideBracketsAreNumberedOnceALineToo) {
  Rhythm rhythm;
  for (int i = 0; i < 3; ++i) {
    rhythm.bars.push_back({{2, 4}, 960, 1.0 * i, i + 1.0, {Grid::Triplet, Grid::Triplet}});
    for (const Tick tick : {0, 160, 320, 480, 800}) {
      rhythm.hits.push_back({i, tick, Drum::Ride, 80, 0, 1, Ornament::None});
    }
  }
  std::vector<std::pair<bool, bool>> found;
  for (const Measure& measure : build_score(rhythm).measures) {
    const std::vector<Tuplet>& tuplets = measure.voices[0].tuplets;
    found.emplace_back(tuplets.at(0).numbered, tuplets.at(1).numbered);
  }
  EXPECT_THAT(found,
              ElementsAre(std::pair(true, true), std::pair(false, true), std::pair(false, true)));
}

TEST(BuildScore, ANoteFromASixteenthOfATripletEndsWithAnEighth) {
  // Not 16 4 16r, where the rest hides which part of the beat it is.
  const Rhythm rhythm = one_bar({1, 4}, {{0, Drum::Snare}, {80, Drum::Snare}}, Grid::Triplet);
  EXPECT_EQ(spelled(rhythm, 0), "16 .8 8r");
}

TEST(BuildScore, ATripletIsNumberedWhereTheBarBeforeShowsNoneLikeIt) {
  // Each bar is a beat, or two.
  const auto second_numbered = [](const Meter& meter, const std::vector<Tick>& first,
                                  Drum first_drum = Drum::Ride) {
    Rhythm rhythm;
    for (int bar = 0; bar < 2; ++bar) {
      rhythm.bars.push_back(
          {meter, meter.bar_ticks(), 1.0 * bar, bar + 1.0,
           std::vector<Grid>(static_cast<std::size_t>(meter.numerator), Grid::Triplet)});
      std::vector<Tick> ticks = first;
      if (bar > 0) {
        ticks.clear();
        for (Tick tick = 0; tick < meter.bar_ticks(); tick += 160) ticks.push_back(tick);
      }
      for (const Tick tick : ticks) {
        rhythm.hits.push_back(
            {bar, tick, bar == 0 ? first_drum : Drum::Ride, 80, 0, 1, Ornament::None});
      }
    }
    return build_score(rhythm).measures.at(1).voices.at(0).tuplets.at(0).numbered;
  };
  EXPECT_FALSE(second_numbered({1, 4}, {0, 160, 320}));
  EXPECT_TRUE(second_numbered({1, 4}, {0, 80, 160, 240, 320, 400})) << "a sextuplet";
  EXPECT_TRUE(second_numbered({1, 4}, {0, 160, 320}, Drum::Kick)) << "below the staff";
  EXPECT_TRUE(second_numbered({2, 4}, {0, 160, 320, 480, 720})) << "a pair beside it";
  EXPECT_TRUE(second_numbered({1, 4}, {0, 80, 160})) << "a triplet of 16ths";
}

TEST(BuildScore, ShortSilenceIsAnUnseenLeadIn) {
  Rhythm rhythm = one_bar({4, 4}, {{0, Drum::Kick}});
  rhythm.bars[0].start_s = 0.4;
  const Score score = build_score(rhythm);
  ASSERT_EQ(score.measures.size(), 2U);
  EXPECT_TRUE(score.measures[0].lead_in);
  EXPECT_FALSE(score.measures[0].numbered);
  EXPECT_NEAR(measure_starts_s(score)[1], 0.4, 1e-9);
}

TEST(BuildScore, BarsBeforeTheRecordingDoNotDelayIt) {
  for (const double start_s : {-1.1, -3.2, -7.6}) {
    Rhythm rhythm;
    for (int i = 0; i < 10; ++i) {
      const double bar_s = start_s + 2 * i;
      rhythm.bars.push_back({{4, 4}, 1920, bar_s, bar_s + 2, std::vector<Grid>(4)});
      for (int beat = 0; beat < 4; ++beat) {
        rhythm.beats.push_back({bar_s + 0.5 * beat, beat + 1});
        rhythm.hits.push_back({i, 480 * beat, Drum::Kick, 80, 0, 1, Ornament::None});
      }
    }
    const std::vector<double> starts = measure_starts_s(build_score(rhythm));
    ASSERT_EQ(starts.size(), rhythm.bars.size());
    for (std::size_t i = 0; i < starts.size(); ++i) {
      // Bars that lie before it play as fast as can be, what they take is made up for.
      if (rhythm.bars[i].start_s <= 2) continue;
      EXPECT_NEAR(starts[i], rhythm.bars[i].start_s, 1e-6);
    }
  }
}

TEST(BuildScore, NoTempoIsFasterThanMuseScorePlays) {
  for (const double start_s : {-0.02, 0.0, 0.002, 0.005, 0.012, 0.05}) {
    Rhythm rhythm = one_bar({4, 4}, {{0, Drum::Kick}});
    rhythm.bars[0].start_s = start_s;
    const Score score = build_score(rhythm);
    for (const Measure& measure : score.measures) {
      for (const auto& tempo : measure.tempi) {
        EXPECT_GT(tempo.quarters_per_s, 0) << start_s;
        EXPECT_LE(tempo.quarters_per_s, 999 / 60.0) << start_s;
      }
    }
    EXPECT_NEAR(measure_starts_s(score).back(), std::max(0.0, start_s), 0.016);
  }
}

TEST(BuildScore, ALeadInIsABeatButNotTooSlowToBeSavedNorTooFastToBePlayed) {
  // A bar of 12 s; MIDI files hold no quarter notes longer than 16.7 s.
  for (const double start_s : {0.02, 0.5, 3.0, 8.0}) {
    Rhythm rhythm = one_bar({4, 4}, {{0, Drum::Kick}});
    rhythm.bars[0].start_s = start_s;
    rhythm.bars[0].end_s = start_s + 12;
    const Score score = build_score(rhythm);
    const Measure& lead_in = score.measures.front();
    ASSERT_TRUE(lead_in.lead_in);
    EXPECT_EQ(lead_in.length, start_s < 0.1 ? 120 : start_s < 5 ? 480 : 960);
    EXPECT_GT(lead_in.tempi.at(0).quarters_per_s, 1 / 16.7);
    EXPECT_LT(lead_in.tempi.at(0).quarters_per_s, 16.7);
    EXPECT_NEAR(measure_starts_s(score)[1], start_s, 1e-9);
  }
}

TEST(BuildScore, SilenceTooShortForALeadInMakesTheFirstBarLonger) {
  Rhythm rhythm = one_bar({4, 4}, {{0, Drum::Kick}});
  rhythm.bars.push_back(rhythm.bars.front());
  rhythm.bars[0].start_s = 0.015;
  rhythm.bars[1].start_s = 2;
  rhythm.bars[1].end_s = 4;
  EXPECT_THAT(measure_starts_s(build_score(rhythm)),
              ElementsAre(0, ::testing::DoubleNear(2, 1e-9)));
}

TEST(BuildScore, TheTempoMarkCountsTheBeatThatMostBarsHave) {
  RhythmOptions options;
  options.meter = Meter{7, 8};
  for (int i = 0; i < 7; ++i) options.beats.push_back({0.3 * i, i + 1});
  for (int i = 0; i < 12; ++i) options.beats.push_back({2.1 + 0.6 * i, i % 4 + 1});
  const Score score = build_score(analyse_rhythm({}, {}, 12, options));
  ASSERT_EQ(score.measures.front().meter, (Meter{7, 8}));
  const auto& mark = score.measures.front().tempi.front().mark;
  ASSERT_TRUE(mark.has_value());
  EXPECT_EQ(mark->beat.denominator, 4);
  EXPECT_EQ(mark->beat.dots, 0);
  EXPECT_EQ(mark->beats_per_minute, 100);
}

TEST(BuildScore, NoBarOfRestComesBeforeAPickup) {
  // At 120 a bar lasts 2 s; a pickup of one beat, from so late on.
  for (const double start_s : {0.5, 1.6, 2.4, 2.9, 3.1, 4.5}) {
    Rhythm rhythm;
    rhythm.bars = {{Meter{}, kTicksPerQuarter, start_s, start_s + 0.5, {Grid::Straight}},
                   {Meter{}, 4 * kTicksPerQuarter, start_s + 0.5, start_s + 2.5,
                    std::vector<Grid>(4, Grid::Straight)}};
    rhythm.hits = {{.drum = Drum::Snare, .velocity = 90, .time_s = start_s, .confidence = 1}};
    const Score score = build_score(rhythm, {});
    bool whole = false;
    for (const Measure& measure : score.measures) {
      if (measure.lead_in) continue;
      const bool full = measure.length == measure.meter.bar_ticks();
      EXPECT_TRUE(full || !whole) << "a short bar after a whole one, from " << start_s;
      whole = whole || full;
    }
  }
}

TEST(BuildScore, LongSilenceIsBarsOfRest) {
  Rhythm rhythm = one_bar({4, 4}, {{0, Drum::Kick}});
  rhythm.bars[0].start_s = 8.2;
  rhythm.bars[0].end_s = 10.2;
  const Score score = build_score(rhythm);
  EXPECT_EQ(score.measures.size(), 5U);
  EXPECT_NEAR(measure_starts_s(score)[4], 8.2, 1e-9);
}

TEST(BuildScore, QuietSnareStrokesAreGhostsAndCymbalsAreLeftAlone) {
  Rhythm rhythm = one_bar({4, 4}, {});
  for (Tick tick = 0; tick < 1920; tick += 240) {
    const int velocity = tick % 960 == 480 ? 110 : 30;
    rhythm.hits.push_back({0, tick, Drum::Snare, velocity, 0, 1, Ornament::None});
    rhythm.hits.push_back({0, tick, Drum::ClosedHiHat, velocity, 0, 1, Ornament::None});
  }
  const Score score = build_score(rhythm);
  for (const Chord& chord : score.measures[0].voices[0].chords) {
    EXPECT_EQ(chord.notes.at(0).ghost, chord.tick % 960 != 480);
    EXPECT_FALSE(chord.notes.at(1).ghost);
    EXPECT_FALSE(chord.accent);
  }
}

TEST(BuildScore, ARollIsNotInBrackets) {
  Rhythm rhythm = one_bar({4, 4}, {});
  for (const Tick tick : {0, 480, 600, 960, 1020, 1080, 1140, 1440}) {
    const int velocity = tick % 480 == 0 && tick != 960 ? 110 : 30;
    rhythm.hits.push_back({0, tick, Drum::Snare, velocity, 0, 1, Ornament::None});
  }
  const Score score = build_score(rhythm);
  for (const Chord& chord : score.measures[0].voices[0].chords) {
    if (!chord.notes.empty()) {
      EXPECT_EQ(chord.notes[0].ghost, chord.tick == 600) << chord.tick;
    }
  }
}

/// Bars of 16ths on the snare, of which the third of each beat is loud.
Rhythm train_beat(int n_bars) {
  Rhythm rhythm;
  for (int bar = 0; bar < n_bars; ++bar) {
    rhythm.bars.push_back(one_bar({4, 4}, {}).bars.front());
    rhythm.bars.back().start_s = 2.0 * bar;
    rhythm.bars.back().end_s = 2.0 * bar + 2;
    for (Tick tick = 0; tick < 1920; tick += 120) {
      const int velocity = tick % 480 == 240 ? 90 : 32;
      rhythm.hits.push_back({bar, tick, Drum::Snare, velocity, 0, 1, Ornament::None});
    }
  }
  return rhythm;
}

TEST(BuildScore, WhereTheSnareKeepsTheTimeItsLoudStrokesAreMarkedAndNotTheSoftOnes) {
  Rhythm rhythm = train_beat(8);
  for (const Measure& measure : build_score(rhythm).measures) {
    for (const Chord& chord : measure.voices[0].chords) {
      EXPECT_FALSE(chord.notes.at(0).ghost);
      EXPECT_EQ(chord.accent, chord.tick % 480 == 240);
    }
  }
  // What the foot plays says nothing of the hands.
  Rhythm with_kick = train_beat(8);
  for (int bar = 0; bar < 8; ++bar) {
    for (Tick tick = 0; tick < 1920; tick += 240) {
      with_kick.hits.push_back({bar, tick, Drum::Kick, 80, 0, 1, Ornament::None});
    }
  }
  const Score same = build_score(with_kick);
  for (const Chord& chord : same.measures[0].voices[0].chords) {
    EXPECT_FALSE(chord.notes.at(0).ghost);
  }
  // Under a hi-hat they are the ghost notes of a groove, and so they are in a fill.
  for (int bar = 0; bar < 8; ++bar) {
    for (Tick tick = 0; tick < 1920; tick += 240) {
      rhythm.hits.push_back({bar, tick, Drum::ClosedHiHat, 80, 0, 1, Ornament::None});
    }
  }
  for (const Score& score : {build_score(rhythm), build_score(train_beat(2))}) {
    for (const Chord& chord : score.measures[0].voices[0].chords) {
      EXPECT_EQ(chord.notes.at(0).ghost, chord.tick % 480 != 240);
      EXPECT_FALSE(chord.accent);
    }
  }
}

TEST(BuildScore, LoudStrokesAmongEvenOnesAreAccents) {
  Rhythm rhythm = one_bar({4, 4}, {});
  for (Tick tick = 0; tick < 1920; tick += 120) {
    const int velocity = tick % 480 == 360 ? 115 : 75;
    rhythm.hits.push_back({0, tick, Drum::Snare, velocity, 0, 1, Ornament::None});
  }
  const Score score = build_score(rhythm);
  for (const Chord& chord : score.measures[0].voices[0].chords) {
    EXPECT_EQ(chord.accent, chord.tick % 480 == 360);
  }
}

/// The bars that end a line where the first `n_sixteenths` bars hold 16ths, the others 32nds.
/// The first begins at `start_s`.
std::vector<std::size_t> line_breaks(int n_sixteenths, int n_bars = 16, double start_s = 0) {
  Rhythm rhythm;
  for (int i = 0; i < n_bars; ++i) {
    Bar bar;
    bar.length = 1920;
    bar.start_s = start_s + 2.0 * i;
    bar.end_s = bar.start_s + 2;
    bar.grids.assign(4, Grid::Straight);
    rhythm.bars.push_back(bar);
    for (Tick tick = 0; tick < 1920; tick += i < n_sixteenths ? 120 : 60) {
      rhythm.hits.push_back({i, tick, Drum::Snare, 90, 0, 1, Ornament::None});
    }
  }
  std::vector<std::size_t> breaks;
  const Score score = build_score(rhythm);
  for (std::size_t i = 0; i < score.measures.size(); ++i) {
    if (score.measures[i].line_break) breaks.push_back(i + 1);
  }
  return breaks;
}

TEST(BuildScore, FourBarsStandOnALineAndDenseOnesAreSpread) {
  EXPECT_THAT(line_breaks(8), ElementsAre(4U, 8U, 10U, 12U, 14U));
}

TEST(BuildScore, WhereMostLinesAreSpreadTightOnesAreToo) {
  EXPECT_THAT(line_breaks(4), ElementsAre(2U, 4U, 6U, 8U, 10U, 12U, 14U));
}

TEST(BuildScore, ALastBarIsNotLeftAloneOnItsLine) {
  EXPECT_THAT(line_breaks(9, 9), ElementsAre(4U, 7U));
  EXPECT_THAT(line_breaks(5, 5), ElementsAre(3U));
  // With an unseen lead-in before the first bar.
  EXPECT_THAT(line_breaks(5, 5, 0.4), ElementsAre(3U));
  EXPECT_THAT(line_breaks(0, 5), ElementsAre(2U, 4U));  // Nor are three made to fit that do not.
  EXPECT_THAT(line_breaks(0, 7), ElementsAre(2U, 4U, 6U));
}

/// Eight bars on the hi-hat, eight louder ones on the ride, eight as at first.
Rhythm two_sections() {
  Rhythm rhythm;
  for (int i = 0; i < 24; ++i) {
    Bar bar;
    bar.length = 1920;
    bar.start_s = 2.0 * i;
    bar.end_s = 2.0 * i + 2;
    bar.grids.assign(4, Grid::Straight);
    rhythm.bars.push_back(bar);
    const bool other = i / 8 == 1;
    for (Tick tick = 0; tick < 1920; tick += 240) {
      const int loud = other ? 120 : 80;
      if (tick % 960 == (other ? 240 : 0)) {
        rhythm.hits.push_back({i, tick, Drum::Kick, loud, 0, 1, Ornament::None});
      }
      if (tick % 960 == 480) {
        rhythm.hits.push_back({i, tick, Drum::Snare, loud, 0, 1, Ornament::None});
      }
      const Drum cymbal = other ? Drum::Ride : Drum::ClosedHiHat;
      rhythm.hits.push_back({i, tick, cymbal, 80, 0, 1, Ornament::None});
    }
  }
  return rhythm;
}

std::map<std::size_t, std::string> letters_of(const Score& score) {
  std::map<std::size_t, std::string> letters;
  for (std::size_t i = 0; i < score.measures.size(); ++i) {
    if (!score.measures[i].rehearsal.empty()) letters[i] = score.measures[i].rehearsal;
  }
  return letters;
}

std::map<std::size_t, Dynamic> dynamics_of(const Score& score) {
  std::map<std::size_t, Dynamic> dynamics;
  for (std::size_t i = 0; i < score.measures.size(); ++i) {
    if (score.measures[i].dynamic) dynamics[i] = score.measures[i].dynamic->level;
  }
  return dynamics;
}

TEST(BuildScore, AStrokeOfAPatternIsAGhostInEveryBarOrInNone) {
  Rhythm rhythm = two_sections();
  for (const int soft : {44, 58}) {  // Half of 120 is the limit.
    rhythm.hits.clear();
    for (int bar = 0; bar < 24; ++bar) {
      rhythm.hits.push_back({bar, 0, Drum::Snare, 120, 0, 1, Ornament::None});
      const int velocity = bar % 2 == 0 ? soft : 70;
      rhythm.hits.push_back({bar, 240, Drum::Snare, velocity, 0, 1, Ornament::None});
    }
    for (const Measure& measure : build_score(rhythm).measures) {
      EXPECT_EQ(measure.voices[0].chords.at(1).notes.at(0).ghost, soft == 44);
    }
  }
}

TEST(BuildScore, SectionsGetLettersAndTheirDynamics) {
  const Score score = build_score(two_sections());
  EXPECT_EQ(letters_of(score), (std::map<std::size_t, std::string>{{0, "A"}, {8, "B"}, {16, "A"}}));
  EXPECT_EQ(dynamics_of(score), (std::map<std::size_t, Dynamic>{
                                    {0, Dynamic::Mf}, {8, Dynamic::Ff}, {16, Dynamic::Mf}}));
}

TEST(BuildScore, TheDynamicStandsAtTheFirstNote) {
  const auto mark_of = [](const std::vector<QuantisedHit>& hits) {
    Rhythm rhythm = one_bar({4, 4}, {});
    rhythm.hits = hits;
    const Score score = build_score(rhythm);
    const Measure& measure = score.measures.front();
    const Chord& chord =
        measure.voices.at(measure.dynamic->voice).chords.at(measure.dynamic->chord);
    return std::tuple(measure.dynamic->voice, chord.tick, !chord.notes.empty());
  };
  const QuantisedHit snare{0, 960, Drum::Snare, 90, 0, 1, Ornament::None};
  const auto kick = [](Tick tick) {
    return QuantisedHit{0, tick, Drum::Kick, 90, 0, 1, Ornament::None};
  };
  EXPECT_EQ(mark_of({kick(0), snare}), std::tuple(0U, 0, false)) << "something sounds at the start";
  EXPECT_EQ(mark_of({kick(480), snare}), std::tuple(1U, 480, true));
  EXPECT_EQ(mark_of({snare, kick(960)}), std::tuple(0U, 960, true));
}

/// On both sides of a limit there is no difference to be heard.
TEST(BuildScore, SectionsNearlyAsLoudHaveOneDynamic) {
  Rhythm rhythm = two_sections();
  const auto dynamics_at = [&](int first, int second) {
    for (QuantisedHit& hit : rhythm.hits) hit.velocity = hit.bar / 8 == 1 ? second : first;
    return dynamics_of(build_score(rhythm));
  };
  using Dynamics = std::map<std::size_t, Dynamic>;
  EXPECT_EQ(dynamics_at(101, 106), (Dynamics{{0, Dynamic::F}}));
  EXPECT_EQ(dynamics_at(106, 101), (Dynamics{{0, Dynamic::F}})) << "very loud asks for more";
  EXPECT_EQ(dynamics_at(111, 101), (Dynamics{{0, Dynamic::Ff}}));
  EXPECT_EQ(dynamics_at(96, 112), (Dynamics{{0, Dynamic::F}, {8, Dynamic::Ff}, {16, Dynamic::F}}));
}

TEST(BuildScore, ASoftDrumInsteadOfALoudOneIsNoOtherDynamic) {
  using Dynamics = std::map<std::size_t, Dynamic>;
  const auto with = [](Drum drum) {
    Rhythm rhythm = two_sections();
    for (QuantisedHit& hit : rhythm.hits) {
      if (hit.drum != Drum::Snare) continue;
      hit.velocity = hit.bar / 8 == 1 ? 90 : 110;
      if (hit.bar / 8 == 1) hit.drum = drum;
    }
    return dynamics_of(build_score(rhythm));
  };
  EXPECT_EQ(with(Drum::SideStick), (Dynamics{{0, Dynamic::Ff}}));
  EXPECT_EQ(with(Drum::Snare), (Dynamics{{0, Dynamic::Ff}, {8, Dynamic::F}, {16, Dynamic::Ff}}));
}

TEST(BuildScore, ADynamicNeedsADrumThatMovedAndAllThatLeadsALittle) {
  using Dynamics = std::map<std::size_t, Dynamic>;
  // The middle section's snare or another drum in its place, and a tom on the third beat.
  const auto with = [](int snare, int tom, Drum middle, int middle_snare, int middle_tom) {
    Rhythm rhythm = two_sections();
    std::vector<QuantisedHit> hits;
    for (QuantisedHit hit : rhythm.hits) {
      const bool inside = hit.bar / 8 == 1;
      if (hit.drum == Drum::Snare) {
        hit.velocity = inside ? middle_snare : snare;
        if (inside) hit.drum = middle;
      }
      hits.push_back(hit);
      if (hit.tick != 960 || (hit.drum != Drum::Ride && hit.drum != Drum::ClosedHiHat)) continue;
      hits.push_back({hit.bar, 960, Drum::FloorTom, inside ? middle_tom : tom, 0, 1});
    }
    rhythm.hits = hits;
    return dynamics_of(build_score(rhythm));
  };
  EXPECT_EQ(with(110, 110, Drum::SideStick, 80, 110), (Dynamics{{0, Dynamic::Ff}}))
      << "the tom is as loud as before";
  EXPECT_EQ(with(99, 80, Drum::Snare, 110, 110), (Dynamics{{0, Dynamic::F}}))
      << "the tom alone is louder";
  EXPECT_EQ(with(90, 80, Drum::Snare, 110, 110),
            (Dynamics{{0, Dynamic::F}, {8, Dynamic::Ff}, {16, Dynamic::F}}));
}

TEST(BuildScore, ANewDynamicStandsAtTheFirstStrokeThatTellsIt) {
  Rhythm rhythm = two_sections();
  std::erase_if(rhythm.hits, [](const QuantisedHit& hit) {
    return hit.drum == Drum::Snare && (hit.bar == 8 || hit.bar == 9);
  });
  EXPECT_EQ(
      dynamics_of(build_score(rhythm)),
      (std::map<std::size_t, Dynamic>{{0, Dynamic::Mf}, {10, Dynamic::Ff}, {16, Dynamic::Mf}}));
}

TEST(BuildScore, TwoSoftBarsBetweenSilentOnesAreNoOtherDynamic) {
  Rhythm rhythm;
  for (const QuantisedHit& hit : two_sections().hits) {
    if (hit.bar / 8 != 1) rhythm.hits.push_back(hit);
  }
  rhythm.bars = two_sections().bars;
  for (QuantisedHit& hit : rhythm.hits) {  // One groove of sixteen bars.
    if (hit.bar >= 16) hit.bar -= 8;
    hit.velocity = hit.bar == 9 || hit.bar == 10 ? 40 : 110;
  }
  rhythm.bars.resize(16);
  std::erase_if(rhythm.hits, [](const QuantisedHit& hit) {
    return hit.drum == Drum::Snare && (hit.bar == 8 || hit.bar == 11);
  });
  EXPECT_EQ(dynamics_of(build_score(rhythm)), (std::map<std::size_t, Dynamic>{{0, Dynamic::Ff}}));
}

TEST(BuildScore, TheFirstLetterStandsAfterThePickup) {
  Rhythm rhythm = two_sections();
  rhythm.bars.front().length = 480;
  std::erase_if(rhythm.hits,
                [](const QuantisedHit& hit) { return hit.bar == 0 && hit.tick >= 480; });
  EXPECT_EQ(letters_of(build_score(rhythm)),
            (std::map<std::size_t, std::string>{{1, "A"}, {8, "B"}, {16, "A"}}));
}

/// The bars of two_sections(), with the middle ones silent.
Rhythm with_silence() {
  Rhythm rhythm = two_sections();
  std::erase_if(rhythm.hits, [](const QuantisedHit& hit) { return hit.bar / 8 == 1; });
  return rhythm;
}

TEST(BuildScore, SilenceHasNoLetterAndAfterItOneStandsAtTheFirstStroke) {
  EXPECT_EQ(letters_of(build_score(with_silence())),
            (std::map<std::size_t, std::string>{{0, "A"}, {16, "A"}}));
}

TEST(BuildScore, ManySilentBarsStandOnALineWithThePhraseThatFollows) {
  std::vector<std::size_t> breaks;
  const Score score = build_score(with_silence());
  for (std::size_t i = 0; i < score.measures.size(); ++i) {
    if (score.measures[i].line_break) breaks.push_back(i + 1);
  }
  EXPECT_THAT(breaks, ElementsAre(4U, 8U, 20U));
}

TEST(BuildScore, LinesEndBeforeAndAfterLongRests) {
  // Bars are played or silent; a B begins a section.
  const auto breaks = [](std::string_view bars) {
    Rhythm rhythm;
    for (const char bar : bars) {
      testing::add_tab(rhythm, {4, 4}, {{Drum::Snare, bar == '-' ? "----" : "x-x-"}});
    }
    Score score = build_score(rhythm);
    for (std::size_t i = 0; i < bars.size(); ++i) {
      Measure& measure = score.measures[i];
      measure.rehearsal = bars[i] == 'B' ? "B" : "";
      measure.dynamic.reset();
      measure.line_break = false;
    }
    break_lines(score);
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < bars.size(); ++i) {
      if (score.measures[i].line_break) found.push_back(i + 1);
    }
    return found;
  };
  EXPECT_THAT(breaks("xxxx----xxxx"), ElementsAre(4U)) << "four silent bars are one rest";
  EXPECT_THAT(breaks("xx------xxxx"), ElementsAre(8U));
  EXPECT_THAT(breaks("xxB------xxxx"), ElementsAre(2U, 9U)) << "a section begins its line";
}

TEST(BuildScore, HeadsSideBySideAreGivenRoom) {
  const auto first_break = [](Drum one, Drum other) {
    Rhythm rhythm;
    for (int bar = 0; bar < 8; ++bar) {
      testing::add_tab(rhythm, {4, 4}, {{one, "xxxxxxxxxxxxxxxx"}, {other, "xxxxxxxxxxxxxxxx"}});
    }
    const Score score = build_score(rhythm);
    return std::ranges::find(score.measures, true, &Measure::line_break) - score.measures.begin();
  };
  EXPECT_EQ(first_break(Drum::HighTom, Drum::FloorTom), 3);
  EXPECT_EQ(first_break(Drum::HighTom, Drum::MidTom), 1) << "a line and the space above it";
}

TEST(BuildScore, HeadsOnLedgerLinesAndCircledOnesAreGivenRoom) {
  const auto first_break = [](Drum drum) {
    Rhythm rhythm = two_sections();
    rhythm.hits.clear();
    for (int bar = 0; bar < 24; ++bar) {
      for (Tick tick = 0; tick < 1920; tick += 120) rhythm.hits.push_back({bar, tick, drum, 90});
    }
    const Score score = build_score(rhythm);
    return std::ranges::find(score.measures, true, &Measure::line_break) - score.measures.begin();
  };
  EXPECT_EQ(first_break(Drum::ClosedHiHat), 3);
  EXPECT_EQ(first_break(Drum::OpenHiHat), 1);
  EXPECT_EQ(first_break(Drum::Crash), 1);
}

TEST(BuildScore, AStaffALittleSmallerKeepsPhrasesOnALine) {
  // 24 bars of 16ths, of which the first four have so many open hi-hats, which are wider.
  const auto laid_out = [](int n_open) {
    Rhythm rhythm = two_sections();
    rhythm.hits.clear();
    for (int bar = 0; bar < 24; ++bar) {
      for (Tick tick = 0; tick < 1920; tick += 120) {
        const bool open = bar < 4 && tick < 120 * n_open;
        rhythm.hits.push_back({bar, tick, open ? Drum::OpenHiHat : Drum::ClosedHiHat, 90});
      }
    }
    const Score score = build_score(rhythm);
    const auto first = std::ranges::find(score.measures, true, &Measure::line_break);
    return std::pair(score.staff_space_mm, 1 + (first - score.measures.begin()));
  };
  EXPECT_EQ(laid_out(2), std::pair(1.6, 4L));
  EXPECT_EQ(laid_out(5), std::pair(1.55, 4L));
  EXPECT_EQ(laid_out(8), std::pair(1.5, 4L));
  EXPECT_EQ(laid_out(16), std::pair(1.6, 2L)) << "too wide for the smallest";
}

TEST(BuildScore, NoLineStandsAloneOnASecondPage) {
  const auto staff_space_mm = [](int n_lines) {
    Rhythm rhythm;
    for (int bar = 0; bar < 4 * n_lines; ++bar) {
      rhythm.bars.push_back(
          {{4, 4}, 1920, 2.0 * bar, 2.0 * bar + 2, std::vector<Grid>(4, Grid::Straight)});
      for (Tick tick = 0; tick < 1920; tick += 240) {
        rhythm.hits.push_back({bar, tick, Drum::Ride, 90, 0, 1, Ornament::None});
      }
    }
    return build_score(rhythm).staff_space_mm;
  };
  EXPECT_EQ(staff_space_mm(9), 1.6);
  EXPECT_EQ(staff_space_mm(10), 1.55);
  EXPECT_EQ(staff_space_mm(11), 1.5);
  EXPECT_EQ(staff_space_mm(12), 1.5);
  EXPECT_EQ(staff_space_mm(13), 1.6) << "two lines or more stand there";
}

TEST(BuildScore, ThreeBarsThatFitOnALineAreNotDividedForAnEvenWidth) {
  Rhythm rhythm = two_sections();
  rhythm.bars.resize(19);
  rhythm.hits.clear();
  for (int bar = 0; bar < 19; ++bar) {
    for (Tick tick = 0; tick < 1920; tick += 120) {
      rhythm.hits.push_back({bar, tick, Drum::OpenHiHat, 90});
    }
  }
  const Score score = build_score(rhythm);
  EXPECT_TRUE(score.measures[13].line_break) << "four are";
  EXPECT_TRUE(score.measures[15].line_break);
  EXPECT_FALSE(score.measures[17].line_break);
}

TEST(BuildScore, ARestForSeveralBarsHasOneTempo) {
  Rhythm rhythm = with_silence();
  for (std::size_t i = 9; i < 24; ++i) {  // From bar 10 on a tenth slower, from bar 17 as before.
    rhythm.bars[i - 1].end_s = rhythm.bars[i].start_s =
        rhythm.bars[i - 1].start_s + (i > 9 && i < 17 ? 2.2 : 2.0);
  }
  rhythm.bars[23].end_s = rhythm.bars[23].start_s + 2;
  const Score score = build_score(rhythm);
  ASSERT_EQ(rest_run(score.measures, 8), 8U);
  for (std::size_t i = 9; i < 16; ++i) EXPECT_TRUE(score.measures[i].tempi.empty()) << i;
  EXPECT_NEAR(score.measures[8].tempi.at(0).quarters_per_s, 32 / (2 + 7 * 2.2), 1e-9);
  EXPECT_NEAR(measure_starts_s(score)[16], rhythm.bars[16].start_s, 1e-9);
  EXPECT_NEAR(measure_starts_s(score)[20], rhythm.bars[20].start_s, 1e-9);
}

TEST(BuildScore, TheMusicAfterARestHasTheTempoThatBeganInIt) {
  Rhythm rhythm = with_silence();
  for (std::size_t i = 10; i < 24; ++i) {  // From bar 11 on a tenth slower.
    rhythm.bars[i].end_s = rhythm.bars[i].start_s + 2.2;
    if (i < 23) rhythm.bars[i + 1].start_s = rhythm.bars[i].end_s;
  }
  const Score score = build_score(rhythm);
  ASSERT_EQ(rest_run(score.measures, 8), 8U);
  EXPECT_NEAR(measure_starts_s(score)[20], rhythm.bars[20].start_s, 1e-9);
}

TEST(BuildScore, ATempoMayBeginWithATriplet) {
  Rhythm rhythm = one_bar({2, 4},
                          {{0, Drum::Ride},
                           {160, Drum::Ride},
                           {320, Drum::Ride},
                           {480, Drum::Ride},
                           {640, Drum::Ride},
                           {800, Drum::Ride}},
                          Grid::Triplet);
  rhythm.bars[0].end_s = 1;
  rhythm.beats = {{0, 1}, {0.45, 2}};
  const Score score = build_score(rhythm);
  std::vector<Tick> ticks;
  for (const Tempo& tempo : score.measures[0].tempi) ticks.push_back(tempo.tick);
  EXPECT_THAT(ticks, ElementsAre(0, 480));
}

TEST(BuildScore, NoLineEndsInsideARest) {
  Rhythm rhythm = two_sections();
  std::erase_if(rhythm.hits, [](const QuantisedHit& hit) { return hit.bar == 3 || hit.bar == 4; });
  const Score score = build_score(rhythm);
  EXPECT_EQ(rest_run(score.measures, 3), 2U);
  EXPECT_FALSE(score.measures[3].line_break);
  EXPECT_TRUE(score.measures[4].line_break);
}

TEST(RestRun, IsSilentBarsAsFarAsNothingIsMarked) {
  Score score = build_score(with_silence());
  EXPECT_EQ(rest_run(score.measures, 0), 1U);
  EXPECT_EQ(rest_run(score.measures, 8), 8U);
  EXPECT_EQ(rest_run(score.measures, 15), 1U);
  score.measures[11].rehearsal = "C";
  EXPECT_EQ(rest_run(score.measures, 8), 3U);
  score.measures[11].rehearsal.clear();
  score.measures[11].tempi.push_back({0, 2, std::nullopt});
  EXPECT_EQ(rest_run(score.measures, 8), 8U);
  score.measures[11].tempi.back().mark = {{4, 0}, 120};
  EXPECT_EQ(rest_run(score.measures, 8), 3U);
}

TEST(BuildScore, AFillBelongsToTheSectionThatItEnds) {
  Rhythm rhythm = two_sections();
  std::erase_if(rhythm.hits, [](const QuantisedHit& hit) { return hit.bar == 15; });
  const auto next = std::ranges::find(rhythm.hits, 16, &QuantisedHit::bar);
  std::vector<QuantisedHit> fill;
  for (Tick tick = 0; tick < 1920; tick += 240) {
    fill.push_back(
        {15, tick, tick < 960 ? Drum::HighTom : Drum::FloorTom, 110, 0, 1, Ornament::None});
  }
  rhythm.hits.insert(next, fill.begin(), fill.end());
  EXPECT_EQ(letters_of(build_score(rhythm)),
            (std::map<std::size_t, std::string>{{0, "A"}, {8, "B"}, {16, "A"}}));
}

TEST(BuildScore, ACrashBeginsASectionEvenBeforeABreak) {
  Rhythm rhythm = two_sections();
  std::erase_if(rhythm.hits, [](const QuantisedHit& hit) { return hit.bar == 8 && hit.tick > 0; });
  const auto first = std::ranges::find(rhythm.hits, 8, &QuantisedHit::bar);
  rhythm.hits.insert(first, {8, 0, Drum::Crash, 110, 0, 1, Ornament::None});
  EXPECT_EQ(letters_of(build_score(rhythm)),
            (std::map<std::size_t, std::string>{{0, "A"}, {8, "B"}, {16, "A"}}));
}

TEST(BuildScore, ATempoThatLastsIsMarkedAndOneThatDriftsIsNot) {
  const auto marks = [](auto seconds_of) {
    Rhythm rhythm = two_sections();
    double time_s = 0;
    for (std::size_t i = 0; i < rhythm.bars.size(); ++i) {
      rhythm.bars[i].start_s = time_s;
      rhythm.bars[i].end_s = time_s += seconds_of(i);
    }
    std::map<std::size_t, int> found;
    const Score score = build_score(rhythm);
    for (std::size_t i = 0; i < score.measures.size(); ++i) {
      for (const Tempo& tempo : score.measures[i].tempi) {
        if (tempo.mark) found[i] = tempo.mark->beats_per_minute;
      }
    }
    return found;
  };
  using Marks = std::map<std::size_t, int>;
  EXPECT_EQ(marks([](std::size_t i) { return i < 9 ? 2.0 : 3.0; }), (Marks{{0, 120}, {9, 80}}));
  EXPECT_EQ(marks([](std::size_t i) { return 2 + 0.05 * static_cast<double>(i); }).size(), 1U);
  EXPECT_EQ(marks([](std::size_t i) { return i % 8 == 7 ? 2.6 : 2.0; }).size(), 1U);
}

/// The ticks of all tempo marks where the beats become shorter with the last one of bar 9, and in
/// bar 10 the third takes `more_s` from the fourth.
std::vector<Tick> marked_ticks(double more_s) {
  Rhythm rhythm = two_sections();
  double time_s = 0;
  for (std::size_t i = 0; i < rhythm.bars.size(); ++i) {
    rhythm.bars[i].start_s = time_s;
    for (int beat = 1; beat <= 4; ++beat) {
      rhythm.beats.push_back({time_s, beat});
      time_s += 4 * i + static_cast<std::size_t>(beat) >= 36 ? 0.43 : 0.5;
      if (i == 9 && beat > 2) time_s += beat == 3 ? more_s : -more_s;
    }
    rhythm.bars[i].end_s = time_s;
  }
  std::vector<Tick> ticks;
  for (const Measure& measure : build_score(rhythm).measures) {
    for (const Tempo& tempo : measure.tempi) {
      EXPECT_GT(tempo.quarters_per_s, 1.5);
      if (tempo.mark) ticks.push_back(tempo.tick);
    }
  }
  return ticks;
}

TEST(BuildScore, ATempoThatBeginsInsideABarIsMarkedAtABarLine) {
  EXPECT_THAT(marked_ticks(0), ElementsAre(0, 0));
  EXPECT_THAT(marked_ticks(0.03), ElementsAre(0, 0));  // Bar 10 has a tempo, but a later one.
}

/// One groove all the way, as loud as `velocity_of` says of each of the 16 bars.
template <typename VelocityOf>
Rhythm one_groove(VelocityOf velocity_of) {
  Rhythm rhythm = two_sections();
  rhythm.bars.resize(16);
  std::erase_if(rhythm.hits, [](const QuantisedHit& hit) { return hit.bar >= 8; });
  for (std::size_t i = 0, n = rhythm.hits.size(); i < n; ++i) {
    rhythm.hits.push_back(rhythm.hits[i]);
    rhythm.hits.back().bar += 8;
  }
  for (QuantisedHit& hit : rhythm.hits) hit.velocity = velocity_of(hit.bar);
  return rhythm;
}

TEST(BuildScore, MuchLouderBarsOfOneGrooveGetADynamicOfTheirOwn) {
  const auto levels = [](auto velocity_of) {
    return dynamics_of(build_score(one_groove(velocity_of)));
  };
  using Dynamics = std::map<std::size_t, Dynamic>;
  EXPECT_EQ(levels([](int bar) { return bar < 6 ? 35 : 115; }),
            (Dynamics{{0, Dynamic::P}, {6, Dynamic::Ff}}));
  EXPECT_EQ(levels([](int bar) { return 30 + 6 * bar; }),
            (Dynamics{{0, Dynamic::P}, {8, Dynamic::F}}));
  EXPECT_EQ(levels([](int bar) { return bar % 4 == 3 ? 110 : 85; }).size(), 1U);
}

TEST(BuildScore, AccentsInSomeBarsMakeNoDynamic) {
  // Half of the four bars from the eighth on are loud, and one of the four before.
  const std::set<int> loud{0, 2, 4, 7, 8, 11};
  const Rhythm rhythm = one_groove([&](int bar) { return loud.contains(bar) ? 100 : 40; });
  EXPECT_EQ(dynamics_of(build_score(rhythm)), (std::map<std::size_t, Dynamic>{{0, Dynamic::P}}));
}

TEST(BuildScore, NeitherGhostsNorTheFootChangeTheDynamic) {
  Rhythm rhythm = one_groove([](int) { return 115; });
  for (int bar = 8; bar < 16; ++bar) {
    for (Tick tick = 120; tick < 1920; tick += 240) {
      rhythm.hits.push_back({bar, tick, Drum::Snare, 20, 0, 1, Ornament::None});
      rhythm.hits.push_back({bar, tick, Drum::Kick, 60, 0, 1, Ornament::None});
    }
  }
  EXPECT_EQ(dynamics_of(build_score(rhythm)), (std::map<std::size_t, Dynamic>{{0, Dynamic::Ff}}));
}

TEST(BuildScore, WithoutKickAndSnareThereIsADynamicTooAtFirst) {
  Rhythm rhythm = two_sections();
  std::erase_if(rhythm.hits, [](const QuantisedHit& hit) {
    return hit.drum == Drum::Kick || hit.drum == Drum::Snare;
  });
  EXPECT_EQ(dynamics_of(build_score(rhythm)), (std::map<std::size_t, Dynamic>{{0, Dynamic::Mf}}));
}

TEST(BuildScore, ALineThatIsTooLongIsHalvedByItsNumberedBars) {
  Rhythm rhythm = two_sections();
  for (std::size_t bar = 0; bar < rhythm.bars.size(); ++bar) {
    rhythm.bars[bar].start_s += 2;  // A lead-in stands before the pickup.
    rhythm.bars[bar].end_s += 2;
  }
  rhythm.hits.clear();
  for (int bar = 0; bar < 24; ++bar) {
    for (Tick tick = 0; tick < (bar == 0 ? 480 : 1920); tick += 120) {
      rhythm.hits.push_back({bar, tick, Drum::Snare, 90, 0, 1, Ornament::None});
    }
  }
  rhythm.bars.front().length = 480;
  const Score score = build_score(rhythm);
  int n_numbered = 0;
  for (const Measure& measure : score.measures) {
    n_numbered += measure.numbered ? 1 : 0;
    if (measure.line_break) break;
  }
  EXPECT_EQ(n_numbered, 2);
}

std::vector<std::size_t> repeats(const Score& score) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < score.measures.size(); ++i) {
    if (score.measures[i].repeats) found.push_back(i);
  }
  return found;
}

TEST(BuildScore, AGhostNoteHasNoGraceNotes) {
  Rhythm rhythm = two_sections();
  const auto ghost = std::ranges::find(rhythm.hits, Drum::Snare, &QuantisedHit::drum);
  ghost->ornament = Ornament::Flam;
  const auto flams = [&] {
    const Score score = build_score(rhythm);
    std::ptrdiff_t n = 0;
    for (const Chord& chord : score.measures.at(0).voices.at(0).chords) {
      n += std::ranges::count(chord.notes, Ornament::Flam, &Note::ornament);
    }
    return n;
  };
  EXPECT_EQ(flams(), 1);
  ghost->velocity = 20;
  EXPECT_EQ(flams(), 0);
}

TEST(BuildScore, BarsLikeTheOneBeforeRepeatOnRequestUnlessTheySayMore) {
  ScoreOptions options;
  EXPECT_THAT(repeats(build_score(two_sections(), options)), ElementsAre());
  options.repeat_signs = true;
  const std::vector<std::size_t> all = repeats(build_score(two_sections(), options));
  EXPECT_EQ(all.size(), 18U);  // Six lines of four bars, each with its first written out.
  EXPECT_THAT(all, Not(Contains(AnyOf(0U, 4U, 8U, 12U, 16U, 20U))));

  Rhythm changed = two_sections();
  changed.hits.front().velocity += 3;
  EXPECT_EQ(repeats(build_score(changed, options)), all);
  const auto ghost = std::ranges::find_if(changed.hits, [](const QuantisedHit& hit) {
    return hit.bar == 2 && hit.drum == Drum::Snare;
  });
  ghost->ornament = Ornament::Flam;
  const std::vector<std::size_t> fewer = repeats(build_score(changed, options));
  EXPECT_THAT(fewer, Not(Contains(AnyOf(2U, 3U))));
  EXPECT_EQ(fewer.size(), all.size() - 2);

  changed = two_sections();
  std::ranges::find(changed.hits, 2, &QuantisedHit::bar)->choked_after_s = 0.3;
  EXPECT_EQ(repeats(build_score(changed, options)), fewer);

  changed = two_sections();
  std::ranges::find(changed.hits, 2, &QuantisedHit::bar)->confidence = 0.3;
  options.doubt_below = 0.5;
  EXPECT_EQ(repeats(build_score(changed, options)), fewer);
}

TEST(BuildScore, ABarRepeatsAtAnotherSpeedUnlessItChangesInsideIt) {
  ScoreOptions options;
  options.repeat_signs = true;
  Rhythm rhythm = two_sections();
  const std::vector<std::size_t> all = repeats(build_score(rhythm, options));
  for (std::size_t i = 2; i < rhythm.bars.size(); ++i) {  // Bar 3 is slower.
    rhythm.bars[i].end_s += 0.2;
    if (i > 2) rhythm.bars[i].start_s += 0.2;
  }
  EXPECT_EQ(repeats(build_score(rhythm, options)), all);
  for (const Bar& bar : rhythm.bars) {
    for (int beat = 0; beat < 4; ++beat) {
      const bool late = &bar == &rhythm.bars[2] && beat == 2;
      rhythm.beats.push_back(
          {bar.start_s + (bar.end_s - bar.start_s) * beat / 4 + (late ? 0.03 : 0), beat + 1});
    }
  }
  std::vector<std::size_t> without_bar_3 = all;
  std::erase(without_bar_3, 2U);
  EXPECT_EQ(repeats(build_score(rhythm, options)), without_bar_3);
}

TEST(BuildScore, TheKeyNamesTheDrumsThatAreUsed) {
  EXPECT_THAT(build_score(two_sections()).key,
              ElementsAre(Drum::Kick, Drum::Snare, Drum::ClosedHiHat, Drum::Ride));
  EXPECT_TRUE(build_score({}).key.empty());
}

TEST(BuildScore, FeetShowRestsOnlyBeforeNotesThatNothingStandsAbove) {
  const Rhythm shown = one_bar({1, 4}, {{0, Drum::Ride}, {240, Drum::Ride}, {120, Drum::Kick}});
  EXPECT_EQ(spelled(shown, 1), "16r .8");
  const Rhythm hidden = one_bar({1, 4}, {{0, Drum::Ride}, {240, Drum::Ride}, {240, Drum::Kick}});
  EXPECT_EQ(spelled(hidden, 1), "(8r) 8");
}

TEST(BuildScore, DoubtfulHitsAreMarkedOnRequest) {
  Rhythm rhythm = one_bar({4, 4}, {{0, Drum::Kick}});
  rhythm.hits[0].confidence = 0.3;
  ScoreOptions options;
  EXPECT_FALSE(build_score(rhythm, options).measures[0].voices[0].chords[0].notes[0].doubtful);
  options.doubt_below = 0.5;
  EXPECT_TRUE(build_score(rhythm, options).measures[0].voices[0].chords[0].notes[0].doubtful);
}

}  // namespace
}  // namespace fyr
