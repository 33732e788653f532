// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "fyr/writers.hpp"
#include "score/tab.hpp"

namespace fyr {
namespace {

using nlohmann::json;
using ::testing::SizeIs;

const std::vector<Onset> kOnsets{{0.12345678, Drum::Kick, 100, 0.98765},
                                 {1.5, Drum::OpenHiHat, 1, 1}};

/// A pickup that begins before the recording, and a bar.
Transcription transcription() {
  Transcription result;
  result.source = "\xFF.wav";
  result.model_id = "test";
  result.duration_s = 2;
  result.onsets = kOnsets;
  testing::add_tab(result.rhythm, {4, 4}, {{Drum::Kick, "x"}}, 480);
  testing::add_tab(result.rhythm, {4, 4}, {{Drum::Snare, "f---"}});
  for (Bar& bar : result.rhythm.bars) {
    bar.start_s -= 0.25;
    bar.end_s -= 0.25;
  }
  result.rhythm.beats = {{-0.25, 4}, {0.25, 1}};
  result.score = build_score(result.rhythm, {"Title", "", "Artist", 2, 0});
  return result;
}

json parsed(void (*write)(const Transcription&, std::ostream&), const Transcription& result) {
  std::ostringstream out;
  write(result, out);
  return json::parse(out.view());
}

TEST(WriteCsv, WritesFourDecimals) {
  std::ostringstream out;
  write_csv(kOnsets, out);
  EXPECT_EQ(out.view(),
            "time_s,drum,velocity,confidence\n"
            "0.1235,kick,100,0.9877\n1.5000,open_hihat,1,1.0000\n");
}

TEST(WriteLabels, WritesPointsForAudacity) {
  std::ostringstream out;
  write_labels(kOnsets, out);
  EXPECT_EQ(out.view(), "0.123457\t0.123457\tkick\n1.500000\t1.500000\topen_hihat\n");
}

TEST(WriteJson, HoldsEverything) {
  const json told = parsed(write_json, transcription());
  EXPECT_EQ(told["model"], "test");
  EXPECT_EQ(told["source"], "\xEF\xBF\xBD.wav");
  EXPECT_EQ(told["title"], "Title");
  EXPECT_EQ(told["artist"], "Artist");
  EXPECT_EQ(told["beats"][0], json({{"time_s", -0.25}, {"number", 4}}));
  EXPECT_THAT(told["bars"], SizeIs(2));
  EXPECT_EQ(told["bars"][0]["length"], 480);
  EXPECT_EQ(told["onsets"][0]["time_s"], 0.1235);
  EXPECT_EQ(told["hits"][1]["ornament"], "flam");
  EXPECT_EQ(told["hits"][1]["n_strokes"], 2);
  EXPECT_EQ(told["hits"][1]["bar"], 1);
}

TEST(WriteJson, NamesTheNotesThatSwing) {
  Transcription result = transcription();
  result.rhythm.swing = {0.66, kTicksPerQuarter / 2};
  EXPECT_EQ(parsed(write_json, result)["swing_unit"], 8);
  result.rhythm.swing.unit = kTicksPerQuarter / 4;
  EXPECT_EQ(parsed(write_json, result)["swing_unit"], 16);
  EXPECT_EQ(parsed(write_json, result)["swing"], 0.66);
}

TEST(WriteJson, TellsOfCrashesThatAreChoked) {
  Transcription result = transcription();
  result.onsets[0].choked_after_s = 0.25;
  result.rhythm.hits[1].choked_after_s = 0.5;
  const json told = parsed(write_json, result);
  EXPECT_EQ(told["onsets"][0]["choked_after_s"], 0.25);
  EXPECT_FALSE(told["onsets"][1].contains("choked_after_s"));
  EXPECT_FALSE(told["hits"][0].contains("choked_after_s"));
  EXPECT_EQ(told["hits"][1]["choked_after_s"], 0.5);
}

TEST(WriteJson, NamesTheBarsThatBeginASection) {
  Transcription result = transcription();
  result.score.measures.insert(result.score.measures.begin(), Measure{});  // Silence before.
  result.score.n_silent = 1;
  result.score.measures.back().rehearsal = "B";
  const json told = parsed(write_json, result);
  EXPECT_FALSE(told["bars"][0].contains("rehearsal"));
  EXPECT_EQ(told["bars"][1]["rehearsal"], "B");
}

TEST(WriteJson, NumbersBarsAsTheScoreDoes) {
  Transcription result = transcription();
  const auto numbers = [&] {
    const json told = parsed(write_json, result);
    return std::pair(told["bars"][0]["number"].get<int>(), told["bars"][1]["number"].get<int>());
  };
  EXPECT_EQ(numbers(), std::pair(0, 1)) << "a pickup";
  result.score.measures.insert(result.score.measures.begin(), 3, Measure{});
  result.score.n_silent = 3;
  EXPECT_EQ(numbers(), std::pair(3, 4));
  result.score.measures[3].numbered = true;
  EXPECT_EQ(numbers(), std::pair(4, 5));
}

TEST(WriteJams, HasNoTimeOutsideTheRecording) {
  Transcription result = transcription();
  result.rhythm.beats.push_back({2.25, 1});
  ASSERT_GT(result.rhythm.bars.back().end_s, result.duration_s);
  result.score.measures.front().rehearsal = "A";
  const json told = parsed(write_jams, result);
  std::map<std::string, json> data;
  for (const json& part : told["annotations"]) data[part["namespace"]] = part["data"];
  EXPECT_THAT(data["beat"], SizeIs(1));
  EXPECT_EQ(data["segment_open"][0]["time"], 0);
  EXPECT_EQ(data["segment_open"][0]["duration"], 2);
  EXPECT_EQ(data["tag_open"][1]["value"], "open_hihat");
  EXPECT_EQ(data["note_midi"][1]["value"], 46);
  EXPECT_EQ(data["onset"][0]["time"], 0.1235);
}

TEST(WriteJams, ASectionLastsUntilTheNextLetter) {
  Transcription result = transcription();
  result.score.measures[0].rehearsal = "A";
  result.score.measures[1].rehearsal = "B";
  const json told = parsed(write_jams, result);
  const json& sections = told["annotations"].back();
  EXPECT_EQ(sections["namespace"], "segment_open");
  ASSERT_THAT(sections["data"], SizeIs(2));
  EXPECT_EQ(sections["data"][0]["value"], "A");
  EXPECT_EQ(sections["data"][0]["duration"], 0.25);
  EXPECT_EQ(sections["data"][1]["value"], "B");
  EXPECT_EQ(sections["data"][1]["time"], 0.25);
  EXPECT_EQ(sections["data"][1]["duration"], 1.75);
}

TEST(WriteJams, AnnotatesAsFarAsTheLastHitThatIsGiven) {
  Transcription result = transcription();
  result.onsets.push_back({2.5, Drum::Kick, 100, 1});
  const json told = parsed(write_jams, result);
  EXPECT_EQ(told["file_metadata"]["duration"], 2);
  for (const json& part : told["annotations"]) EXPECT_EQ(part["duration"], 2.5);
}

}  // namespace
}  // namespace fyr
