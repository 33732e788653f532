// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "fyr/annotation.hpp"
#include "fyr/error.hpp"
#include "support/temporary_folder.hpp"

namespace fyr {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::filesystem::path write(const std::string& name, const std::string& bytes) {
  static const test::TemporaryFolder folder;
  test::write_bytes(folder / name, bytes);
  return folder / name;
}

std::string refusal(const std::filesystem::path& path) {
  try {
    read_annotation(path);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(ReadAnnotation, ReadsOurCsv) {
  const Annotation annotation = read_annotation(write(
      "ours.csv", "time_s,drum,velocity,confidence\n1.5000,snare,90,0.9\n0.5,kick,100,0.8\n"));
  ASSERT_THAT(annotation.hits, SizeIs(2));
  EXPECT_EQ(annotation.hits[0].label, "kick");
  EXPECT_DOUBLE_EQ(annotation.hits[0].time_s, 0.5);
  EXPECT_EQ(annotation.hits[0].velocity, 100);
  EXPECT_EQ(annotation.hits[0].line, 3);
  EXPECT_EQ(guess_label_map(annotation), "fyr");
}

TEST(ReadAnnotation, ReadsMdbTextWithBlanksTabsAndWindowsLineEnds) {
  const Annotation annotation = read_annotation(write("mdb.txt", "0.010000 \t SD \r\n\n0.46 KD\n"));
  ASSERT_THAT(annotation.hits, SizeIs(2));
  EXPECT_EQ(annotation.hits[1].label, "KD");
  EXPECT_EQ(annotation.hits[1].line, 3);
  EXPECT_EQ(guess_label_map(annotation), "mdb");
}

TEST(ReadAnnotation, TakesKeysInTextForMidi) {
  const Annotation annotation =
      read_annotation(write("pp.txt", "0.0068\t38\t99\n0.4500\t35\t84\n"));
  EXPECT_EQ(annotation.hits[0].velocity, 99);
  EXPECT_EQ(guess_label_map(annotation), "gm");
}

TEST(ReadAnnotation, NamesEveryLineItCannotRead) {
  const auto path = write("broken.csv",
                          "time_s,drum,velocity\n0.5,kick,100\nnan,kick,1\n-1,kick,1\n"
                          "1e300,kick,1\n1,,5\n1,kick,200\n");
  const Annotation annotation = read_annotation(path);
  EXPECT_THAT(annotation.hits, SizeIs(1));
  const std::string file = path.string();
  EXPECT_THAT(annotation.problems,
              ElementsAre(file + ":3: expected seconds from 0 to 1000000, found \"nan\"",
                          file + ":4: expected seconds from 0 to 1000000, found \"-1\"",
                          file + ":5: expected seconds from 0 to 1000000, found \"1e300\"",
                          file + ":6: no drum; expected time_s,drum,velocity,confidence",
                          file + ":7: expected a velocity from 0 to 127, found \"200\""));
}

TEST(ReadAnnotation, ALineOfLabelsWithoutALabelIsToldTheirForm) {
  const auto path = write("broken.txt", "1.0 KD\n3\n");
  EXPECT_THAT(read_annotation(path).problems,
              ElementsAre(path.string() + ":2: expected \"seconds label [velocity]\" or a label "
                                          "track's \"start end label\""));
}

TEST(ReadAnnotation, RefusesMoreHitsAtOnePlaceThanAnybodyPlays) {
  std::string hits;
  for (int i = 0; i <= 2000; ++i) {
    hits += (i == 0 ? "" : ",") + std::string(R"({"bar":0,"tick":0,"drum":"kick","time_s":)") +
            std::to_string(i) + "}";
  }
  EXPECT_THAT(refusal(write("pile.json", R"({"hits":[)" + hits + "]}")),
              HasSubstr("more than 2000 hits at one place in a bar"));
}

TEST(ReadAnnotation, ReadsListsAsSpreadsheetsSaveThem) {
  for (const char* text :
       {"0.5,kick,100\n1.25,snare\n", "# mine\ntime_s;drum;velocity\n0,5;kick;100\n1,25;snare;\n",
        "Drum\tTime_s\tVelocity\nkick\t0,5\t100\n\t\t\nsnare\t1,25\n",
        "\"time_s\",\"note\",\"drum\",\"velocity\",,\r\n\"0,5\",\"a, \"\"b\"\"\",\"kick\",100,,\r\n"
        "1.25,,snare,,,\r\n,,,,,\r\n",
        "\xEF\xBB\xBFtime_s,drum,velocity\r0.5,kick,100\r1.25,snare,\r",
        "0.5 kick 100\n1.25 snare\n"}) {
    const Annotation annotation = read_annotation(write("sheet.csv", text));
    EXPECT_THAT(annotation.problems, IsEmpty()) << text;
    ASSERT_THAT(annotation.hits, SizeIs(2)) << text;
    EXPECT_EQ(annotation.hits[0].time_s, 0.5);
    EXPECT_EQ(annotation.hits[0].label, "kick");
    EXPECT_EQ(annotation.hits[0].velocity, 100);
    EXPECT_EQ(annotation.hits[1].time_s, 1.25);
    EXPECT_EQ(annotation.hits[1].velocity, 0);
  }
}

TEST(ReadAnnotation, RefusesListsThatAreNone) {
  EXPECT_THAT(read_annotation(write("empty.csv", "")).problems, SizeIs(1));
  EXPECT_THAT(
      read_annotation(write("other.csv", "time,name\n")).problems,
      ElementsAre(HasSubstr("other.csv:1: expected seconds, or a heading with time_s and")));
  EXPECT_THAT(read_annotation(write("two.csv", "time_s,TIME_S,drum\n1,2,kick\n")).problems,
              ElementsAre(HasSubstr("two.csv:1: the heading has \"time_s\" more than once")));
  EXPECT_THAT(refusal(write("open.csv", "time_s,drum\n1,\"kick\n2,snare\n")),
              HasSubstr("open.csv\": line 2: the quote before \"kick\" is not closed; close or"));
  EXPECT_THAT(refusal(write("wide.csv", std::string("\xFF\xFEt\0i\0m\0", 8))),
              HasSubstr("it is UTF-16; save it as UTF-8"));
  EXPECT_THAT(refusal(write("wide.txt", std::string("0\0.\0", 4))), HasSubstr("UTF-16"));
}

TEST(ReadAnnotation, ReadsLabelTracks) {
  const std::string track = "0.500000\t0.500000\tkick\n1.250000\t1.300000\tclosed_hihat\n";
  for (const char* name : {"a.labels.txt", "a.labels", "a.csv"}) {
    const Annotation annotation = read_annotation(write(name, track));
    EXPECT_THAT(annotation.problems, IsEmpty()) << name;
    ASSERT_THAT(annotation.hits, SizeIs(2)) << name;
    EXPECT_EQ(annotation.hits[1].time_s, 1.25);
    EXPECT_EQ(annotation.hits[1].label, "closed_hihat");
    EXPECT_EQ(guess_label_map(annotation), "fyr") << name;
  }
  EXPECT_THAT(read_annotation(write("b.txt", "0.5\t0.5\tclosed hihat\n")).problems,
              ElementsAre(HasSubstr("label track's")));
}

TEST(ReadAnnotation, SaysInWhichLineIdmtXmlIsBroken) {
  const std::string message = refusal(write("idmt.xml", "<instrumentRecording>\n<a>\n</b>"));
  EXPECT_THAT(message, HasSubstr("idmt.xml\": not well-formed XML in line 2: the element that"));
  EXPECT_THAT(message, testing::Not(HasSubstr("XML_")));
}

TEST(ReadAnnotation, RefusesIdmtXmlThatWouldTakeMinutes) {
  std::string attributes;
  for (int i = 0; i < 200; ++i) attributes += " a" + std::to_string(i) + "='1'";
  EXPECT_THAT(refusal(write("idmt.xml", "<instrumentRecording" + attributes + "/>")),
              HasSubstr("it has an element with more than 100 attributes"));
}

TEST(ReadAnnotation, ReadsIdmtXml) {
  const Annotation annotation = read_annotation(write("idmt.xml", R"(<?xml version="1.0"?>
<instrumentRecording><transcription>
<event><pitch>0</pitch><onsetSec>0.5</onsetSec><offsetSec>0.5</offsetSec><instrument>HH</instrument></event>
<event><onsetSec>x</onsetSec><instrument>KD</instrument></event>
</transcription></instrumentRecording>)"));
  ASSERT_THAT(annotation.hits, SizeIs(1));
  EXPECT_EQ(annotation.hits[0].label, "HH");
  ASSERT_THAT(annotation.problems, SizeIs(1));
  EXPECT_THAT(annotation.problems[0], HasSubstr("idmt.xml:4: event without"));
}

TEST(ReadAnnotation, RefusesFilesThatAreSomethingElse) {
  EXPECT_THAT(refusal(write("torn.xml", "<instrumentRecording><transcr")),
              HasSubstr("torn.xml\": not well-formed XML in line 1: "));
  EXPECT_THAT(refusal(write("other.xml", "<a/>")), HasSubstr("no IDMT annotation"));
  EXPECT_THAT(refusal(write("other.json", "[1,2")), HasSubstr("other.json"));
  EXPECT_THAT(refusal(write("song.wav", "RIFF")), HasSubstr("annotations end in"));
  EXPECT_THAT(refusal("/nowhere/a.csv"), HasSubstr("/nowhere/a.csv"));
  EXPECT_THAT(refusal(testing::TempDir()), HasSubstr("annotations end in"));
}

TEST(ReadAnnotation, ReadsOurJson) {
  const Annotation annotation = read_annotation(
      write("ours.json",
            R"({"hits":[{"time_s":0.5,"drum":"kick","velocity":90,"bar":1,"tick":240}],
          "beats":[{"time_s":0.0,"number":1}],"bars":[{"length":1920},{"length":1920}]})"));
  EXPECT_THAT(annotation.hits, SizeIs(1));
  EXPECT_THAT(annotation.beats, SizeIs(1));
  EXPECT_THAT(annotation.bar_ticks, SizeIs(2));
  ASSERT_THAT(annotation.written, SizeIs(1));
  EXPECT_EQ(annotation.written[0].bar, 1);
}

TEST(ReadAnnotation, ReadsEveryOnsetOfAFlamInOurJson) {
  const Annotation annotation = read_annotation(
      write("flam.json",
            R"({"onsets":[{"time_s":0.46,"drum":"snare"},{"time_s":0.5,"drum":"snare"}],
          "hits":[{"time_s":0.5,"drum":"snare","bar":0,"tick":480}]})"));
  EXPECT_THAT(annotation.hits, SizeIs(2));
  EXPECT_THAT(annotation.written, SizeIs(1));
}

/// As to_annotation tells the places of a rhythm that has just been found.
TEST(ReadAnnotation, ASwungEighthOfOurJsonStandsWhereItSounds) {
  const auto hit = [](int bar, int tick) {
    return R"({"time_s":1,"drum":"ride","bar":)" + std::to_string(bar) + R"(,"tick":)" +
           std::to_string(tick) + "}";
  };
  const std::string text = R"("bars":[{"length":1920,"numerator":4,"denominator":4},)"
                           R"({"length":1440,"numerator":6,"denominator":8}],"hits":[)" +
                           hit(1, 240) + ',' + hit(0, 0) + ',' + hit(0, 240) + ',' + hit(0, 720) +
                           ',' + hit(0, 840) + ',' + hit(7, 240) + "]}";
  const auto ticks_of = [&](const std::string& swing) {
    std::vector<double> ticks;
    for (const auto& written : read_annotation(write("swung.json", "{" + swing + text)).written) {
      ticks.push_back(written.tick);
    }
    return ticks;
  };
  // The last stands in no bar, that before it in a beat of sixteenths, the first in dotted beats.
  EXPECT_THAT(ticks_of(R"("swing":0.65,)"), ElementsAre(240, 0, 312, 720, 840, 240));
  EXPECT_THAT(ticks_of(R"("swing":0.5,)"), ElementsAre(240, 0, 240, 720, 840, 240));
  EXPECT_THAT(ticks_of(R"("swing":0.65,"swing_unit":16,)"),
              ElementsAre(240, 0, 240, 720, 876, 240));
  EXPECT_THAT(ticks_of(""), ElementsAre(240, 0, 240, 720, 840, 240));
  EXPECT_THAT(refusal(write("wild.json", R"({"swing":2,"hits":[]})")),
              HasSubstr("\"swing\" must be a number between 0.5 and 1"));
  EXPECT_THAT(refusal(write("wild.json", R"({"swing":0.6,"swing_unit":12,"hits":[]})")),
              HasSubstr("\"swing_unit\" must be 8 or 16"));
}

TEST(ReadAnnotation, APickupOfOurJsonMayBeginWithASwungEighth) {
  const auto json = write("late.json", R"({"swing":0.65,"bars":[{"length":240,"numerator":4,)"
                                       R"("denominator":4}],"hits":[{"time_s":0,"drum":"kick",)"
                                       R"("bar":0,"tick":0}]})");
  EXPECT_NEAR(read_annotation(json).written.front().tick, 72, 1e-9);
}

TEST(ReadAnnotation, RefusesJsonThatNoRecordingHas) {
  const auto why = [](const std::string& hit) {
    return refusal(write("wild.json", R"({"hits":[{"time_s":1,"drum":"kick",)" + hit + "}]}"));
  };
  EXPECT_EQ(why(R"("velocity":90,"bar":0,"tick":0)"), "accepted");
  EXPECT_EQ(why(R"("velocity":90.0,"bar":0.0,"tick":0.5)"), "accepted");
  EXPECT_THAT(refusal(write("wild.json", R"({"hits":[{"time_s":1e300,"drum":"kick"}]})")),
              HasSubstr("wild.json\": \"hits\", entry 1: \"time_s\" must be a number between 0 and "
                        "1000000; name a file as fyr transcribe"));
  for (const char* velocity : {"500", "-3", "1.5", "\"loud\""}) {
    EXPECT_THAT(why(std::string("\"velocity\":") + velocity),
                HasSubstr("\"velocity\" must be a whole number between 0 and 127"))
        << velocity;
  }
  for (const char* bar : {"1e30", "2147483647", "-1", "0.5"}) {
    EXPECT_THAT(why(std::string(R"("tick":0,"bar":)") + bar),
                HasSubstr("\"bar\" must be a whole number between 0 and 100000"))
        << bar;
  }
  EXPECT_THAT(why(R"("bar":0,"tick":-1)"),
              HasSubstr("\"tick\" must be a number between 0 and 1000000"));
  for (const auto& [rest, cause] : std::map<std::string, std::string>{
           {R"("beats":[{"time_s":0,"number":1},{"time_s":1,"number":1e30}])",
            R"("beats", entry 2: "number" must be a whole number between 1 and 32)"},
           {R"("beats":[{"time_s":-1e9,"number":1}])", R"("time_s" must be a number between -100)"},
           {R"("bars":[{"length":0}])", R"("bars", entry 1: "length" must be a number between 1)"},
           {R"("bars":1)", R"("bars" must be a list)"}}) {
    EXPECT_THAT(refusal(write("wild.json", R"({"hits":[],)" + rest + "}")), HasSubstr(cause));
  }
}

TEST(ReadAnnotation, RefusesJsonThatNestsDeeply) {
  const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
  for (const std::string& text : {R"({"onsets":[],"hits":)" + deep + "}", deep}) {
    EXPECT_THAT(refusal(write("deep.json", text)),
                testing::AllOf(HasSubstr("deep.json"), HasSubstr("more than 100 deep")));
  }
}

TEST(ReadAnnotation, RefusesMoreHitsInASecondThanAnybodyPlays) {
  std::string hits;
  for (int i = 0; i < 2000; ++i) hits += "1.5,kick\n";
  EXPECT_EQ(refusal(write("dense.csv", hits)), "accepted");
  EXPECT_THAT(refusal(write("dense.csv", hits + "2.4,kick\n")),
              HasSubstr("dense.csv\": it has more than 2000 hits in the second from 1.5"));
}

TEST(ReadAnnotation, ReadsBeats) {
  const auto beats = read_beats(write("song.beats", "0.010\t3\n0.550\t4\n1.100\t1\n"));
  EXPECT_THAT(beats, ElementsAre(Beat{0.01, 3}, Beat{0.55, 4}, Beat{1.1, 1}));
  EXPECT_THAT(read_beats(write("mixed.beats", "0.5 2\n1.0 3\n0.0 1\n")),
              ElementsAre(Beat{0, 1}, Beat{0.5, 2}, Beat{1, 3}));
  std::string dense;
  for (int i = 0; i < 2001; ++i) dense += "1.5 1\n";
  EXPECT_THROW(read_beats(write("dense.beats", dense)), InputError);
  for (const char* bad : {"0.010\n", "0.5 1e30\n", "0.5 1.7\n", "0.5 0\n", "1e300 1\n"}) {
    EXPECT_THROW(read_beats(write("bad.beats", bad)), InputError) << bad;
  }
}

// --- MIDI ---

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

std::string chunk(const std::string& type, const std::string& body) {
  const auto n = static_cast<int>(body.size());
  return type + bytes({n >> 24, n >> 16 & 255, n >> 8 & 255, n & 255}) + body;
}

/// 3/4 at 120, then 60 beats per minute from bar 2; three notes, one by running status, one on
/// another channel, one note-on with velocity 0.
std::string waltz() {
  const std::string header = chunk("MThd", bytes({0, 1, 0, 2, 0, 96}));
  const std::string tempo =
      chunk("MTrk", bytes({0,    0xFF, 0x51, 3,    0x07, 0xA1, 0x20,        // 500,000 us a quarter
                           0,    0xFF, 0x58, 4,    3,    2,    24,   8,     // 3/4
                           0x82, 0x20, 0xFF, 0x51, 3,    0x0F, 0x42, 0x40,  // at 288: 1,000,000 us
                           0,    0xFF, 0x2F, 0}));
  const std::string notes =
      chunk("MTrk", bytes({0,    0x99, 36,   100, 48,   36, 0,    0,    42, 80,  // ticks 0 and 48
                           0,    0x90, 60,   64,        // another instrument
                           0x82, 0x70, 0x99, 38,  127,  // tick 48 + 368 = 416
                           0,    0xF0, 2,    1,   0xF7, 0,  0xFF, 0x2F, 0}));
  return header + tempo + notes;
}

TEST(ReadMidi, FollowsTempoMeterAndRunningStatus) {
  const Annotation annotation = read_annotation(write("waltz.mid", waltz()));
  ASSERT_THAT(annotation.hits, SizeIs(3));
  EXPECT_EQ(annotation.hits[0].label, "36");
  EXPECT_EQ(annotation.hits[1].label, "42");
  EXPECT_DOUBLE_EQ(annotation.hits[1].time_s, 0.25);
  EXPECT_DOUBLE_EQ(annotation.hits[2].time_s, 1.5 + 128.0 / 96.0);
  EXPECT_EQ(annotation.hits[2].velocity, 127);
  ASSERT_THAT(annotation.written, SizeIs(3));
  EXPECT_EQ(annotation.written[2].bar, 1);
  EXPECT_DOUBLE_EQ(annotation.written[2].tick, 128 * 5);
  EXPECT_THAT(annotation.bar_ticks, ElementsAre(1440, 1440));
  ASSERT_THAT(annotation.beats, SizeIs(5));
  EXPECT_EQ(annotation.beats[3], (Beat{1.5, 1}));
  EXPECT_EQ(annotation.beats[4], (Beat{2.5, 2}));
  EXPECT_EQ(guess_label_map(annotation), "gm");
}

std::string midi_of(const std::string& track) {
  return chunk("MThd", bytes({0, 0, 0, 1, 1, 0xE0})) + chunk("MTrk", track);
}

/// A track of 60 ticks in 1/32, then two bars of 4/4, whose end is the end of the track.
TEST(ReadMidi, NeitherALeadInNorTheLastBarLineIsABeat) {
  const Annotation annotation =
      read_annotation(write("lead_in.mid", midi_of(bytes({
                                               0,    0xFF, 0x58, 4,    1, 5, 24, 8,  // 1/32
                                               55,   0x99, 36,   100,                // early
                                               5,    0xFF, 0x58, 4,    4, 2, 24, 8,  // 4/4
                                               0x9E, 0,    0xFF, 0x2F, 0             // 3840
                                           }))));
  ASSERT_THAT(annotation.beats, SizeIs(8));
  EXPECT_EQ(annotation.beats.front(), (Beat{0.0625, 1}));
  EXPECT_EQ(annotation.beats.back(), (Beat{0.0625 + 3.5, 4}));
}

/// As fyr writes a pickup of two beats: a silent bar of 1/4, one of 2/4, then 4/4.
TEST(ReadMidi, BeatsOfAnUpbeatAreTheLastOfABar) {
  const Annotation annotation =
      read_annotation(write("upbeat.mid", midi_of(bytes({
                                              0,    0xFF, 0x58, 4,    1, 2, 24, 8,      // 1/4
                                              0x83, 0x60, 0xFF, 0x58, 4, 2, 2,  24, 8,  // 2/4
                                              0,    0x99, 36,   100,                    // at 480
                                              0x87, 0x40, 0xFF, 0x58, 4, 4, 2,  24, 8,  // 4/4
                                              0x8F, 0,    0xFF, 0x2F, 0                 // 1920
                                          }))));
  EXPECT_THAT(annotation.beats, ElementsAre(Beat{0.5, 3}, Beat{1, 4}, Beat{1.5, 1}, Beat{2, 2},
                                            Beat{2.5, 3}, Beat{3, 4}));
}

TEST(ReadMidi, AMeterThatChangesEarlyKeepsItsOwnBeats) {
  const Annotation annotation =
      read_annotation(write("change.mid", midi_of(bytes({
                                              0,    0xFF, 0x58, 4,    4, 2,  24, 8,      // 4/4
                                              0,    0x99, 36,   100,                     // at 0
                                              0x8F, 0,    0xFF, 0x58, 4, 12, 3,  24, 8,  // 12/8
                                              0x96, 0x40, 0xFF, 0x2F, 0                  // 2880
                                          }))));
  EXPECT_THAT(annotation.beats,
              ElementsAre(Beat{0, 1}, Beat{0.5, 2}, Beat{1, 3}, Beat{1.5, 4}, Beat{2, 1},
                          Beat{2.75, 2}, Beat{3.5, 3}, Beat{4.25, 4}));
}

TEST(ReadMidi, EveryTruncationIsRefusedOrStillAFile) {
  const std::string whole = waltz();
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const std::string message = refusal(write("torn.mid", whole.substr(0, n)));
    // A cut between two chunks leaves a well-formed file.
    EXPECT_THAT(message, testing::AnyOf("accepted", HasSubstr("torn.mid")));
  }
}

TEST(ReadMidi, RandomDamageNeverBreaksTheReader) {
  const std::string whole = waltz();
  unsigned seed = 1;
  for (int i = 0; i < 2000; ++i) {
    std::string damaged = whole;
    for (int k = 0; k < 3; ++k) {
      seed = seed * 1664525U + 1013904223U;
      damaged[(seed >> 8U) % damaged.size()] = static_cast<char>(seed >> 24U);
    }
    refusal(write("damaged.mid", damaged));
  }
}

/// A few bytes a time signature, and each makes as many bars as the next one is far.
TEST(ReadMidi, RefusesMoreBarsThanAnySongHasInWholeToo) {
  std::string track;
  for (int i = 0; i < 200; ++i) {
    track += bytes({0x84, 0x58, 0xFF, 0x58, 4, 1, 6, 24, 8});  // 600 ticks later: 1/64
  }
  const std::string header = chunk("MThd", bytes({0, 0, 0, 1, 0, 1}));  // 1 tick a quarter note
  EXPECT_THAT(refusal(write("bars.mid", header + chunk("MTrk", track))),
              HasSubstr("more bars than any song has"));
}

TEST(ReadMidi, ReadsAsManyTracksAsTheHeaderTells) {
  const std::string whole = waltz();
  const std::string cut = whole.substr(0, whole.rfind("MTrk"));
  EXPECT_THAT(refusal(write("cut.mid", cut)), HasSubstr("truncated: 1 of 2 tracks are there"));
  EXPECT_THAT(refusal(write("none.mid", chunk("MThd", bytes({0, 1, 0, 0, 0, 96})))),
              HasSubstr("no tracks"));
  const std::string other = chunk("XFIH", "of another program");
  EXPECT_THAT(read_annotation(write("other.mid", cut + other + whole.substr(cut.size()))).hits,
              SizeIs(3));
  for (const std::string& padding : {std::string(3, '\0'), std::string(100, '\0'), other}) {
    EXPECT_THAT(read_annotation(write("padded.mid", whole + padding)).hits, SizeIs(3));
  }
}

TEST(ReadMidi, RefusesATempoThatStandsStill) {
  EXPECT_THAT(refusal(write("still.mid", midi_of(bytes({0, 0xFF, 0x51, 3, 0, 0, 0})))),
              HasSubstr("an impossible tempo"));
}

TEST(ReadMidi, RefusesWhatHasNoBars) {
  EXPECT_THAT(refusal(write("f2.mid", chunk("MThd", bytes({0, 2, 0, 1, 0, 96})))),
              HasSubstr("format 2"));
  EXPECT_THAT(refusal(write("smpte.mid", chunk("MThd", bytes({0, 1, 0, 1, 0xE7, 40})))),
              HasSubstr("SMPTE"));
  EXPECT_THAT(refusal(write("zero.mid", chunk("MThd", bytes({0, 1, 0, 1, 0, 0})))),
              HasSubstr("its division is 0"));
}

}  // namespace
}  // namespace fyr
