// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "evaluate/midi_file.hpp"
#include "fyr/error.hpp"
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

/// Numerator, power of two and clocks a click of the first time signature.
std::vector<int> first_signature(const Meter& meter, Tick pickup = 0) {
  Transcription result;
  if (pickup > 0) add_tab(result.rhythm, meter, {{Drum::Snare, "x"}}, pickup);
  add_tab(result.rhythm, meter, {{Drum::Snare, "x"}});
  result.score = build_score(result.rhythm);
  std::ostringstream out;
  write_midi(result, {}, out);
  const std::string text = out.str();
  const std::size_t at = text.find("\xFF\x58\x04") + 3;
  return {text.at(at), text.at(at + 1), text.at(at + 2)};
}

TEST(WriteMidi, CountsShortBarsInTheNotesOfTheirMeter) {
  EXPECT_THAT(first_signature({4, 4}, 960), ElementsAre(2, 2, 24));
  EXPECT_THAT(first_signature({6, 8}, 480), ElementsAre(2, 3, 12));
  EXPECT_THAT(first_signature({4, 4}, 600), ElementsAre(5, 4, 6));  // 5/16.
}

TEST(WriteMidi, LetsAMetronomeClickTheBeats) {
  EXPECT_THAT(first_signature({4, 4}), ElementsAre(4, 2, 24));
  EXPECT_THAT(first_signature({12, 8}), ElementsAre(12, 3, 36));
  EXPECT_THAT(first_signature({7, 8}), ElementsAre(7, 3, 12));
  EXPECT_THAT(first_signature({2, 2}), ElementsAre(2, 1, 48));
}

/// When the first bar begins, in ticks, where a kick begins a bar of 4/4 at 120 at `start_s`, or
/// its last `pickup` ticks.
std::int64_t lead_in(double start_s, Tick pickup = 0) {
  Transcription result;
  add_tab(result.rhythm, {4, 4}, {{Drum::Kick, "x"}}, pickup);
  if (pickup > 0) add_tab(result.rhythm, {4, 4}, {{Drum::Snare, "x"}});
  for (Bar& bar : result.rhythm.bars) {
    bar.start_s += start_s;
    bar.end_s += start_s;
  }
  result.score = build_score(result.rhythm);
  const MidiFile file = read(result, {kGeneralMidi, MidiTiming::Grid});
  EXPECT_NEAR(times_of(file).front(), start_s < 0.016 ? 0 : start_s, 1e-5);
  for (const MidiTempo& tempo : file.tempi) EXPECT_GT(tempo.quarter_s, 60.0 / 990);
  return file.notes.front().tick;
}

TEST(WriteMidi, BeginsWithWholeBeatsAtNearlyTheTempoOfTheMusic) {
  EXPECT_EQ(lead_in(0.3), 480);
  EXPECT_EQ(lead_in(0.7), 480);
  EXPECT_EQ(lead_in(0.8), 960);
  EXPECT_EQ(lead_in(1.4), 1440);
  // Before a pickup the silence may last longer than a bar, but is shorter in ticks.
  EXPECT_EQ(lead_in(2.2, 480), 1440);
  // Less than half a beat: 16ths.
  EXPECT_EQ(lead_in(0.2), 240);
  EXPECT_EQ(lead_in(0.03), 120);
  EXPECT_EQ(lead_in(0.017), 120);
  EXPECT_EQ(lead_in(0.015), 0);
}

TEST(WriteMidi, FollowsTheTempoOfTheRecording) {
  const MidiFile file = read(transcription());
  EXPECT_NEAR(file.tempi.front().quarter_s, 0.3, 1e-6);
  EXPECT_NEAR(file.tempi.back().quarter_s, 0.75, 1e-6);
}

TEST(WriteMidi, AHandOnTheCymbalIsKeyPressure) {
  Transcription result;
  add_tab(result.rhythm, {4, 4}, {{Drum::Crash, "x---"}});
  result.onsets = {{0, Drum::Crash, 100, 0.9}, {1, Drum::Crash, 100, 0.9, 0.5}};
  result.score = build_score(result.rhythm);
  std::ostringstream out;
  write_midi(result, {}, out);
  // A quarter note is half a second: 480 ticks after the stroke, and 50 ms on, 48 ticks later.
  const std::string pressed{"\xA9\x31\x7F\x30\xA9\x31\x00", 7};
  const std::string bytes = out.str();
  const std::size_t found = bytes.find(pressed);
  ASSERT_NE(found, std::string::npos);
  EXPECT_EQ(bytes.find('\xA9', found + pressed.size()), std::string::npos) << "the first rings";
  // The note ends 60 ticks after it began, the hand comes 420 ticks later: 0x83 0x24.
  EXPECT_EQ(bytes.substr(found - 2, 2), "\x83\x24");
  EXPECT_THAT(read(result).notes, SizeIs(2));
  MidiOptions mapped;
  mapped.drum_map[index_of(Drum::Crash)] = 55;
  std::ostringstream other_key;
  write_midi(result, mapped, other_key);
  EXPECT_NE(other_key.str().find("\xA9\x37\x7F"), std::string::npos) << "on the key of the note";
  std::ostringstream grid;
  write_midi(result, {kGeneralMidi, MidiTiming::Grid}, grid);
  EXPECT_EQ(grid.str().find('\xA9'), std::string::npos) << "an editor has no use for it";
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

TEST(WriteMidi, RefusesKeysThatMidiLacks) {
  for (const int key : {-1, 128}) {
    MidiOptions options;
    options.drum_map[index_of(Drum::Crash)] = key;
    std::ostringstream out;
    EXPECT_THROW(write_midi(transcription(), options, out), UsageError) << key;
    EXPECT_EQ(out.str(), "") << key;
  }
}

TEST(WriteMidi, ANoteEndsBeforeItsKeyIsStruckAgain) {
  Transcription result = transcription();
  result.score = build_score(Rhythm{});  // 120, 480 ticks in half a second.
  result.onsets = {{0.5, Drum::Snare, 100, 1}, {0.52, Drum::Snare, 90, 1}};
  std::ostringstream out;
  write_midi(result, {}, out);
  const std::string strokes("\x99\x26\x64\x13\x89\x26\x00\x00\x99\x26\x5A\x3C\x89\x26", 14);
  EXPECT_THAT(out.str(), ::testing::HasSubstr(strokes));
}

TEST(WriteMidi, MarksTheBarsThatBeginASection) {
  Transcription result = transcription();
  result.score.measures.back().rehearsal = "B";
  std::ostringstream out;
  write_midi(result, {}, out);
  EXPECT_THAT(out.str(), ::testing::HasSubstr("\xFF\x06\x01"
                                              "B"));
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
