// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/scoring.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <random>

#include "evaluate/statistics.hpp"

namespace fyr {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int kKd = 0, kSd = 1, kHh = 3;  // In vocabulary 5: KD SD TT HH CY.

Annotation annotation_of(std::vector<AnnotatedHit> hits) {
  Annotation annotation;
  annotation.file = "song.txt";
  annotation.hits = std::move(hits);
  return annotation;
}

TEST(Fold, DropsWhatTheVocabularyIgnores) {
  std::vector<std::string> problems;
  const auto hits = fold(annotation_of({{0.1, "KD", 0, 1}, {0.2, "TMB", 0, 2}, {0.3, "SST", 0, 3}}),
                         load_label_map("mdb"), vocabulary("5"), false, problems);
  ASSERT_THAT(hits, SizeIs(2));
  EXPECT_EQ(hits[1].drum, kSd);
  EXPECT_THAT(problems, IsEmpty());
}

TEST(Fold, NamesUnknownLabelsOnceWithFileAndLine) {
  const auto annotation = annotation_of({{0.1, "XX", 0, 7}, {0.2, "XX", 0, 8}, {0.3, "KD", 0, 9}});
  std::vector<std::string> problems;
  const LabelMap map = load_label_map("mdb");
  EXPECT_THAT(fold(annotation, map, vocabulary("5"), false, problems), SizeIs(1));
  EXPECT_THAT(problems, ElementsAre("song.txt:7: label \"XX\" is not in map mdb; see --show-map, "
                                    "--ignore-unknown"));
  problems.clear();
  EXPECT_THAT(fold(annotation, map, vocabulary("5"), true, problems), SizeIs(1));
  EXPECT_THAT(problems, IsEmpty());
}

TEST(Fold, RefusesLabelsCoarserThanTheVocabulary) {
  std::vector<std::string> problems;
  fold(annotation_of({{0.1, "HH", 0, 4}}), load_label_map("idmt"), vocabulary("13"), true,
       problems);
  EXPECT_THAT(problems, ElementsAre("song.txt:4: label \"HH\" is coarser than vocabulary 13"));
}

TEST(Fold, MergesCloseHitsForOnsetsOnly) {
  const auto annotation = annotation_of(
      {{0.100, "KD", 0, 1}, {0.110, "CHH", 0, 2}, {0.129, "SD", 0, 3}, {0.131, "CHH", 0, 4}});
  std::vector<std::string> problems;
  const LabelMap map = load_label_map("mdb");
  EXPECT_THAT(fold(annotation, map, vocabulary("onset"), false, problems), SizeIs(2));
  EXPECT_THAT(fold(annotation, map, vocabulary("5"), false, problems), SizeIs(4));
}

TEST(Fold, OnsetsAreMergedInTheScoreToo) {
  Annotation annotation;
  annotation.bar_ticks = {1920, 1920};
  annotation.written = {
      {"kick", 0, 0, 1.0},     {"crash", 0, 0, 1.02},        {"snare", 0, 0, 1.04},
      {"kick", 0, 480, 1.5},   {"crash", 0, 490, 1.51},      {"kick", 1, 0, 2.0},
      {"snare", 1, 60, 2.031}, {"closed_hihat", 1, 540, {}}, {"kick", 1, 540, {}}};
  std::vector<double> ticks;
  for (const auto& hit :
       fold_written(annotation, load_label_map("fyr"), vocabulary("onset")).hits) {
    ticks.push_back(1920 * hit.bar + hit.tick);
  }
  EXPECT_THAT(ticks, ElementsAre(0, 0, 480, 1920, 1980, 2460));
  EXPECT_THAT(fold_written(annotation, load_label_map("fyr"), vocabulary("13")).hits, SizeIs(9));
}

TEST(ScoreRecording, CountsPerClassAndTellsWhatWasHeardInstead) {
  const std::vector<Hit> reference{{0.0, kKd, 100}, {0.5, kSd, 80}, {1.0, kHh, 60}, {2.0, kHh, 60}};
  const std::vector<Hit> estimate{{0.01, kKd, 90}, {0.54, kHh, 70}, {0.98, kHh, 50}, {3.0, kKd, 1}};
  const RecordingScore score = score_recording("song", reference, estimate, vocabulary("5"), 0.05);
  EXPECT_EQ(score.classes[kKd].counts, (Counts{1, 1, 0}));
  EXPECT_EQ(score.classes[kSd].counts, (Counts{0, 0, 1}));
  EXPECT_EQ(score.classes[kHh].counts, (Counts{1, 1, 1}));
  EXPECT_EQ(score.total(), (Counts{2, 2, 2}));
  EXPECT_EQ(score.confusion[kSd * 5 + kHh], 1);
  EXPECT_EQ(score.confusion[kHh * 5 + kHh], 1);
  EXPECT_THAT(score.classes[kHh].missed_s, ElementsAre(2.0));
  EXPECT_THAT(score.classes[kKd].extra_s, ElementsAre(3.0));
  EXPECT_NEAR(score.classes[kKd].pairs[0].error_s, 0.01, 1e-12);
}

TEST(Counts, AreUndefinedRatherThanZeroWhereThereIsNothing) {
  EXPECT_FALSE(Counts{}.f());
  EXPECT_FALSE((Counts{0, 0, 3}.precision()));
  EXPECT_EQ((Counts{0, 0, 3}.f()), 0.0);
  EXPECT_EQ((Counts{3, 1, 1}.f()), 0.75);
}

TEST(Summarise, PoolsCountsAndAveragesRecordings) {
  const Vocabulary& words = vocabulary("3");
  std::vector<RecordingScore> recordings;
  recordings.push_back(score_recording("a", {{0, 0, 10}, {1, 0, 20}, {2, 0, 30}},
                                       {{0.01, 0, 20}, {1.02, 0, 40}, {2.03, 0, 60}}, words, 0.05));
  recordings.push_back(score_recording("b", {{0, 0, 0}}, {{9, 0, 0}}, words, 0.05));
  const Summary summary = summarise(recordings, words);
  EXPECT_EQ(summary.all.counts, (Counts{3, 1, 1}));
  EXPECT_DOUBLE_EQ(*summary.all.mean_f, 0.5);
  EXPECT_NEAR(*summary.all.median_error_s, 0.02, 1e-12);
  EXPECT_NEAR(*summary.all.spread_s, 0.01, 1e-12);
  EXPECT_NEAR(*summary.all.velocity_r, 1.0, 1e-12);
  EXPECT_DOUBLE_EQ(*summary.macro_f, 0.75);
  EXPECT_FALSE(summary.classes[1].mean_f);
  ASSERT_TRUE(summary.all.f_interval);
  EXPECT_DOUBLE_EQ(summary.all.f_interval->low, 0);
  EXPECT_DOUBLE_EQ(summary.all.f_interval->high, 1);
}

TEST(Summarise, GivesTheSameIntervalEveryTimeAndNoneForOneRecording) {
  const Vocabulary& words = vocabulary("3");
  std::vector<RecordingScore> recordings;
  for (int i = 0; i < 9; ++i) {
    std::vector<Hit> truth, heard;
    for (int k = 0; k < 20; ++k) {
      truth.push_back({k * 0.5, 0, 0});
      if (k % 9 >= i) heard.push_back({k * 0.5, 0, 0});
    }
    recordings.push_back(score_recording(std::to_string(i), truth, heard, words, 0.05));
  }
  const auto first = summarise(recordings, words).all.f_interval;
  const auto second = summarise(recordings, words).all.f_interval;
  EXPECT_EQ(first->low, second->low);
  EXPECT_EQ(first->high, second->high);
  EXPECT_LT(first->low, *summarise(recordings, words).all.counts.f());
  EXPECT_GT(first->high, *summarise(recordings, words).all.counts.f());
  recordings.resize(1);
  EXPECT_FALSE(summarise(recordings, words).all.f_interval);
}

TEST(Statistics, AnIntervalHolds95PercentOfTheSamples) {
  constexpr std::size_t kN = 400;
  const auto interval =
      Resamples(kN).interval([](const std::vector<std::uint32_t>& items) -> std::optional<double> {
        return std::accumulate(items.begin(), items.end(), 0.0) / (kN * kN);
      });
  // Of means of 400 that are uniform in [0, 1).
  const double half = 1.96 / std::sqrt(12.0 * kN);
  EXPECT_NEAR(interval->low, 0.5 - 0.5 / kN - half, 0.003);
  EXPECT_NEAR(interval->high, 0.5 - 0.5 / kN + half, 0.003);
}

TEST(ScoreBeats, ABeatIsFoundOnce) {
  const std::vector<Beat> reference = {{1, 1}, {2, 2}};
  EXPECT_DOUBLE_EQ(score_beats(reference, {{0.97, 1}, {1.03, 2}, {2, 3}}).f, 0.8);
}

TEST(Statistics, QuantilesInterpolateAsNumPyDoes) {
  EXPECT_DOUBLE_EQ(*quantile({4, 1, 3, 2}, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(*quantile({4, 1, 3, 2}, 0.25), 1.75);
  EXPECT_FALSE(quantile({}, 0.5));
}

TEST(Statistics, CorrelationNeedsThreePairsAndVariance) {
  EXPECT_FALSE(correlation({1, 2}, {1, 2}));
  EXPECT_FALSE(correlation({1, 1, 1}, {1, 2, 3}));
  EXPECT_NEAR(*correlation({1, 2, 3, 4}, {2, 1, 4, 3}), 0.6, 1e-12);
}

// --- Beats: expected values computed with mir_eval 0.7 (see compare_with_mir_eval.py). ---

std::vector<Beat> beats_every(double period_s, int n, double start_s = 0) {
  std::vector<Beat> beats;
  for (int i = 0; i < n; ++i) beats.push_back({start_s + i * period_s, i % 4 + 1});
  return beats;
}

TEST(ScoreBeats, RightBeatsAreRightAtEveryLevel) {
  const BeatScore score = score_beats(beats_every(0.5, 20), beats_every(0.5, 20, 0.02));
  EXPECT_DOUBLE_EQ(score.f, 1);
  EXPECT_DOUBLE_EQ(score.downbeat_f, 1);
  EXPECT_DOUBLE_EQ(score.cml_t, 1);
  EXPECT_DOUBLE_EQ(score.aml_t, 1);
}

TEST(ScoreBeats, DoubleTempoIsWrongLevelButAllowed) {
  const BeatScore score = score_beats(beats_every(0.5, 20), beats_every(0.25, 39));
  EXPECT_NEAR(score.f, 40.0 / 59, 1e-12);
  EXPECT_DOUBLE_EQ(score.cml_t, 0);
  EXPECT_DOUBLE_EQ(score.aml_t, 1);
}

TEST(ScoreBeats, NothingHeardScoresZero) {
  const BeatScore score = score_beats(beats_every(0.5, 20), {});
  EXPECT_EQ(score.f, 0);
  EXPECT_EQ(score.aml_t, 0);
}

TEST(ScoreBeats, OneWrongBeatAmongEight) {
  std::vector<Beat> heard = beats_every(0.5, 8);
  heard[3].time_s += 0.2;
  const BeatScore score = score_beats(beats_every(0.5, 8), heard);
  EXPECT_DOUBLE_EQ(score.f, 0.875);
  EXPECT_DOUBLE_EQ(score.cml_t, 0.75);
  EXPECT_DOUBLE_EQ(score.aml_t, 0.75);
}

TEST(ScoreBeats, OffbeatsAreWrongButAllowed) {
  const BeatScore score = score_beats(beats_every(0.5, 8), beats_every(0.5, 7, 0.25));
  EXPECT_DOUBLE_EQ(score.f, 0);
  EXPECT_DOUBLE_EQ(score.cml_t, 0);
  EXPECT_DOUBLE_EQ(score.aml_t, 1);
}

TEST(ScoreBeats, HalfTempoIsWrongLevelButAllowed) {
  const BeatScore score = score_beats(beats_every(0.5, 8), beats_every(1, 4));
  EXPECT_DOUBLE_EQ(score.f, 2.0 / 3);
  EXPECT_DOUBLE_EQ(score.cml_t, 0);
  EXPECT_DOUBLE_EQ(score.aml_t, 1);
}

TEST(ScoreBeats, TwoEstimatesDoNotFindOneBeat) {
  std::vector<Beat> heard = beats_every(0.5, 8);
  heard.insert(heard.begin() + 4, {heard[3].time_s + 0.04, 4});
  const BeatScore score = score_beats(beats_every(0.5, 8), heard);
  EXPECT_DOUBLE_EQ(score.f, 16.0 / 17);
  EXPECT_DOUBLE_EQ(score.cml_t, 8.0 / 9);
  EXPECT_DOUBLE_EQ(score.aml_t, 8.0 / 9);
}

TEST(ScoreBeats, DownbeatsAreScoredByThemselves) {
  std::vector<Beat> heard = beats_every(0.5, 8);
  for (Beat& beat : heard) beat.number = beat.number % 4 + 1;
  BeatScore score = score_beats(beats_every(0.5, 8), heard);
  EXPECT_DOUBLE_EQ(score.f, 1);
  EXPECT_DOUBLE_EQ(score.downbeat_f, 0);
  heard[0].number = 1;  // Beats 1, 4 and 8 begin bars: one of two, one of three.
  score = score_beats(beats_every(0.5, 8), heard);
  EXPECT_DOUBLE_EQ(score.downbeat_f, 0.4);
}

/// As far from the reference's neighbours, the first is the nearest; so it is in mir_eval.
TEST(ScoreBeats, BetweenTwoBeatsTheFirstCounts) {
  std::vector<Beat> heard = beats_every(0.5, 8);
  heard.insert(heard.begin() + 3, {1.25, 1});
  heard.erase(heard.begin() + 4);
  EXPECT_DOUBLE_EQ(score_beats(beats_every(0.5, 8), heard).cml_t, 0.75);
}

TEST(ScoreBeats, HoursOfMusicTakeAMoment) {
  const auto beats = beats_every(0.5, 40000);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(score_beats(beats, beats).cml_t, 1);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

// --- Slots ---

WrittenPart two_bars() {
  return {{{0, 0, 0}, {1, 0, 480}, {0, 0, 960}, {1, 0, 1440}, {0, 1, 0}, {1, 1, 480}},
          {1920, 1920}};
}

TEST(ScoreSlots, CountsHitsWhoseDrumBarAndPlaceAreRight) {
  WrittenPart heard = two_bars();
  heard.hits[1].tick = 510;  // Half a sixteenth is 60 ticks.
  heard.hits[3].tick = 1440 - 61;
  heard.hits[5].drum = 0;
  const auto counts = score_slots(two_bars(), heard, vocabulary("5"));
  EXPECT_EQ(counts[0], (Counts{3, 1, 0}));
  EXPECT_EQ(counts[1], (Counts{1, 1, 2}));
}

TEST(ScoreSlots, ForgivesAnotherBarNumberButNotAnotherMeter) {
  WrittenPart later = two_bars();
  for (auto& hit : later.hits) hit.bar += 3;
  later.bar_ticks.assign(5, 1920);
  EXPECT_EQ(score_slots(two_bars(), later, vocabulary("5"))[0], (Counts{3, 0, 0}));

  // The same strokes written in 3/4: the second bar begins a beat early.
  const WrittenPart waltz{
      {{0, 0, 0}, {1, 0, 480}, {0, 0, 960}, {1, 1, 0}, {0, 1, 480}, {1, 1, 960}}, {1440, 1440}};
  const auto counts = score_slots(two_bars(), waltz, vocabulary("5"));
  EXPECT_EQ(counts[0].tp + counts[1].tp, 3);
}

TEST(ScoreSlots, AStrokeJustBeforeTheBarLineBelongsToTheNextBar) {
  const WrittenPart played{{{0, 0, 1900}}, {1920, 1920}};
  const WrittenPart written{{{0, 1, 0}}, {1920, 1920}};
  EXPECT_EQ(score_slots(played, written, vocabulary("5"))[0], (Counts{1, 0, 0}));
}

TEST(ScoreSlots, AnUpbeatIsCountedFromTheEndOfItsBar) {
  const std::vector<WrittenPart::Hit> song{{0, 1, 0}, {1, 1, 480}, {0, 1, 960}, {1, 1, 1440}};
  const auto with = [&](double length, double tick) {
    WrittenPart part{song, {length, 1920}};
    part.hits.push_back({1, 0, tick});
    part.hits.push_back({1, 0, tick + 240});
    return part;
  };
  const WrittenPart whole = with(1920, 1440);
  const WrittenPart upbeat = with(480, 0);
  const WrittenPart two_beats = with(960, 480);
  for (const auto& [reference, estimate] :
       {std::pair(whole, upbeat), {upbeat, whole}, {upbeat, two_beats}, {two_beats, upbeat}}) {
    const auto counts = score_slots(reference, estimate, vocabulary("5"));
    EXPECT_EQ(counts[0], (Counts{2, 0, 0}));
    EXPECT_EQ(counts[1], (Counts{4, 0, 0}));
  }
  WrittenPart behind_lead_in = upbeat;  // As fyr's MIDI has it.
  for (auto& hit : behind_lead_in.hits) ++hit.bar;
  behind_lead_in.bar_ticks.insert(behind_lead_in.bar_ticks.begin(), 1440);
  EXPECT_EQ(score_slots(whole, behind_lead_in, vocabulary("5"))[1], (Counts{4, 0, 0}));
  // What the shorter upbeat has no room for is wrong.
  EXPECT_EQ(score_slots(upbeat, with(1920, 1200), vocabulary("5"))[1], (Counts{3, 1, 1}));
}

/// As many right hits as any shift gives: every one tried.
int most_right_hits(const WrittenPart& reference, const WrittenPart& estimate) {
  const auto before_whole = [](const WrittenPart& part, int bar) {
    const auto& ticks = part.bar_ticks;
    return std::max_element(ticks.begin(),
                            ticks.begin() + std::min<std::ptrdiff_t>(3, std::ssize(ticks))) -
               ticks.begin() >
           bar;
  };
  const auto n_right_at = [&](int shift) {
    int sum = 0;
    for (int drum = 0; drum < 5; ++drum) {
      std::vector<double> truth;
      std::vector<double> heard;
      const auto place = [&](const WrittenPart& part, int moved, std::vector<double>& ticks) {
        for (const auto& hit : part.hits) {
          const int bar = hit.bar + moved;
          if (hit.drum != drum || bar < 0 || bar >= std::ssize(reference.bar_ticks)) continue;
          const auto at = reference.bar_ticks.begin() + bar;
          double tick = hit.tick;
          if (hit.bar < std::ssize(part.bar_ticks) &&
              (before_whole(part, hit.bar) || before_whole(reference, bar))) {
            tick += *at - part.bar_ticks[static_cast<std::size_t>(hit.bar)];
          }
          if (tick < 0 || tick >= *at) continue;
          ticks.push_back(std::accumulate(reference.bar_ticks.begin(), at, tick));
        }
      };
      place(reference, 0, truth);
      place(estimate, shift, heard);
      std::ranges::sort(truth);
      std::ranges::sort(heard);
      sum += static_cast<int>(match_times(truth, heard, 60).size());
    }
    return sum;
  };
  const auto reach =
      static_cast<int>(std::max(reference.bar_ticks.size(), estimate.bar_ticks.size()));
  int most = 0;
  for (int shift = -reach; shift <= reach; ++shift) most = std::max(most, n_right_at(shift));
  return most;
}

TEST(ScoreSlots, FindsTheBestShiftAmongAll) {
  std::mt19937 random(7);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int i = 0; i < 200; ++i) {
    const auto part = [&] {
      WrittenPart made;
      for (int bar = 0; bar < 2 + below(6); ++bar) made.bar_ticks.push_back(below(4) ? 1920 : 1440);
      for (int hit = 0; hit < below(30); ++hit) {
        made.hits.push_back({below(5), below(9), below(3) ? 120.0 * below(16) : below(1920)});
      }
      return made;
    };
    const WrittenPart reference = part();
    const WrittenPart estimate = part();
    int n_right = 0;
    for (const Counts& counts : score_slots(reference, estimate, vocabulary("5"))) {
      n_right += counts.tp;
    }
    EXPECT_EQ(n_right, most_right_hits(reference, estimate)) << i;
  }
}

/// Half a minute of work if every shift is scored.
TEST(ScoreSlots, AnHourOfMusicTakesAMoment) {
  WrittenPart song;
  for (int bar = 0; bar < 2000; ++bar) {
    song.bar_ticks.push_back(1920);
    for (int eighth = 0; eighth < 8; ++eighth) song.hits.push_back({kHh, bar, 240.0 * eighth});
    song.hits.push_back({kKd, bar, bar % 7 * 240.0});
  }
  WrittenPart later = song;
  for (auto& hit : later.hits) hit.bar += 2;
  later.bar_ticks.assign(2002, 1920);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(score_slots(song, later, vocabulary("5"))[kKd], (Counts{2000, 0, 0}));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

/// Two estimated hits near each played one, as where an open and a closed hi-hat are one class.
TEST(ScoreSlots, TwoForOneInAnHourOfMusicTakeAMomentToo) {
  WrittenPart song;
  WrittenPart heard;
  for (int bar = 0; bar < 2000; ++bar) {
    song.bar_ticks.push_back(1920);
    for (int eighth = 0; eighth < 8; ++eighth) {
      song.hits.push_back({kHh, bar, 240.0 * eighth + 60});
      for (const int tick : {0, 120}) heard.hits.push_back({kHh, bar, 240.0 * eighth + tick});
    }
  }
  heard.bar_ticks = song.bar_ticks;
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(score_slots(song, heard, vocabulary("5"))[kHh], (Counts{16000, 16000, 0}));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
}

TEST(WorstPassages, ComeFirstAndDoNotOverlap) {
  const Vocabulary& words = vocabulary("3");
  const auto score = score_recording("a", {{0.5, 0, 0}, {4.5, 1, 0}, {5.0, 1, 0}, {9.0, 2, 0}},
                                     {{9.0, 2, 0}, {5.5, 0, 0}}, words, 0.05);
  const auto worst = worst_passages({score}, 10);
  ASSERT_THAT(worst, SizeIs(2));
  EXPECT_EQ(worst[0].start_s, 4);
  EXPECT_EQ(worst[0].n_mistakes(), 3);
  EXPECT_THAT(worst[0].missed, ElementsAre(0, 2, 0));
  EXPECT_THAT(worst_passages({score}, 1), SizeIs(1));
}

TEST(WorstPassages, OfTimesBeforeTheRecordingLieBeforeIt) {
  const auto score = score_recording("a", {{-3.5, 0, 0}, {3.5, 0, 0}}, {}, vocabulary("3"), 0.05);
  const auto worst = worst_passages({score}, 10);
  ASSERT_THAT(worst, SizeIs(2));
  EXPECT_EQ(std::min(worst[0].start_s, worst[1].start_s), -4);
}

}  // namespace
}  // namespace fyr
