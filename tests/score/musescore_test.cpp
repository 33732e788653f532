// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/musescore.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <set>
#include <sstream>

#include "fyr/writers.hpp"
#include "score/random_rhythm.hpp"

namespace fyr {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint32_t kNScores = 60;
constexpr std::array kStyles{NotationStyle::Weinberg, NotationStyle::MuseScore,
                             NotationStyle::Agostini};

std::string document(const Score& score) {
  std::ostringstream out;
  write_mscx(score, out);
  return out.str();
}

std::multiset<std::pair<int, int>> written(const Score& score) {
  std::multiset<std::pair<int, int>> notes;
  Tick start = 0;
  for (const Measure& measure : score.measures) {
    for (const Voice& voice : measure.voices) {
      for (const Chord& chord : voice.chords) {
        for (const Note& note : chord.notes) {
          notes.emplace(start + chord.tick, info(note.drum).midi_key);
        }
      }
    }
    start += measure.length;
  }
  return notes;
}

std::multiset<std::pair<int, int>> played(const std::vector<testing::MidiNote>& notes) {
  std::multiset<std::pair<int, int>> places;
  for (const testing::MidiNote& note : notes) places.emplace(note.tick, note.key);
  return places;
}

void remove_ornaments(Rhythm& rhythm) {
  for (QuantisedHit& hit : rhythm.hits) hit.ornament = Ornament::None;
}

void expect_accepted(const testing::MuseScoreRun& run) {
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.complaints, IsEmpty());
  for (std::size_t i = 0; i < run.results.size(); ++i) {
    SCOPED_TRACE("seed " + std::to_string(i));
    EXPECT_EQ(run.results[i].sanity_error, "");
    EXPECT_EQ(run.results[i].difference, "");
    for (const testing::MidiNote& note : run.results[i].notes) EXPECT_EQ(note.channel, 9);
  }
}

/// A player whose beats wander by a tenth of their length inside every bar.
Rhythm wandering_rhythm() {
  Rhythm rhythm;
  rhythm.tempo_bpm = 110;
  double time_s = 1.3;
  for (int i = 0; i < 24; ++i) {
    Bar bar;
    bar.length = 1920;
    bar.start_s = time_s;
    bar.grids.assign(4, i % 5 == 4 ? Grid::Triplet : Grid::Straight);
    for (int beat = 0; beat < 4; ++beat) {
      const double beat_s = 60.0 / 110 * (1 + 0.1 * std::sin(0.9 * (4 * i + beat)));
      rhythm.beats.push_back({time_s, beat + 1});
      const int n_places = i % 5 == 4 ? 3 : 4;
      for (int place = 0; place < n_places; ++place) {
        const Drum drum = place == 0 ? (beat % 2 == 0 ? Drum::Kick : Drum::Snare) : Drum::Ride;
        rhythm.hits.push_back({i, 480 * beat + 480 / n_places * place, drum, 90,
                               time_s + beat_s * place / n_places, 1, Ornament::None});
      }
      time_s += beat_s;
    }
    bar.end_s = time_s;
    rhythm.bars.push_back(bar);
  }
  return rhythm;
}

class MuseScore : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::has_musescore()) {
      GTEST_SKIP() << "mscore3 is not installed: the scores were NOT shown to the real MuseScore";
    }
  }
};

TEST_F(MuseScore, AcceptsRandomScoresUnchangedAndPlaysTheirNotes) {
  std::vector<Score> scores;
  std::vector<std::string> documents;
  for (std::uint32_t seed = 0; seed < kNScores; ++seed) {
    Rhythm rhythm = testing::random_rhythm(seed);
    remove_ornaments(rhythm);
    ScoreOptions options{"Title & <more> \xC3\xA5\xE9\xBC\x93", "Subtitle", "\"Composer\"", 2, 0.3};
    options.n_voices = seed % 4 == 0 ? 1 : 2;
    options.style = kStyles[seed % kStyles.size()];
    rhythm.swing.share = 0.5;  // Swung notes are played off their written places.
    scores.push_back(build_score(rhythm, options));
    documents.push_back(document(scores.back()));
  }
  const testing::MuseScoreRun run = testing::run_musescore(documents);
  expect_accepted(run);
  for (std::uint32_t seed = 0; seed < kNScores; ++seed) {
    EXPECT_EQ(played(run.results[seed].notes), written(scores[seed])) << "seed " << seed;
  }
}

