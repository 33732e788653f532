// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tinyxml2.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <tuple>

#include "fyr/writers.hpp"
#include "score/musescore.hpp"
#include "score/random_rhythm.hpp"
#include "score/tab.hpp"
#include "writers/beams.hpp"
#include "writers/golden.hpp"

namespace fyr {
namespace {

using ::testing::ElementsAre;
using testing::expect_golden;
using testing::groove;
using ::testing::HasSubstr;
using testing::meters;
using ::testing::Not;
using testing::triplets;

using Writer = void (*)(const Score&, std::ostream&);

std::string written(Writer write, const Rhythm& rhythm, double doubt_below = 0) {
  ScoreOptions options;
  options.title = "Golden \"R&B\" \\o/";
  options.composer = "Nobody";
  options.doubt_below = doubt_below;
  std::ostringstream out;
  write(build_score(rhythm, options), out);
  return out.str();
}

TEST(WriteMusicXml, ScoresAreAsGolden) {
  expect_golden(written(write_musicxml, groove()), "groove.musicxml");
  expect_golden(written(write_musicxml, triplets()), "triplets.musicxml");
  expect_golden(written(write_musicxml, meters(), 0.5), "meters.musicxml");
}

TEST(WriteLilypond, ScoresAreAsGolden) {
  expect_golden(written(write_lilypond, groove()), "groove.ly");
  expect_golden(written(write_lilypond, triplets()), "triplets.ly");
  expect_golden(written(write_lilypond, meters(), 0.5), "meters.ly");
}

TEST(WriteTab, ScoresAreAsGolden) {
  expect_golden(written(write_tab, groove()), "groove.tab.txt");
  expect_golden(written(write_tab, triplets()), "triplets.tab.txt");
  expect_golden(written(write_tab, meters(), 0.5), "meters.tab.txt");
}

TEST(WriteTab, ShowsTheSpecialOfTwoSoundsOfARow) {
  Rhythm rhythm;
  testing::add_tab(rhythm, {1, 4},
                   {{Drum::ClosedHiHat, "xx--"},
                    {Drum::OpenHiHat, "-x--"},
                    {Drum::Ride, "xx--"},
                    {Drum::RideBell, "x---"},
                    {Drum::Snare, "x-x-"},
                    {Drum::SideStick, "x---"}});
  const std::string text = written(write_tab, rhythm);
  EXPECT_THAT(text, HasSubstr("\nHH|xo--|\n"));
  EXPECT_THAT(text, HasSubstr("\nRD|bx--|\n"));
  EXPECT_THAT(text, HasSubstr("\nSD|x-o-|\n"));
}

/// Sum of the durations of a MusicXML voice in a measure; chord members and graces take no time.
std::map<int, int> voice_lengths(const tinyxml2::XMLElement& measure) {
  std::map<int, int> lengths;
  for (auto* note = measure.FirstChildElement("note"); note;
       note = note->NextSiblingElement("note")) {
    if (note->FirstChildElement("chord") || note->FirstChildElement("grace")) continue;
    lengths[note->FirstChildElement("voice")->IntText()] +=
        note->FirstChildElement("duration")->IntText();
  }
  return lengths;
}

TEST(WriteMusicXml, EveryVoiceOfRandomScoresFillsItsMeasure) {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const Score score = build_score(testing::random_rhythm(seed));
    std::ostringstream out;
    write_musicxml(score, out);
    tinyxml2::XMLDocument document;
    ASSERT_EQ(document.Parse(out.str().c_str()), tinyxml2::XML_SUCCESS) << "seed " << seed;
    auto* measure = document.RootElement()->FirstChildElement("part")->FirstChildElement("measure");
    for (const Measure& expected : score.measures) {
      ASSERT_NE(measure, nullptr) << "seed " << seed;
      const std::map<int, int> lengths = voice_lengths(*measure);
      EXPECT_GE(lengths.size(), expected.voices.size()) << "seed " << seed;
      for (const auto& [voice, length] : lengths) EXPECT_EQ(length, expected.length);
      measure = measure->NextSiblingElement("measure");
    }
  }
}

/// MuseScore would draw a sound outside a direction as a metronome mark.
TEST(WriteMusicXml, OneTempoIsSeenAndTheOthersAreBlankWords) {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    const Score score = build_score(testing::random_rhythm(seed));
    std::ostringstream out;
    write_musicxml(score, out);
    tinyxml2::XMLDocument document;
    ASSERT_EQ(document.Parse(out.str().c_str()), tinyxml2::XML_SUCCESS);
    std::size_t n_tempi = 0;
    for (const Measure& measure : score.measures) n_tempi += measure.tempi.size();
    std::size_t n_hidden = 0;
    std::size_t n_seen = 0;
    auto* measure = document.RootElement()->FirstChildElement("part")->FirstChildElement("measure");
    for (; measure; measure = measure->NextSiblingElement("measure")) {
      EXPECT_EQ(measure->FirstChildElement("sound"), nullptr);
      for (auto* direction = measure->FirstChildElement("direction"); direction;
           direction = direction->NextSiblingElement("direction")) {
        const auto* sound = direction->FirstChildElement("sound");
        if (!sound) continue;
        const auto* type = direction->FirstChildElement("direction-type");
        EXPECT_EQ(direction->FirstChildElement(), type);
        EXPECT_EQ(direction->LastChildElement(), sound);
        ++(type->FirstChildElement("metronome") ? n_seen : n_hidden);
      }
    }
    EXPECT_EQ(n_seen, 1U);
    EXPECT_EQ(n_hidden + 1, n_tempi);
    // Not from the document: the reader drops text that is blank.
    std::size_t n_blank = 0;
    for (std::size_t at = 0; (at = out.str().find("<words> </words>", at)) != std::string::npos;) {
      ++n_blank;
      ++at;
    }
    EXPECT_EQ(n_blank, n_hidden);
  }
}

