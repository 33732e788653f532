// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/form.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace fyr {
namespace {

/// Eight bars of hi-hats on these sixteenths, then eight on the others.
Rhythm two_grooves(const std::vector<int>& before, const std::vector<int>& after) {
  Rhythm rhythm;
  for (int bar = 0; bar < 16; ++bar) {
    rhythm.bars.push_back({{4, 4}, 4 * kTicksPerQuarter, 2.0 * bar, 2.0 * bar + 2, {}});
    for (const int sixteenth : bar < 8 ? before : after) {
      rhythm.hits.push_back({bar, sixteenth * kTicksPerQuarter / 4, Drum::ClosedHiHat, 90});
    }
  }
  return rhythm;
}

TEST(FindSections, ACrashTipsTheScale) {
  // Seven of ten strokes stay: a difference of .3, where .35 begin a section.
  Rhythm rhythm = two_grooves({0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {0, 1, 2, 3, 4, 5, 6, 13, 14, 15});
  EXPECT_TRUE(find_sections(rhythm).empty());
  rhythm.hits.push_back({8, 0, Drum::Crash, 110});
  const std::vector<Section> sections = find_sections(rhythm);
  ASSERT_EQ(sections.size(), 2U);
  EXPECT_EQ(sections[1].first_bar, 8U);
  EXPECT_EQ(sections[1].letter, 'B');
}

TEST(FindSections, SilenceBeforeTheOnlyGrooveMakesNoForm) {
  EXPECT_TRUE(find_sections(two_grooves({}, {0, 4, 8, 12})).empty());
}

TEST(FindSections, ASectionOfCrashesAloneIsNotSilent) {
  Rhythm rhythm = two_grooves({}, {0, 4, 8, 12});
  rhythm.hits.insert(rhythm.hits.begin(), {2, 0, Drum::Crash, 90});
  const std::vector<Section> sections = find_sections(rhythm);
  ASSERT_EQ(sections.size(), 2U);
  EXPECT_EQ(sections[0].letter, 'A');
  EXPECT_EQ(sections[1].letter, 'B');
}

TEST(FindSections, ABarThatPlaysTheNewGrooveBeginsItHoweverMuchTheNextOneDiffers) {
  // After many strokes, few ones: with one bar of them before the bar line the difference is .84.
  const std::vector<Section> sections =
      find_sections(two_grooves({0, 1, 2, 3, 4, 5, 6, 7}, {8, 12}));
  ASSERT_EQ(sections.size(), 2U);
  EXPECT_EQ(sections[1].first_bar, 8U);
}

TEST(IsPeak, OfEqualValuesTheFirstIs) {
  const std::vector<double> values{0, 2, 2, 1, 2};
  EXPECT_TRUE(is_peak(values, 1, 3));
  EXPECT_FALSE(is_peak(values, 2, 3));
  EXPECT_FALSE(is_peak(values, 3, 2));
  EXPECT_TRUE(is_peak(values, 4, 2)) << "the others are too far away";
  EXPECT_FALSE(is_peak({3, 0, 2}, 2, 3));
  EXPECT_FALSE(is_peak({2, 0, 3}, 0, 3));
}

}  // namespace
}  // namespace fyr