/// Eight bars of one groove, of which the fifth has a stroke more.
Rhythm groove_with_a_variation() {
  Rhythm rhythm;
  rhythm.tempo_bpm = 120;
  for (int i = 0; i < 8; ++i) {
    Bar bar;
    bar.length = 1920;
    bar.start_s = 2.0 * i;
    bar.end_s = bar.start_s + 2;
    bar.grids.assign(4, Grid::Straight);
    rhythm.bars.push_back(bar);
    for (int beat = 0; beat < 4; ++beat) {
      const double time_s = bar.start_s + 0.5 * beat;
      rhythm.beats.push_back({time_s, beat + 1});
      const Drum drum = beat % 2 == 0 ? Drum::Kick : Drum::Snare;
      rhythm.hits.push_back({i, 480 * beat, drum, 90 + i, time_s, 1, Ornament::None});
      rhythm.hits.push_back({i, 480 * beat, Drum::ClosedHiHat, 80, time_s, 1, Ornament::None});
      if (i == 4 && beat == 3) {
        rhythm.hits.push_back(
            {i, 480 * beat + 240, Drum::Kick, 90, time_s + 0.25, 1, Ornament::None});
      }
    }
  }
  return rhythm;
}

TEST_F(MuseScore, PlaysWhatRepeatSignsStandFor) {
  ScoreOptions options;
  options.repeat_signs = true;
  const Score score = build_score(groove_with_a_variation(), options);
  EXPECT_EQ(std::ranges::count(score.measures, true, &Measure::repeats), 5);
  const testing::MuseScoreRun run = testing::run_musescore({document(score)});
  expect_accepted(run);
  EXPECT_EQ(played(run.results[0].notes), written(score));
}

/// Eight bars of silence, a groove, eight more with another tempo inside, and the groove again.
Rhythm long_silences(double start_s) {
  Rhythm rhythm = groove_with_a_variation();
  for (int i = 8; i < 32; ++i) {
    Bar bar = rhythm.bars[static_cast<std::size_t>(i - 8)];
    bar.start_s += 16;
    bar.end_s += 16;
    rhythm.bars.push_back(bar);
  }
  rhythm.beats.clear();
  for (QuantisedHit& hit : rhythm.hits) hit.bar += 8;
  for (std::size_t i = 0, n = rhythm.hits.size(); i < n; ++i) {
    rhythm.hits.push_back(rhythm.hits[i]);
    rhythm.hits.back().bar += 16;
  }
  rhythm.bars[18].end_s += 0.2;
  rhythm.bars[19].start_s += 0.2;
  for (Bar& bar : rhythm.bars) {
    bar.start_s += start_s;
    bar.end_s += start_s;
  }
  return rhythm;
}

TEST_F(MuseScore, DrawsOneRestForManySilentBars) {
  std::vector<Score> scores;
  std::vector<std::string> documents;
  std::vector<double> starts_s;
  for (const double start_s : {0.0, 0.4, 6.1}) {
    starts_s.insert(starts_s.end(), 3, start_s);
    for (const Meter& meter : {Meter{4, 4}, Meter{5, 4}}) {
      Rhythm rhythm = long_silences(start_s);
      for (Bar& bar : rhythm.bars) {
        bar.meter = meter;
        bar.length = meter.bar_ticks();
      }
      scores.push_back(build_score(rhythm));
      documents.push_back(document(scores.back()));
    }
    Rhythm swung = long_silences(start_s);
    swung.swing.share = 0.66;
    scores.push_back(build_score(swung));
    documents.push_back(document(scores.back()));
  }
  const testing::MuseScoreRun run = testing::run_musescore(documents);
  expect_accepted(run);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    EXPECT_THAT(documents[i], HasSubstr("<multiMeasureRest>8</multiMeasureRest>")) << i;
    if (scores[i].swing.swings()) continue;  // Played off the written places.
    EXPECT_EQ(played(run.results[i].notes), written(scores[i])) << i;
    // The last stroke is on the last quarter of a bar of four or five.
    const double last_bar_s = starts_s[i] + 62;
    const double share = scores[i].measures.back().meter.numerator == 4 ? 0.75 : 0.6;
    EXPECT_NEAR(run.results[i].notes.back().time_s, last_bar_s + 2 * share, 0.005) << i;
  }
}

