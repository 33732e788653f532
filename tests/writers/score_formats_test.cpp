// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <tuple>

#include "fyr/writers.hpp"
#include "score/tab.hpp"
#include "writers/clean_text.hpp"
#include "writers/golden.hpp"
#include "writers/zip.hpp"

namespace fyr {
namespace {

using testing::expect_golden;
using testing::groove;
using ::testing::HasSubstr;
using testing::meters;
using testing::triplets;
using testing::written;

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

TEST(WriteTab, TheKeyExplainsOnlyWhatStandsInTheBars) {
  Rhythm straight;
  testing::add_tab(straight, {1, 4}, {{Drum::Snare, "x-xx"}});
  EXPECT_THAT(written(write_tab, straight), HasSubstr("\n\nSD  o Snare\n\n   1 1/4\n"));
  Rhythm triplets;
  testing::add_tab(triplets, {1, 4}, {{Drum::OpenHiHat, "xxx"}, {Drum::Snare, "d--"}});
  EXPECT_THAT(written(write_tab, triplets),
              HasSubstr("\n\nHH  o Open hi-hat\nSD  o Snare\nd drag\n"
                        "Where a number has 3 or 6 columns, they are triplets\n\n"));
  EXPECT_THAT(written(write_tab, Rhythm{}), HasSubstr("\n\nBD  o Kick\n\n"));
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

TEST(WriteTab, TellsEveryTempo) {
  Rhythm rhythm;
  rhythm.swing.share = 0.66;
  testing::add_tab(rhythm, {4, 4}, {{Drum::Snare, "x"}}, 480);
  for (int bar = 0; bar < 10; ++bar) testing::add_tab(rhythm, {4, 4}, {{Drum::Snare, "xxxx"}});
  for (std::size_t bar = 6; bar < rhythm.bars.size(); ++bar) {
    if (bar > 6) rhythm.bars[bar].start_s = rhythm.bars[bar - 1].end_s;
    rhythm.bars[bar].end_s = rhythm.bars[bar].start_s + 3;
  }
  EXPECT_THAT(written(write_tab, rhythm),
              HasSubstr("Tempo: 1/4 = 120, swing\nFrom bar 6: 1/4 = 80, swing\n"));
}

TEST(WriteTab, APickupIsCountedFromWhereItBegins) {
  for (const auto& [strokes, length, text] :
       {std::tuple("xx", 240, "   4/4 1\n   &a 1e&a"),
        std::tuple("xxxx", 240, "   4/4  1\n   & a  1e&a"),
        std::tuple("xxx", 360, "   4/4 1\n   e&a 1e&a"),
        std::tuple("x-xxx", 300, "   4/4   1\n    & a  1e&a")}) {
    Rhythm rhythm;
    testing::add_tab(rhythm, {4, 4}, {{Drum::Snare, strokes}}, length);
    testing::add_tab(rhythm, {4, 4}, {{Drum::Snare, "xxxx"}});
    EXPECT_THAT(written(write_tab, rhythm), HasSubstr(text));
    EXPECT_THAT(written(write_tab, rhythm), HasSubstr("\nSD|o"));
  }
}

TEST(WriteTab, ABarHasTheColumnsThatItsStrokesNeed) {
  Rhythm rhythm;
  testing::add_tab(rhythm, {3, 16}, {{Drum::Snare, "xxx-x-"}});
  testing::add_tab(rhythm, {3, 8}, {{Drum::Snare, "x-xxxx------"}});
  testing::add_tab(rhythm, {2, 4}, {{Drum::Snare, "x--xxx"}});
  testing::add_tab(rhythm, {1, 4}, {{Drum::Snare, "xxxxxx"}});
  testing::add_tab(rhythm, {1, 4}, {{Drum::Snare, "x------x"}});
  EXPECT_THAT(written(write_tab, rhythm), HasSubstr("\n   1 3/16 2 3/8    3 2/4   4 1/4  5\n"
                                                    "   1 23 1   2   3  1e&a2   1      1 e & a\n"
                                                    "SD|oooo|o-oooo----|o---ooo|oooooo|o------o|"));
}

TEST(WriteTab, OfANumberWiderThanItsColumnsTheLastDigitIsSeen) {
  Rhythm rhythm;
  testing::add_tab(rhythm, {13, 16}, {{Drum::Snare, "xxxxxxxxxxxxx"}});
  EXPECT_THAT(written(write_tab, rhythm), HasSubstr("\n   1234567890123\n"));
}

TEST(WriteTab, ASectionBeginsALine) {
  Rhythm rhythm;
  for (int bar = 0; bar < 2; ++bar) testing::add_tab(rhythm, {4, 4}, {{Drum::Snare, "xxxx"}});
  Score score = build_score(rhythm);
  const auto text = [&] {
    std::ostringstream out;
    write_tab(score, out);
    return out.str();
  };
  EXPECT_THAT(text(), HasSubstr("\nSD|o---o---o---o---|o---o---o---o---|\n"));
  score.measures[1].rehearsal = "B";
  EXPECT_THAT(text(), HasSubstr("\nSD|o---o---o---o---|\n\n   2 [B]\n"));
}

TEST(WriteMscz, IsAZipWithTheSameBytesEachTime) {
  const std::string once = written(write_mscz, groove());
  EXPECT_TRUE(once.starts_with("PK\x03\x04"));
  EXPECT_THAT(once, HasSubstr("META-INF/container.xml"));
  EXPECT_EQ(once, written(write_mscz, groove()));
}

TEST(WriteMxl, HoldsTheMusicXml) {
  const auto parts =
      unzip(written(write_mxl, groove()), {"META-INF/container.xml", "score.musicxml"}, 1 << 20);
  EXPECT_THAT(parts.at("META-INF/container.xml"), HasSubstr("full-path=\"score.musicxml\""));
  EXPECT_EQ(parts.at("score.musicxml"), written(write_musicxml, groove()));
}

/// LilyPond counts beams itself, but does not break them.
TEST(WriteLilypond, InnerBeamsBreakInTheMiddleOfABeat) {
  Rhythm rhythm;
  testing::add_tab(rhythm, {1, 4}, {{Drum::Snare, "xxxxxxxx"}});
  EXPECT_THAT(written(write_lilypond, rhythm),
              HasSubstr("<snare>32 \\set stemRightBeamCount = #1 <snare>32 "
                        "\\set stemLeftBeamCount = #1 <snare>32 <snare>32"));
}

TEST(WriteLilypond, BeamsRunOverGraceNotes) {
  Rhythm rhythm;
  testing::add_tab(rhythm, {2, 4}, {{Drum::Snare, "f-----xx"}, {Drum::HighTom, "--d-x---"}});
  EXPECT_THAT(written(write_lilypond, rhythm),
              HasSubstr("\\slashedGrace { <snare>8 } <snare>8[\\mf "
                        "\\grace { <hightom>16[ <hightom>16] } <hightom>8] <hightom>8["));
}

TEST(WriteLilypond, ARestThatHasTheStaffToItselfStandsInTheMiddle) {
  Rhythm rhythm;
  testing::add_tab(rhythm, {2, 4}, {{Drum::Snare, "x-------"}, {Drum::Kick, "x-------"}});
  EXPECT_THAT(written(write_lilypond, rhythm),
              HasSubstr("<snare>4\\mf \\tweak staff-position 0 r4 |"));
}

/// Two bars around six silent ones.
Rhythm with_silence() {
  Rhythm rhythm;
  for (int bar = 0; bar < 8; ++bar) {
    testing::add_tab(rhythm, {4, 4}, {{Drum::Snare, bar % 7 == 0 ? "x-x-" : "----"}});
  }
  return rhythm;
}

TEST(WriteLilypond, SilentBarsAreOneRest) {
  const std::string text = written(write_lilypond, with_silence());
  EXPECT_THAT(text, HasSubstr("\\compressEmptyMeasures"));
  EXPECT_THAT(text, HasSubstr("  R1*6/1 |"));
  EXPECT_THAT(text, HasSubstr("  s1*6/1 |"));
}

TEST(WriteLilypond, CountsSilentBarsBehindAShortOneToo) {
  Rhythm rhythm = with_silence();
  testing::add_tab(rhythm, {4, 4}, {{Drum::Snare, "xx"}}, 960);
  testing::add_tab(rhythm, {4, 4}, {{Drum::Snare, "x-x-"}});
  EXPECT_THAT(written(write_lilypond, rhythm), HasSubstr("\\set Score.currentBarNumber = #9 "));
}

TEST(WriteMusicXml, SilentBarsAreOneRest) {
  const std::string text = written(write_musicxml, with_silence());
  EXPECT_THAT(text, HasSubstr("<multiple-rest>6</multiple-rest>"));
  EXPECT_EQ(text.find("<multiple-rest>"), text.rfind("<multiple-rest>"));
}

TEST(WriteScores, TheStaffIsAsSmallAsItsLinesNeedIt) {
  Score score = build_score(groove());
  score.staff_space_mm = 1.55;
  std::ostringstream mscx;
  write_mscx(score, mscx);
  EXPECT_THAT(mscx.str(), HasSubstr("<Spatium>1.55</Spatium>"));
  std::ostringstream musicxml;
  write_musicxml(score, musicxml);
  // .84 of it, and 210 mm of 5.208 that have 40 tenths.
  EXPECT_THAT(musicxml.str(), HasSubstr("<page-width>1612.90</page-width>"));
}

TEST(CleanText, KeepsUtf8AndReplacesWhatIsNone) {
  const std::string kept = "a \xC3\xA9 \xE9\xBC\x93 \xF0\x9F\xA5\x81 \xF4\x8F\xBF\xBD";
  EXPECT_EQ(clean_text(kept), kept);
  EXPECT_EQ(clean_text("a\tb\r\nc\x7F"
                       "d\x1F"),
            "a b  c d ");
  EXPECT_EQ(clean_text("a\xC2\x85"
                       "b\xE2\x80\xA8"
                       "c\xE2\x80\xA9\xC2\xA0\xE2\x80\xAA"),
            "a b c \xC2\xA0\xE2\x80\xAA");
  const std::string replaced = "\xEF\xBF\xBD";
  for (const char* noncharacter : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
    EXPECT_EQ(clean_text(noncharacter), replaced);
  }
  // Overlong, a surrogate, beyond U+10FFFF, cut off, a lone continuation: each byte for itself.
  for (const std::string wrong :
       {"\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xED\xA0\x80",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\x80"}) {
    std::string expected;
    for (std::size_t i = 0; i < wrong.size(); ++i) expected += replaced;
    EXPECT_EQ(clean_text(wrong), expected);
  }
}

TEST(WriteScores, TheTempoOfDottedBeatsHasItsDot) {
  Rhythm rhythm;
  rhythm.tempo_bpm = 80;
  testing::add_tab(rhythm, {6, 8}, {{Drum::Snare, "xxxxxx"}});
  EXPECT_THAT(written(write_lilypond, rhythm), HasSubstr("\\tempo 4. = 80 "));
  EXPECT_THAT(written(write_tab, rhythm), HasSubstr("\nTempo: 1/4. = 80\n"));
  EXPECT_THAT(written(write_mscx, rhythm), HasSubstr("<font face=\"FreeSerif\"/>. = 80</text>"));
  EXPECT_THAT(written(write_musicxml, rhythm),
              ::testing::ContainsRegex("<beat-unit>quarter</beat-unit>[^<]*<beat-unit-dot/>"
                                       "[^<]*<per-minute>80</per-minute>"));
}

TEST(WriteScores, TheUnseenLeadInIsNeitherInLilyPondNorInATab) {
  Rhythm rhythm = groove();
  const std::string lilypond = written(write_lilypond, rhythm);
  const std::string tab = written(write_tab, rhythm);
  for (Bar& bar : rhythm.bars) {
    bar.start_s += 0.4;
    bar.end_s += 0.4;
  }
  ASSERT_TRUE(build_score(rhythm).measures.front().lead_in);
  EXPECT_EQ(written(write_lilypond, rhythm), lilypond);
  EXPECT_EQ(written(write_tab, rhythm), tab);
}

TEST(FittingSize, LetsLongTitlesStandOnALine) {
  EXPECT_EQ(fitting_size("A title", 24), 24);
  EXPECT_LT(fitting_size(std::string(70, 'n'), 24), 24);
  EXPECT_GT(fitting_size(std::string(70, 'n'), 24), fitting_size(std::string(70, 'N'), 24));
  EXPECT_EQ(fitting_size(std::string(1000, 'n'), 24), 12);
  EXPECT_EQ(fitting_size("", 24), 24);
}

TEST(WriteLilypond, LongTitlesAreSetSmallerAndBarsAsSmallAsPlanned) {
  Score score = build_score(groove());
  const auto text = [&] {
    std::ostringstream out;
    write_lilypond(score, out);
    return out.str();
  };
  score.title = "A title";
  EXPECT_THAT(text(), HasSubstr("  title = \"A title\"\n"));
  EXPECT_THAT(text(), HasSubstr("#(set-global-staff-size 18.2)\n"));
  score.title = std::string(70, 'n');
  EXPECT_THAT(text(), HasSubstr("  title = \\markup \\abs-fontsize #13.6 \"nnn"));
  score.staff_space_mm = 1.5;
  EXPECT_THAT(text(), HasSubstr("#(set-global-staff-size 17.1)\n"));
}

TEST(WriteMusicXml, TheLeadInIsARestWithAValue) {
  Rhythm rhythm = groove();
  for (Bar& bar : rhythm.bars) {
    bar.start_s += 0.4;
    bar.end_s += 0.4;
  }
  const std::string text = written(write_musicxml, rhythm);
  EXPECT_THAT(text.substr(0, text.find("</measure>")),
              ::testing::ContainsRegex("<rest/>[^/]*<duration>480</duration>[^/]*<voice>1</voice>"
                                       "[^/]*<type>quarter</type>"));
}

TEST(WriteScores, ALateDynamicStandsAtItsNote) {
  Rhythm rhythm;
  testing::add_tab(rhythm, {4, 4}, {{Drum::Snare, "--xx"}});
  EXPECT_THAT(written(write_lilypond, rhythm), HasSubstr("r2 <snare>4\\mf "));
  EXPECT_THAT(written(write_musicxml, rhythm),
              ::testing::ContainsRegex("</note>[^!]*<mf/>[^!]*<unpitched>"));
  EXPECT_THAT(written(write_mscx, rhythm),
              ::testing::ContainsRegex("</Rest>[^!]*<Dynamic>[^!]*<Chord>"));
}

TEST(WriteLilypond, KeepsLettersClearOfTheMetronomeMark) {
  EXPECT_THAT(written(write_lilypond, groove()),
              HasSubstr("\\override RehearsalMark.outside-staff-horizontal-padding = 1"));
}

TEST(WriteLilypond, ParenthesesCanBeSeenBetweenTheLinesAndNoTempoRunsIntoARestsNumber) {
  const std::string text = written(write_lilypond, groove());
  EXPECT_THAT(text, HasSubstr("\\override Parentheses.font-size = -2"));
  EXPECT_THAT(text, HasSubstr("\\override MetronomeMark.outside-staff-horizontal-padding = 2"));
}

TEST(WriteLilypond, SwingStandsWithTheTempo) {
  EXPECT_THAT(written(write_lilypond, triplets()), HasSubstr("\\tempo \"Swing\" 4 = "));
}

TEST(WriteMusicXml, SwingStandsWithTheTempo) {
  EXPECT_THAT(written(write_musicxml, triplets()),
              ::testing::ContainsRegex("<words>Swing  </words>[^/]*/direction-type>"
                                       "[^/]*<direction-type>[^/]*<metronome>"));
}

}  // namespace
}  // namespace fyr