/// Places, keys and velocities.
std::vector<std::tuple<int, int, int>> struck(const std::vector<testing::MidiNote>& notes) {
  std::vector<std::tuple<int, int, int>> found;
  for (const testing::MidiNote& note : notes) {
    found.emplace_back(note.tick, note.key, note.velocity);
  }
  std::ranges::sort(found);
  return found;
}

TEST(WriteMusicXml, MuseScorePlaysTheSameAsFromItsOwnFormat) {
  if (!testing::has_musescore()) {
    GTEST_SKIP() << "mscore3 is not installed: MusicXML was NOT shown to the real MuseScore";
  }
  std::vector<std::string> own;
  std::vector<std::string> musicxml;
  for (std::uint32_t seed = 0; seed < 15; ++seed) {
    Rhythm rhythm = testing::random_rhythm(seed);
    rhythm.swing = 0.5;  // It does not play swing from MusicXML.
    own.push_back(written(write_mscx, rhythm));
    musicxml.push_back(written(write_musicxml, rhythm));
  }
  const auto expected = testing::played_by_musescore(own, ".mscx");
  const auto played = testing::played_by_musescore(musicxml, ".musicxml");
  for (std::size_t seed = 0; seed < own.size(); ++seed) {
    ASSERT_EQ(struck(played[seed]), struck(expected[seed])) << "seed " << seed;
    for (std::size_t i = 0; i < expected[seed].size(); ++i) {
      EXPECT_NEAR(played[seed][i].time_s, expected[seed][i].time_s, 0.02) << "seed " << seed;
    }
  }
}

