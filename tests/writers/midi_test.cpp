// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "evaluate/midi_file.hpp"
#include "fyr/writers.hpp"
#include "score/tab.hpp"

namespace fyr {
namespace {

using testing::add_tab;
using ::testing::ElementsAre;
using ::testing::SizeIs;

/// A pickup of a quarter at 0.3 s, a bar with a flam, a slower bar.
Transcription transcription() {
  Transcription result;
  add_tab(result.rhythm, {4, 4}, {{Drum::Snare, "x"}}, 480);
  add_tab(result.rhythm, {4, 4}, {{Drum::Kick, "x---x---"}, {Drum::Snare, "--f---X-"}});
  add_tab(result.rhythm, {3, 4}, {{Drum::OpenHiHat, "xxx"}});
  for (Bar& bar : result.rhythm.bars) {
    bar.start_s += 0.3;
    bar.end_s += 0.3;
  }
  result.rhythm.bars.back().end_s += 0.75;  // Three quarters in 2.25 s.
  for (QuantisedHit& hit : result.rhythm.hits) {
    hit.time_s += 0.3;
    const bool flam = hit.ornament == Ornament::Flam;
    if (flam) result.onsets.push_back({hit.time_s - 0.03, hit.drum, hit.velocity / 2, 0.9});
    result.onsets.push_back({hit.time_s + 0.004, hit.drum, hit.velocity, 0.9});
  }
  result.score = build_score(result.rhythm);
  return result;
}

MidiFile read(const Transcription& result, const MidiOptions& options = {}) {
  std::ostringstream out;
  write_midi(result, options, out);
  return parse_midi(out.view());
}

std::vector<double> times_of(const MidiFile& file) {
  std::vector<double> times;
  for (const MidiNote& note : file.notes) {
    double time_s = 0;
    for (std::size_t i = 0; i < file.tempi.size() && file.tempi[i].tick <= note.tick; ++i) {
      const auto end =
          i + 1 < file.tempi.size() ? std::min(file.tempi[i + 1].tick, note.tick) : note.tick;
      time_s += static_cast<double>(end - file.tempi[i].tick) * file.tempi[i].quarter_s /
                file.ticks_per_quarter;
    }
    times.push_back(time_s);
  }
  return times;
}

TEST(WriteMidi, PlaysEveryOnsetWhenItWasHeard) {
  const Transcription result = transcription();
  const MidiFile file = read(result);
  const std::vector<double> times = times_of(file);
  ASSERT_THAT(times, SizeIs(result.onsets.size()));
  for (std::size_t i = 0; i < times.size(); ++i) {
    EXPECT_NEAR(times[i], result.onsets[i].time_s, 0.001);
    EXPECT_EQ(file.notes[i].channel, 9);
    EXPECT_EQ(file.notes[i].key, info(result.onsets[i].drum).midi_key);
    EXPECT_EQ(file.notes[i].velocity, result.onsets[i].velocity);
  }
}

TEST(WriteMidi, WritesTheScoreOnTheGrid) {
  const MidiFile file = read(transcription(), {kGeneralMidi, MidiTiming::Grid});
  std::vector<std::int64_t> ticks;
  for (const MidiNote& note : file.notes) ticks.push_back(note.tick);
  // A lead-in of a quarter, the pickup, then the bars.
  EXPECT_THAT(ticks, ElementsAre(480, 960, 1440, 1920, 2400, 2880, 3360, 3840));
}

TEST(WriteMidi, GivesShortBarsTimeSignaturesOfTheirOwn) {
  const MidiFile file = read(transcription());
  ASSERT_THAT(file.signatures, SizeIs(3));
  EXPECT_EQ(file.signatures[0].numerator, 1);
  EXPECT_EQ(file.signatures[1].tick, 960);
  EXPECT_EQ(file.signatures[1].numerator, 4);
  EXPECT_EQ(file.signatures[2].numerator, 3);
  EXPECT_EQ(file.end_tick, 960 + 1920 + 1440);
}

TEST(WriteMidi, FollowsTheTempoOfTheRecording) {
  const MidiFile file = read(transcription());
  EXPECT_NEAR(file.tempi.front().quarter_s, 0.3, 1e-6);
  EXPECT_NEAR(file.tempi.back().quarter_s, 0.75, 1e-6);
}

TEST(WriteMidi, MapsDrumsToKeysAndMergesStrokesOnOneKey) {
  Transcription result = transcription();
  result.onsets = {{0.5, Drum::Kick, 60, 0.9}, {0.5, Drum::Snare, 90, 0.9}};
  MidiOptions options;
  options.drum_map[index_of(Drum::Kick)] = 24;
  options.drum_map[index_of(Drum::Snare)] = 24;
  const MidiFile file = read(result, options);
  ASSERT_THAT(file.notes, SizeIs(1));
  EXPECT_EQ(file.notes[0].key, 24);
  EXPECT_EQ(file.notes[0].velocity, 90);
}

TEST(WriteMidi, NamesTheTrackInOneLineOfUtf8) {
  Transcription named = transcription();
  named.score.title = "caf\xE9\nnoir";
  std::ostringstream out;
  write_midi(named, {}, out);
  EXPECT_THAT(out.str(), ::testing::HasSubstr("caf\xEF\xBF\xBD noir"));
}

TEST(WriteMidi, WritesSilence) {
  Transcription silent;
  silent.score = build_score(silent.rhythm);
  EXPECT_THAT(read(silent).notes, SizeIs(0));
}

TEST(DrumMap, PresetsHoldKeysOfMidi) {
  EXPECT_EQ(drum_map_presets().front().keys, kGeneralMidi);
  for (const DrumMapPreset& preset : drum_map_presets()) {
    for (const int key : preset.keys) {
      EXPECT_GT(key, 0) << preset.name;
      EXPECT_LT(key, 128) << preset.name;
    }
    // Two drums on one key could not be told apart, and strokes at once would be one note.
    const std::set<int> keys(preset.keys.begin(), preset.keys.end());
    EXPECT_EQ(keys.size(), kNDrums) << preset.name;
  }
}

}  // namespace
}  // namespace fyr
