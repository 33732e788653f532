// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tinyxml2.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <tuple>

#include "fyr/drum.hpp"
#include "fyr/writers.hpp"
#include "score/musescore.hpp"
#include "score/random_rhythm.hpp"
#include "score/tab.hpp"
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
using testing::written;

TEST(WriteMusicXml, ScoresAreAsGolden) {
  expect_golden(written(write_musicxml, groove()), "groove.musicxml");
  expect_golden(written(write_musicxml, triplets()), "triplets.musicxml");
  expect_golden(written(write_musicxml, meters(), 0.5), "meters.musicxml");
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
        ++(sound->PreviousSiblingElement()->FirstChildElement("metronome") ? n_seen : n_hidden);
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
    rhythm.swing.share = 0.5;  // It does not play swing from MusicXML.
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
  for (const char* text : {"Title</text>", "Subtitle</text>", "Composer</text>"}) {
    EXPECT_THAT(shown, HasSubstr(text));
  }
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

/// MuseScore gives others a head and a line of its own choice.
TEST(WriteMusicXml, NamesOnlyTheDrumsThatPlay) {
  std::ostringstream out;
  const Score score = build_score(groove());
  write_musicxml(score, out);
  const std::string text = out.str();
  for (const DrumInfo& drum : kDrums) {
    const bool plays = std::ranges::find(score.key, drum.drum) != score.key.end();
    const std::string name = "<instrument-name>" + std::string(drum.name) + "</instrument-name>";
    EXPECT_EQ(text.find(name) != text.npos, plays) << drum.name;
  }
}

TEST(WriteMusicXml, CountsMidiKeysFromOne) {
  const std::string text = written(write_musicxml, groove());
  EXPECT_THAT(text, HasSubstr("<midi-unpitched>37</midi-unpitched>"));  // The kick, 36.
  EXPECT_THAT(text, HasSubstr("<midi-instrument id=\"P1-I36\">"));
}

}  // namespace
}  // namespace fyr