/// Every note that is no grace note nor member of a chord: its type and its beams.
std::vector<std::string> beamed_notes(const std::string& musicxml) {
  std::vector<std::string> notes;
  tinyxml2::XMLDocument document;
  if (document.Parse(musicxml.c_str()) != tinyxml2::XML_SUCCESS) return notes;
  auto* measure = document.RootElement()->FirstChildElement("part")->FirstChildElement("measure");
  for (; measure; measure = measure->NextSiblingElement("measure")) {
    for (auto* note = measure->FirstChildElement("note"); note;
         note = note->NextSiblingElement("note")) {
      const auto is = [&](const char* name) { return note->FirstChildElement(name) != nullptr; };
      if (is("rest") || is("chord") || is("grace")) continue;
      std::string text = note->FirstChildElement("type")->GetText();
      if (auto* beam = note->FirstChildElement("beam")) text += std::string(" ") + beam->GetText();
      notes.push_back(text);
    }
  }
  return notes;
}

TEST(BeamsOf, JoinsAsMuseScoreDoes) {
  if (!testing::has_musescore()) {
    GTEST_SKIP() << "mscore3 is not installed: its beams were NOT compared";
  }
  std::vector<std::string> own;
  std::vector<std::string> musicxml;
  const auto add = [&](const Rhythm& rhythm) {
    own.push_back(written(write_mscx, rhythm));
    musicxml.push_back(written(write_musicxml, rhythm));
  };
  for (const Meter& meter : {Meter{4, 4}, Meter{3, 4}, Meter{2, 2}, Meter{3, 2}, Meter{4, 2},
                             Meter{5, 4}, Meter{4, 8}, Meter{12, 8}}) {
    Rhythm rhythm;
    const auto n_16ths = static_cast<std::size_t>(meter.bar_ticks() / 120);
    for (const char* pattern : {"x-x-x-x-xxx-x-x-", "x-x-xxx-x--xx-x-", "--x-x-x-x-x---x-"}) {
      std::string strokes;
      while (strokes.size() < n_16ths) strokes += pattern;
      strokes.resize(n_16ths);
      testing::add_tab(rhythm, meter, {{Drum::Snare, strokes}});
    }
    add(rhythm);
  }
  for (std::uint32_t seed = 0; seed < 40; ++seed) add(testing::random_rhythm(seed));
  const std::vector<std::string> again = testing::converted_by_musescore(own, ".mscx", ".musicxml");
  for (std::size_t i = 0; i < own.size(); ++i) {
    EXPECT_EQ(beamed_notes(musicxml[i]), beamed_notes(again[i])) << i;
  }
}

TEST(WriteMusicXml, MuseScoreShowsTitlesAndComposer) {
  if (!testing::has_musescore()) {
    GTEST_SKIP() << "mscore3 is not installed: MusicXML was NOT shown to the real MuseScore";
  }
  ScoreOptions options;
  options.title = "Title";
  options.subtitle = "Subtitle";
  options.composer = "Composer";
  std::ostringstream out;
  write_musicxml(build_score(groove(), options), out);
  const std::string shown =
      testing::converted_by_musescore({out.str()}, ".musicxml", ".mscx").front();
  EXPECT_THAT(shown, HasSubstr("Title<font size=\"14\"/>\nSubtitle</text>"));
  EXPECT_THAT(shown, HasSubstr("Composer</text>"));
}

/// Where MuseScore puts every measure: page and height.
std::vector<std::string> measure_places(const std::string& mpos) {
  std::vector<std::string> places;
  tinyxml2::XMLDocument document;
  if (document.Parse(mpos.c_str()) != tinyxml2::XML_SUCCESS) return places;
  auto* element = document.RootElement()->FirstChildElement("elements")->FirstChildElement();
  for (; element; element = element->NextSiblingElement()) {
    places.push_back(std::string(element->Attribute("page")) + " " + element->Attribute("y"));
  }
  return places;
}

/// Indices of the measures that start a line.
std::vector<std::size_t> line_starts(const std::string& mpos) {
  const std::vector<std::string> places = measure_places(mpos);
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i == 0 || places[i] != places[i - 1]) starts.push_back(i);
  }
  return starts;
}

