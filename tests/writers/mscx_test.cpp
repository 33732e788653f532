// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <clocale>
#include <regex>
#include <sstream>
#include <tuple>

#include "fyr/score_file.hpp"
#include "fyr/writers.hpp"
#include "score/musescore.hpp"
#include "score/tab.hpp"
#include "writers/golden.hpp"

namespace fyr {
namespace {

using testing::expect_golden;
using testing::groove;
using ::testing::HasSubstr;
using testing::meters;
using ::testing::Not;
using testing::triplets;

std::string mscx(const Rhythm& rhythm, double doubt_below = 0) {
  ScoreOptions options;
  options.title = "Golden";
  options.subtitle = "Transcribed by fyr";
  options.doubt_below = doubt_below;
  return testing::written(write_mscx, rhythm, options);
}

TEST(WriteMscx, GrooveWithPickupGhostsAndFlamIsAsGolden) {
  expect_golden(mscx(groove()), "groove.mscx");
}

TEST(WriteMscx, SwungTripletsDragAndRollAreAsGolden) {
  expect_golden(mscx(triplets()), "triplets.mscx");
}

TEST(WriteMscx, ChangingMetersAndDoubtsAreAsGolden) {
  expect_golden(mscx(meters(), 0.5), "meters.mscx");
}

TEST(WriteMscx, GoldenScoresAreAcceptedByMuseScore) {
  if (!testing::has_musescore()) {
    GTEST_SKIP() << "mscore3 is not installed: the scores were NOT shown to the real MuseScore";
  }
  const testing::MuseScoreRun run =
      testing::run_musescore({mscx(groove()), mscx(triplets()), mscx(meters(), 0.5)});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.complaints, ::testing::IsEmpty());
  for (const testing::MuseScoreResult& result : run.results) {
    EXPECT_EQ(result.sanity_error, "");
    EXPECT_EQ(result.difference, "");
  }
}

TEST(WriteMscx, AnUnseenLeadInTakesNoRoomOnThePage) {
  const std::string pulled = "</Rest>\\s*<Segment>\\s*<leadingSpace>-5</leadingSpace>";
  Rhythm rhythm = groove();
  EXPECT_FALSE(std::regex_search(mscx(rhythm), std::regex(pulled)));
  for (Bar& bar : rhythm.bars) {
    bar.start_s += 0.3;
    bar.end_s += 0.3;
  }
  const std::string text = mscx(rhythm);
  EXPECT_TRUE(std::regex_search(text, std::regex(pulled)));
  EXPECT_THAT(check_score(text), ::testing::IsEmpty());
}

TEST(WriteMscx, AnArtistStandsBelowTheSubtitleHoweverWideItIs) {
  ScoreOptions options;
  options.subtitle = "Transcribed by fyr";
  const auto has_height = [&](const char* height) {
    return HasSubstr(std::string("<VBox>\n                <height>") + height);
  };
  EXPECT_THAT(testing::written(write_mscx, groove(), options), has_height("10"));
  options.composer = "Nobody";
  EXPECT_THAT(testing::written(write_mscx, groove(), options), has_height("13"));
}

TEST(WriteMscx, TheParenthesisOfADottedGhostLeavesRoomForTheDot) {
  Rhythm rhythm;
  testing::add_tab(rhythm, {2, 4}, {{Drum::Snare, "x---Xg--"}});
  const std::string dotted = "<name>noteheadParenthesisRight</name>\\s*<offset x=\"0.9\" y=\"0\"/>";
  EXPECT_TRUE(std::regex_search(mscx(rhythm), std::regex(dotted)));
  rhythm.hits.back().tick += 120;  // Now an eighth.
  EXPECT_FALSE(std::regex_search(mscx(rhythm), std::regex(dotted)));
}

TEST(WriteMscx, NoLineOfTheKeyIsWiderThanThePage) {
  Rhythm rhythm = groove();
  for (const DrumInfo& drum : kDrums) {
    rhythm.hits.push_back({1, 0, drum.drum, 90, 0, 1, Ornament::None});
  }
  ScoreOptions options;
  options.style = NotationStyle::Agostini;
  const std::string score = testing::written(write_mscx, rhythm, options);
  const std::size_t start = score.find("<style>Frame</style>");
  EXPECT_LT(start, score.find("<Measure")) << "below the music it may take a page of its own";
  std::istringstream key(score.substr(start));
  std::string line;
  int n_lines = 0;
  for (std::getline(key, line); line.find("</Text>") == std::string::npos;
       std::getline(key, line)) {
    line = std::regex_replace(line, std::regex("<sym>[^<]*</sym>"), "o");
    EXPECT_LE(std::regex_replace(line, std::regex("^ +|<[^>]*>"), "").size(), 115U) << line;
    ++n_lines;
  }
  EXPECT_GE(n_lines, 4);
}

TEST(WriteMscx, ALongTitleIsSetSmaller) {
  ScoreOptions options;
  options.title = std::string(70, 'n');
  EXPECT_TRUE(std::regex_search(testing::written(write_mscx, groove(), options),
                                std::regex("<text><font size=\"1[0-9]\"/>nnn")));
  options.title = "n";
  EXPECT_THAT(testing::written(write_mscx, groove(), options), HasSubstr("<text>n</text>"));
}

TEST(WriteMscx, ALastLineIsAsWideAsTheOthersIfItHasAsManyBars) {
  Rhythm rhythm;
  for (int bar = 0; bar < 7; ++bar) testing::add_tab(rhythm, {4, 4}, {{Drum::Snare, "xxxx"}});
  EXPECT_THAT(mscx(rhythm), HasSubstr("<lastSystemFillLimit>0.7</lastSystemFillLimit>"));
  testing::add_tab(rhythm, {4, 4}, {{Drum::Snare, "xxxx"}});
  EXPECT_THAT(mscx(rhythm), HasSubstr("<lastSystemFillLimit>0</lastSystemFillLimit>"));
}

TEST(WriteMscx, ALastLineIsAsWideIfItHasFourBarsWhateverStandsBefore) {
  Score score = build_score(groove());
  const auto fills = [&](std::size_t n_before, std::size_t n_last, bool pickup) {
    score.measures.assign(n_before + n_last, score.measures.back());
    for (Measure& measure : score.measures) measure.line_break = false;
    score.measures[n_before - 1].line_break = true;
    score.measures[n_before].numbered = !pickup;
    std::ostringstream out;
    write_mscx(score, out);
    return out.str().find("<lastSystemFillLimit>0<") != std::string::npos;
  };
  EXPECT_TRUE(fills(6, 4, false));
  EXPECT_FALSE(fills(4, 4, true)) << "an unnumbered one is no bar";
}

/// Two bars around two silent ones.
Score with_silence() {
  Rhythm rhythm;
  for (int bar = 0; bar < 4; ++bar) {
    testing::add_tab(rhythm, {4, 4}, {{Drum::Snare, bar % 3 == 0 ? "x-x-" : "----"}});
  }
  return build_score(rhythm);
}

std::string written(const Score& score) {
  std::ostringstream out;
  write_mscx(score, out);
  return out.str();
}

TEST(WriteMscx, SilentBarsAreDrawnAsOneRest) {
  Score score = with_silence();
  const std::string text = written(score);
  const std::size_t rest = text.find("<multiMeasureRest>2</multiMeasureRest>");
  ASSERT_NE(rest, std::string::npos);
  EXPECT_THAT(text.substr(0, rest), ::testing::ContainsRegex("<Measure len=\"8/4\">[^<]*$"));
  EXPECT_THAT(text.substr(rest), HasSubstr("<duration>8/4</duration>"));
  EXPECT_THAT(check_score(text), ::testing::IsEmpty());
  // The line ends where the last of the bars does.
  const std::string line_break = "</multiMeasureRest>[^<]*<LayoutBreak>";
  EXPECT_FALSE(std::regex_search(text, std::regex(line_break)));
  score.measures[2].line_break = true;
  EXPECT_TRUE(std::regex_search(written(score), std::regex(line_break)));
}

/// MuseScore counts the tied elements back from the one that is drawn.
TEST(WriteMscx, WhatStandsOverTheDrawnRestIsTiedToTheFirstSilentBar) {
  Score score = with_silence();
  score.measures[1].rehearsal = "B";
  const auto n_tied = [&] {
    const std::string text = written(score);
    std::smatch found;
    EXPECT_TRUE(std::regex_search(text, found, std::regex("<indexDiff>(-\\d+)</indexDiff>")));
    return found[1].str();
  };
  const int n_tempi = static_cast<int>(score.measures[1].tempi.size());
  EXPECT_EQ(n_tied(), std::to_string(-1 - n_tempi));
  score.measures[1].shows_meter = true;
  EXPECT_EQ(n_tied(), std::to_string(-2 - n_tempi));
}

TEST(WriteMscx, ARepeatedBarHasItsTempo) {
  Score score = build_score(groove());
  score.measures[2].repeats = true;
  score.measures[2].tempi = {{0, 1.75, std::nullopt}};
  EXPECT_TRUE(std::regex_search(
      written(score), std::regex("<tempo>1.75</tempo>[^!]*?</Tempo>\\s*<RepeatMeasure>")));
}

TEST(WriteMscx, TheTempoOfEighthsShowsOne) {
  Rhythm rhythm;
  testing::add_tab(rhythm, {7, 8}, {{Drum::Snare, "xxxxxxx"}});
  EXPECT_THAT(mscx(rhythm), HasSubstr("<sym>metNote8thUp</sym>"));
}

TEST(WriteMscx, SixteenthsSwingAsSuch) {
  Rhythm rhythm = groove();
  EXPECT_THAT(mscx(rhythm), Not(HasSubstr("<swing ")));
  rhythm.swing = {0.62, kTicksPerQuarter / 4};
  EXPECT_THAT(mscx(rhythm), HasSubstr("<swing unit=\"16th\" ratio=\"62\"/>"));
  rhythm.swing.unit = kTicksPerQuarter / 2;
  EXPECT_THAT(mscx(rhythm), HasSubstr("<swing unit=\"eighth\" ratio=\"62\"/>"));
}

TEST(WriteMscx, SwingStandsWithTheTempo) {
  const std::regex shown("<text>Swing  <sym>metNoteQuarterUp</sym>");
  EXPECT_TRUE(std::regex_search(mscx(triplets()), shown));
  EXPECT_FALSE(std::regex_search(mscx(groove()), shown));
}

TEST(WriteMscx, DynamicsHaveMuseScoresNamesAndVelocities) {
  Score score = build_score(groove());
  const std::vector<std::tuple<Dynamic, std::string, std::string>> all{{Dynamic::P, "p", "49"},
                                                                       {Dynamic::Mp, "mp", "64"},
                                                                       {Dynamic::Mf, "mf", "80"},
                                                                       {Dynamic::F, "f", "96"},
                                                                       {Dynamic::Ff, "ff", "112"}};
  for (const auto& [dynamic, name, velocity] : all) {
    score.measures.front().dynamic = {dynamic, 0, 0};
    std::ostringstream out;
    write_mscx(score, out);
    EXPECT_TRUE(std::regex_search(
        out.str(),
        std::regex("<subtype>" + name + "</subtype>\\s*<velocity>" + velocity + "</velocity>")))
        << name;
  }
}

TEST(WriteMscx, TextsAreEscapedAndRepaired) {
  ScoreOptions options;
  options.title = "<A> & \"B\" \x01 \xFF \xED\xA0\x80 \xE9\xBC\x93";
  std::ostringstream out;
  write_mscx(build_score({}, options), out);
  EXPECT_THAT(out.str(), HasSubstr("&lt;A&gt; &amp; "));
  EXPECT_THAT(out.str(), HasSubstr("\xE9\xBC\x93"));
  EXPECT_THAT(out.str(), HasSubstr("\xEF\xBF\xBD"));
  EXPECT_THAT(out.str(), Not(HasSubstr("\xFF")));
  EXPECT_THAT(out.str(), Not(HasSubstr("\x01")));
}

TEST(WriteMscx, NumbersDoNotFollowTheLocale) {
  Rhythm rhythm = groove();
  rhythm.bars.back().end_s += 0.1;
  const std::string before = mscx(rhythm);
  const char* old = std::setlocale(LC_ALL, nullptr);
  const std::string saved = old == nullptr ? "C" : old;
  for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8"}) std::setlocale(LC_ALL, name);
  EXPECT_EQ(mscx(rhythm), before);
  std::setlocale(LC_ALL, saved.c_str());
}

}  // namespace
}  // namespace fyr
