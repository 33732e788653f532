// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/beams.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tinyxml2.h>

#include <string>

#include "fyr/writers.hpp"
#include "score/musescore.hpp"
#include "score/random_rhythm.hpp"
#include "score/tab.hpp"
#include "writers/golden.hpp"

namespace fyr {
namespace {

using ::testing::ElementsAre;
using testing::written;

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

TEST(BeamsOf, InnerBeamsOf32ndsBreakInTheMiddleOfABeat) {
  Measure measure;
  measure.meter = {1, 4};
  measure.length = 480;
  Voice voice;
  for (Tick tick = 0; tick < 480; tick += 60) voice.chords.push_back(chord_of(tick, {32, 0}));
  const auto beams = beams_of(measure, voice);
  EXPECT_THAT(beams[3], ElementsAre(Beam::Continue, Beam::End, Beam::End));
  EXPECT_THAT(beams[4], ElementsAre(Beam::Continue, Beam::Begin, Beam::Begin));
  voice.chords = {chord_of(0, {16, 0}), chord_of(120, {16, 0}), chord_of(240, {16, 0}),
                  chord_of(360, {16, 0})};
  EXPECT_THAT(beams_of(measure, voice)[2], ElementsAre(Beam::Continue, Beam::Continue));
}

}  // namespace
}  // namespace fyr
