// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <clocale>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "fyr/writers.hpp"
#include "score/musescore.hpp"
#include "score/tab.hpp"

namespace fyr {
namespace {

using testing::add_tab;
using ::testing::HasSubstr;
using ::testing::Not;

/// A pickup, a groove with ghosts and an open hat, a break with a flam.
Rhythm groove() {
  Rhythm rhythm;
  add_tab(rhythm, {4, 4}, {{Drum::Snare, "xX"}}, 480);
  add_tab(rhythm, {4, 4},
          {{Drum::Crash, "x---------------"},
           {Drum::ClosedHiHat, "--x-x-x-x-x-x-x-"},
           {Drum::Snare, "----x-------x---"},
           {Drum::Kick, "x-------x-x-----"}});
  add_tab(rhythm, {4, 4},
          {{Drum::ClosedHiHat, "x-xxx-x-x-xxx---"},
           {Drum::OpenHiHat, "--------------x-"},
           {Drum::Snare, "-g--x--g-g--x--g"},
           {Drum::Kick, "x--x------xx----"}});
  add_tab(rhythm, {4, 4},
          {{Drum::Snare, "x-x-----X-xxf---"},
           {Drum::HighTom, "----x-x---------"},
           {Drum::FloorTom, "---------------x"},
           {Drum::PedalHiHat, "x---x---x---x---"}});
  return rhythm;
}

Rhythm triplets() {
  Rhythm rhythm;
  rhythm.swing = 0.66;
  add_tab(rhythm, {4, 4},
          {{Drum::Ride, "x--x-xx--x-x"},
           {Drum::PedalHiHat, "---x-----x--"},
           {Drum::Snare, "-----g----g-"},
           {Drum::Kick, "x----------x"}});
  add_tab(rhythm, {3, 4},
          {{Drum::Snare, "xxxxxxx--x-xx-----"}, {Drum::Kick, "x-----x-----x-----"}});
  add_tab(rhythm, {3, 4}, {{Drum::Snare, "d-----r-----"}});
  return rhythm;
}

Rhythm meters() {
  Rhythm rhythm;
  add_tab(rhythm, {7, 8},
          {{Drum::Ride, "xxxxxxx"}, {Drum::Snare, "---x-x-"}, {Drum::Kick, "x-x---x"}});
  add_tab(rhythm, {6, 8},
          {{Drum::ClosedHiHat, "x-x-x-x-x-x-"},
           {Drum::SideStick, "------x-----"},
           {Drum::Kick, "x----x------"}});
  add_tab(rhythm, {5, 4}, {{Drum::RideBell, "xxxxx"}, {Drum::Kick, "x--x-"}});
  add_tab(rhythm, {2, 4}, {{Drum::Kick, "xx"}});
  add_tab(rhythm, {2, 4}, {});
  add_tab(rhythm, {2, 4}, {{Drum::Percussion, "x---?---"}});
  return rhythm;
}

std::string mscx(const Rhythm& rhythm, double doubt_below = 0) {
  ScoreOptions options;
  options.title = "Golden";
  options.subtitle = "Transcribed by fyr";
  options.doubt_below = doubt_below;
  std::ostringstream out;
  write_mscx(build_score(rhythm, options), out);
  return out.str();
}

/// Compares with tests/data/score/NAME.mscx; FYR_WRITE_GOLDEN=1 writes it anew.
void expect_golden(const std::string& text, const std::string& name) {
  const std::string path = std::string(FYR_TEST_DATA) + "/score/" + name + ".mscx";
  if (std::getenv("FYR_WRITE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  std::ifstream file(path, std::ios::binary);
  const std::string golden(std::istreambuf_iterator<char>(file), {});
  EXPECT_TRUE(text == golden) << "differs from " << path
                              << "; look at it in MuseScore, then run with FYR_WRITE_GOLDEN=1";
}

TEST(WriteMscx, GrooveWithPickupGhostsAndFlamIsAsGolden) {
  expect_golden(mscx(groove()), "groove");
}

TEST(WriteMscx, SwungTripletsDragAndRollAreAsGolden) {
  expect_golden(mscx(triplets()), "triplets");
}

TEST(WriteMscx, ChangingMetersAndDoubtsAreAsGolden) {
  expect_golden(mscx(meters(), 0.5), "meters");
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
