// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/form.hpp"

#include <gtest/gtest.h>

#include <array>
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

TEST(FindSections, ASectionBeginsWithItsFirstStroke) {
  Rhythm rhythm = two_grooves({0, 1, 2, 3, 4, 5, 6, 7}, {8, 10, 12, 14});
  for (QuantisedHit& hit : rhythm.hits) {
    if (hit.bar == 7) hit.drum = Drum::HighTom;  // A fill, and before the groove a bar's rest.
  }
  std::erase_if(rhythm.hits, [](const QuantisedHit& hit) { return hit.bar == 8; });
  const std::vector<Section> sections = find_sections(rhythm);
  ASSERT_EQ(sections.size(), 2U);
  EXPECT_EQ(sections[1].first_bar, 9U);
}

TEST(FindSections, AFewStrokesHereAndThereMakeNoForm) {
  EXPECT_TRUE(find_sections(two_grooves({0}, {8})).empty());
}

TEST(FindSections, StrokesThatStandAloneAfterALongRestHaveNoLetter) {
  Rhythm rhythm = two_grooves({0, 4, 8, 12}, {});
  rhythm.hits.push_back({13, 0, Drum::Snare, 90});
  rhythm.hits.push_back({15, 0, Drum::Snare, 90});
  EXPECT_TRUE(find_sections(rhythm).empty());
}

TEST(FindSections, WhereABarHasSomethingOfBothASectionBeginsAfterWholePhrases) {
  const std::vector<int> before{0, 1, 2, 3, 4, 5, 6, 7};
  const std::vector<int> after{8, 9, 10, 11, 12, 13, 14, 15};
  const auto begin_with = [&](const std::vector<int>& between) {
    Rhythm rhythm = two_grooves(before, after);
    std::erase_if(rhythm.hits, [](const QuantisedHit& hit) { return hit.bar == 8; });
    const auto place = std::ranges::find(rhythm.hits, 9, &QuantisedHit::bar);
    std::vector<QuantisedHit> bar;
    for (const int sixteenth : between) {
      bar.push_back({8, sixteenth * kTicksPerQuarter / 4, Drum::ClosedHiHat, 90});
    }
    rhythm.hits.insert(place, bar.begin(), bar.end());
    return find_sections(rhythm).at(1).first_bar;
  };
  EXPECT_EQ(begin_with({0, 1, 2, 3, 4, 8, 9, 10}), 8U);
  EXPECT_EQ(begin_with(before), 9U) << "the groove of before changes nowhere else";
}

TEST(FindSections, PhrasesAreCountedFromTheFirstWholeBar) {
  // A pickup, eight bars, one that has something of both, and seven of the second groove.
  Rhythm rhythm;
  rhythm.bars.push_back({{4, 4}, kTicksPerQuarter, 0, 0.5, {}});
  for (int bar = 1; bar < 17; ++bar) {
    rhythm.bars.push_back({{4, 4}, 4 * kTicksPerQuarter, 2.0 * bar, 2.0 * bar + 2, {}});
    const std::vector<int> between{0, 1, 2, 3, 4, 8, 9, 10};
    for (int i = 0; i < 8; ++i) {
      const int sixteenth = bar < 9 ? i : bar == 9 ? between[static_cast<std::size_t>(i)] : 8 + i;
      rhythm.hits.push_back({bar, sixteenth * kTicksPerQuarter / 4, Drum::ClosedHiHat, 90});
    }
  }
  EXPECT_EQ(find_sections(rhythm).at(1).first_bar, 9U);
}

TEST(FindSections, AfterTheLastLetterThereIsNoOther) {
  // Thirty grooves of three strokes that no other has.
  constexpr std::array kFamilies{Drum::Kick, Drum::Snare,  Drum::ClosedHiHat,
                                 Drum::Ride, Drum::MidTom, Drum::Percussion};
  Rhythm rhythm;
  for (int bar = 0; bar < 240; ++bar) {
    rhythm.bars.push_back({{4, 4}, 4 * kTicksPerQuarter, 2.0 * bar, 2.0 * bar + 2, {}});
    const int groove = bar / 8;
    for (int i = 0; i < 3; ++i) {
      const int sixteenth = groove / 6 * 3 + i;
      rhythm.hits.push_back({bar, sixteenth * kTicksPerQuarter / 4,
                             kFamilies.at(static_cast<std::size_t>(groove % 6)), 90});
    }
  }
  const std::vector<Section> sections = find_sections(rhythm);
  ASSERT_EQ(sections.size(), 26U) << "what comes after Y is Z";
  EXPECT_EQ(sections[24].letter, 'Y');
  EXPECT_EQ(sections[25].letter, 'Z');
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
