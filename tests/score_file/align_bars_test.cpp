// SPDX-License-Identifier: GPL-3.0-or-later
#include "score_file/align_bars.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace fyr {
namespace {

/// A note on each eighth, each of the key.
MscxBar bar_of(int pitch) {
  MscxBar bar;
  for (int eighth = 0; eighth < 8; ++eighth) {
    MscxNote note;
    note.position = Fraction(eighth, 8);
    note.pitch = pitch;
    bar.notes.push_back(note);
  }
  return bar;
}

/// Four bars again and again.
std::vector<MscxBar> groove(std::size_t n_bars) {
  std::vector<MscxBar> bars;
  for (std::size_t i = 0; i < n_bars; ++i) bars.push_back(bar_of(static_cast<int>(i % 4)));
  return bars;
}

/// "1-1 2- -2 3-3": the bars of each pair.
std::string text_of(const std::vector<BarPair>& pairs) {
  std::string text;
  for (const BarPair& pair : pairs) {
    if (!text.empty()) text += " ";
    if (pair.before) text += std::to_string(*pair.before);
    text += "-";
    if (pair.after) text += std::to_string(*pair.after);
  }
  return text;
}

TEST(AlignBars, PairsWhatIsAlike) {
  const std::vector<MscxBar> one{bar_of(1), bar_of(2), bar_of(3), bar_of(4)};
  const std::vector<MscxBar> two{bar_of(2), bar_of(3), bar_of(5), bar_of(4), bar_of(4)};
  EXPECT_EQ(text_of(align_bars(one, two)), "0- 1-0 2-1 -2 3-3 -4");
  EXPECT_EQ(text_of(align_bars(two, one)), "-0 0-1 1-2 2- 3-3 4-");
  EXPECT_EQ(text_of(align_bars({}, one)), "-0 -1 -2 -3");
  EXPECT_EQ(text_of(align_bars({bar_of(1)}, {bar_of(2)})), "0-0");
}

TEST(AlignBars, WhatABarHasMoreCountsAgainstIt) {
  // Four of eight notes, and five of them among sixteen others.
  MscxBar half = bar_of(1);
  half.notes.resize(4);
  MscxBar among_others = bar_of(1);
  for (int pitch = 2; pitch < 4; ++pitch) {
    const MscxBar more = bar_of(pitch);
    among_others.notes.insert(among_others.notes.end(), more.notes.begin(), more.notes.end());
  }
  among_others.notes.erase(among_others.notes.begin(), among_others.notes.begin() + 3);
  EXPECT_EQ(text_of(align_bars({bar_of(1)}, {half, among_others})), "0-0 -1");
  EXPECT_EQ(text_of(align_bars({bar_of(1)}, {among_others, half})), "-0 0-1");
}

/// A table of all pairs would take gigabytes and minutes.
TEST(AlignBars, LongScoresTakeNoTableOfAllPairs) {
  constexpr std::size_t kBars = 20'000;
  const std::vector<MscxBar> before = groove(kBars);
  std::vector<MscxBar> after = before;
  after.erase(after.begin() + 1002);
  after.insert(after.begin() + 15'000, bar_of(9));
  const std::vector<BarPair> pairs = align_bars(before, after);
  ASSERT_EQ(pairs.size(), kBars + 1);
  EXPECT_EQ(pairs[1002].before, 1002U);
  EXPECT_EQ(pairs[1002].after, std::nullopt);
  EXPECT_EQ(pairs[10'000].before, 10'000U);
  EXPECT_EQ(pairs[10'000].after, 9'999U);
  EXPECT_EQ(pairs[15'001].before, std::nullopt);
  EXPECT_EQ(pairs[15'001].after, 15'000U);
  EXPECT_EQ(pairs.back().before, kBars - 1);
}

TEST(AlignBars, FindsBarsFarFromTheirPlace) {
  std::vector<MscxBar> before;
  for (int i = 0; i < 120; ++i) before.push_back(bar_of(i));
  std::vector<MscxBar> after(before.begin() + 100, before.end());  // The end comes first …
  after.insert(after.end(), before.begin(), before.begin() + 100);
  const std::vector<BarPair> pairs = align_bars(before, after);
  ASSERT_EQ(pairs.size(), 140U);
  EXPECT_EQ(pairs[20].before, 0U);
  EXPECT_EQ(pairs[20].after, 20U);
}

TEST(AlignBars, PairsOneByOneWhatIsTooLongToSearch) {
  const std::vector<MscxBar> before(30'000, bar_of(1));
  const std::vector<MscxBar> after(3'000, bar_of(2));
  const std::vector<BarPair> pairs = align_bars(before, after);
  ASSERT_EQ(pairs.size(), 30'000U);
  EXPECT_EQ(pairs[2'999].after, 2'999U);
  EXPECT_EQ(pairs[3'000].after, std::nullopt);
}

}  // namespace
}  // namespace fyr
