// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fyr/writers.hpp"
#include "score/tab.hpp"
#include "writers/golden.hpp"

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

TEST(WriteMscz, IsAZipWithTheSameBytesEachTime) {
  const std::string once = written(write_mscz, groove());
  EXPECT_TRUE(once.starts_with("PK\x03\x04"));
  EXPECT_THAT(once, HasSubstr("META-INF/container.xml"));
  EXPECT_EQ(once, written(write_mscz, groove()));
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

TEST(WriteLilypond, KeepsLettersClearOfTheMetronomeMark) {
  EXPECT_THAT(written(write_lilypond, groove()),
              HasSubstr("\\override RehearsalMark.outside-staff-horizontal-padding = 1"));
}

}  // namespace
}  // namespace fyr