TEST(WriteMusicXml, MuseScoreBreaksItsLinesWhereItBreaksThoseOfItsOwnFormat) {
  if (!testing::has_musescore()) {
    GTEST_SKIP() << "mscore3 is not installed: lines were NOT compared";
  }
  Rhythm rhythm;  // As many 16ths as four bars of a line can hold.
  for (int bar = 0; bar < 8; ++bar) {
    testing::add_tab(rhythm, {4, 4},
                     {{Drum::ClosedHiHat, "x-x-x-x-x-x-x-x-"},
                      {Drum::Snare, "-g--x--g-g--x--g"},
                      {Drum::Kick, "x--x------xx--x-"}});
  }
  const auto own = testing::converted_by_musescore({written(write_mscx, rhythm)}, ".mscx", ".mpos");
  const auto read =
      testing::converted_by_musescore({written(write_musicxml, rhythm)}, ".musicxml", ".mpos");
  EXPECT_THAT(line_starts(own.front()), ElementsAre(0, 4));
  EXPECT_EQ(line_starts(read.front()), line_starts(own.front()));
}

TEST(WriteMusicXml, MuseScoreDrawsAccentsAboveTheStaff) {
  if (!testing::has_musescore()) {
    GTEST_SKIP() << "mscore3 is not installed: accents were NOT looked at";
  }
  const std::string shown =
      testing::converted_by_musescore({written(write_musicxml, groove())}, ".musicxml", ".mscx")
          .front();
  EXPECT_THAT(shown, HasSubstr("articAccentAbove"));
  EXPECT_THAT(shown, Not(HasSubstr("articAccentBelow")));
}

TEST(WriteMusicXml, CountsMidiKeysFromOne) {
  const std::string text = written(write_musicxml, groove());
  EXPECT_THAT(text, HasSubstr("<midi-unpitched>37</midi-unpitched>"));  // The kick, 36.
  EXPECT_THAT(text, HasSubstr("<midi-instrument id=\"P1-I36\">"));
}

TEST(WriteMscz, IsAZipWithTheSameBytesEachTime) {
  const std::string once = written(write_mscz, groove());
  EXPECT_TRUE(once.starts_with("PK\x03\x04"));
  EXPECT_THAT(once, HasSubstr("META-INF/container.xml"));
  EXPECT_EQ(once, written(write_mscz, groove()));
}

Chord chord_of(Tick tick, NoteValue value, bool rest = false) {
  Chord chord;
  chord.tick = tick;
  chord.value = value;
  chord.duration = value.ticks();
  if (!rest) chord.notes.push_back({});
  return chord;
}

TEST(BeamsOf, JoinsWhatABeatHolds) {
  Measure measure;
  measure.length = 1920;
  Voice voice;
  // A dotted eighth and a 16th; an eighth, a rest and a 16th alone; two quarters.
  voice.chords = {chord_of(0, {8, 1}),          chord_of(360, {16, 0}), chord_of(480, {8, 0}),
                  chord_of(720, {16, 0}, true), chord_of(840, {16, 0}), chord_of(960, {4, 0}),
                  chord_of(1440, {4, 0})};
  const auto beams = beams_of(measure, voice);
  EXPECT_THAT(beams[0], ElementsAre(Beam::Begin));
  EXPECT_THAT(beams[1], ElementsAre(Beam::End, Beam::BackwardHook));
  for (std::size_t i = 2; i < beams.size(); ++i) EXPECT_THAT(beams[i], ElementsAre()) << i;
}

std::vector<std::size_t> beam_starts(const Measure& measure, const Voice& voice) {
  std::vector<std::size_t> starts;
  const auto beams = beams_of(measure, voice);
  for (std::size_t i = 0; i < beams.size(); ++i) {
    if (!beams[i].empty() && beams[i].front() == Beam::Begin) starts.push_back(i);
  }
  return starts;
}