TEST_F(MuseScore, PlaysSwungNotesWhereTheySound) {
  std::vector<Rhythm> rhythms;
  std::vector<std::string> documents;
  for (const Tick unit : {kTicksPerQuarter / 2, kTicksPerQuarter / 4}) {
    Rhythm rhythm;
    rhythm.swing = {0.62, unit};
    for (int bar = 0; bar < 4; ++bar) {
      rhythm.bars.push_back({{4, 4}, 1920, 2.0 * bar, 2.0 * bar + 2, std::vector<Grid>(4)});
      for (Tick tick = 0; tick < 1920; tick += unit) {
        rhythm.hits.push_back({bar, tick, Drum::ClosedHiHat, 90, 0, 1, Ornament::None});
      }
    }
    documents.push_back(document(build_score(rhythm)));
    rhythms.push_back(rhythm);
  }
  const testing::MuseScoreRun run = testing::run_musescore(documents);
  expect_accepted(run);
  for (std::size_t i = 0; i < rhythms.size(); ++i) {
    const std::vector<QuantisedHit>& hits = rhythms[i].hits;
    ASSERT_EQ(run.results[i].notes.size(), hits.size());
    for (std::size_t k = 0; k < hits.size(); ++k) {
      const double sounds_s = 2.0 * hits[k].bar + played_tick(rhythms[i], hits[k]) / 960;
      EXPECT_NEAR(run.results[i].notes[k].time_s, sounds_s, 0.003) << i << ", " << k;
    }
  }
}

/// FYR_N_RANDOM_SCORES asks for more than a test run can wait for.
std::uint32_t n_random_scores() {
  const char* asked = std::getenv("FYR_N_RANDOM_SCORES");
  return asked != nullptr ? static_cast<std::uint32_t>(std::stoul(asked)) : kNScores;
}

TEST_F(MuseScore, AcceptsTheScoresOfRandomOnsets) {
  constexpr std::uint32_t kBatch = 100;  // Scores that one MuseScore reads.
  for (std::uint32_t first = 0; first < n_random_scores(); first += kBatch) {
    std::vector<Score> scores;
    std::vector<std::string> documents;
    const std::uint32_t end = std::min(first + kBatch, n_random_scores());
    for (std::uint32_t seed = first; seed < end; ++seed) {
      const std::vector<Onset> onsets = testing::random_onsets(seed);
      Rhythm rhythm = analyse_rhythm(onsets, {}, onsets.empty() ? 1 : onsets.back().time_s + 1);
      int n_strokes = 0;
      for (const QuantisedHit& hit : rhythm.hits) n_strokes += hit.n_strokes;
      EXPECT_EQ(n_strokes, static_cast<int>(onsets.size())) << "seed " << seed;
      remove_ornaments(rhythm);  // They are played as more notes than are written, and
      rhythm.swing.share = 0.5;  // swung notes off their written places.
      scores.push_back(build_score(rhythm));
      documents.push_back(document(scores.back()));
    }
    const testing::MuseScoreRun run = testing::run_musescore(documents);
    expect_accepted(run);
    for (std::size_t i = 0; i < scores.size(); ++i) {
      EXPECT_EQ(played(run.results[i].notes), written(scores[i])) << "seed " << first + i;
    }
  }
}

TEST_F(MuseScore, AcceptsSwingFlamsDragsAndRolls) {
  std::vector<Score> scores;
  std::vector<std::string> documents;
  for (std::uint32_t seed = 1000; seed < 1000 + kNScores; ++seed) {
    scores.push_back(build_score(testing::random_rhythm(seed)));
    documents.push_back(document(scores.back()));
  }
  const testing::MuseScoreRun run = testing::run_musescore(documents);
  expect_accepted(run);
  for (std::size_t i = 0; i < kNScores; ++i) {
    EXPECT_GE(run.results[i].notes.size(), written(scores[i]).size()) << "seed " << 1000 + i;
  }
}

TEST_F(MuseScore, AcceptsSilence) {
  expect_accepted(testing::run_musescore({document(build_score({}))}));
}

TEST_F(MuseScore, PlaysInTimeWithAWanderingRecording) {
  const Rhythm rhythm = wandering_rhythm();
  const testing::MuseScoreRun run = testing::run_musescore({document(build_score(rhythm))});
  expect_accepted(run);
  const std::vector<testing::MidiNote>& notes = run.results.at(0).notes;
  ASSERT_EQ(notes.size(), rhythm.hits.size());
  for (std::size_t i = 0; i < notes.size(); ++i) {
    EXPECT_EQ(notes[i].key, info(rhythm.hits[i].drum).midi_key);
    EXPECT_NEAR(notes[i].time_s, rhythm.hits[i].time_s, 0.005) << "hit " << i;
  }
}

}  // namespace
}  // namespace fyr