Voice eighths(int n) {
  Voice voice;
  for (int i = 0; i < n; ++i) voice.chords.push_back(chord_of(240 * i, {8, 0}));
  return voice;
}

TEST(BeamsOf, JoinsHalvesOfEighthsOnlyInFourFourAndHalfNoteMeters) {
  Measure measure;
  measure.length = 1920;
  EXPECT_THAT(beam_starts(measure, eighths(8)), ElementsAre(0, 4));
  measure.meter = {2, 2};
  EXPECT_THAT(beam_starts(measure, eighths(8)), ElementsAre(0, 4));
  measure.meter = {3, 4};
  measure.length = 1440;
  EXPECT_THAT(beam_starts(measure, eighths(6)), ElementsAre(0, 2, 4));
}

TEST(BeamsOf, APickupEndsWithItsMeter) {
  Measure measure;
  measure.numbered = false;
  measure.length = 1200;  // 4 & 1 & 2 & would be wrong: it is & 3 & 4 &.
  EXPECT_THAT(beam_starts(measure, eighths(5)), ElementsAre(1));
}

TEST(BeamsOf, A16thPartsTheQuartersOfItsHalf) {
  Measure measure;
  measure.length = 1920;
  Voice voice = eighths(8);
  voice.chords[3] = chord_of(720, {16, 0});
  voice.chords.insert(voice.chords.begin() + 4, chord_of(840, {16, 0}));
  for (const Meter meter : {Meter{4, 4}, Meter{2, 2}}) {
    measure.meter = meter;
    EXPECT_THAT(beam_starts(measure, voice), ElementsAre(0, 2, 5));
  }
}

TEST(BeamsOf, ATupletHasItsOwn) {
  Measure measure;
  measure.length = 1920;
  Voice voice = eighths(2);
  for (int i = 0; i < 3; ++i) voice.chords.push_back(chord_of(480 + 160 * i, {8, 0}));
  voice.tuplets.push_back({2, 4});
  EXPECT_THAT(beam_starts(measure, voice), ElementsAre(0, 2));
}

TEST(WriteLilypond, BeamsRunOverGraceNotes) {
  Rhythm rhythm;
  testing::add_tab(rhythm, {2, 4}, {{Drum::Snare, "f-----xx"}, {Drum::HighTom, "--d-x---"}});
  EXPECT_THAT(written(write_lilypond, rhythm),
              HasSubstr("\\slashedGrace { <snare>8 } <snare>8[ "
                        "\\grace { <hightom>16[ <hightom>16] } <hightom>8] <hightom>8["));
}

TEST(WriteLilypond, ARestThatHasTheStaffToItselfStandsInTheMiddle) {
  Rhythm rhythm;
  testing::add_tab(rhythm, {2, 4}, {{Drum::Snare, "x-------"}, {Drum::Kick, "x-------"}});
  EXPECT_THAT(written(write_lilypond, rhythm), HasSubstr("<snare>4 \\tweak staff-position 0 r4 |"));
}

TEST(WriteLilypond, KeepsLettersClearOfTheMetronomeMark) {
  EXPECT_THAT(written(write_lilypond, groove()),
              HasSubstr("\\override RehearsalMark.outside-staff-horizontal-padding = 1"));
}

TEST(BeamsOf, HooksPointIntoTheBeam) {
  Measure measure;
  measure.meter = {1, 4};
  measure.length = 480;
  Voice voice;
  voice.chords = {chord_of(0, {16, 0}), chord_of(120, {8, 0}), chord_of(360, {16, 0})};
  const auto beams = beams_of(measure, voice);
  EXPECT_THAT(beams[0], ElementsAre(Beam::Begin, Beam::ForwardHook));
  EXPECT_THAT(beams[1], ElementsAre(Beam::Continue));
  EXPECT_THAT(beams[2], ElementsAre(Beam::End, Beam::BackwardHook));
}

}  // namespace
}  // namespace fyr
