// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/drum.hpp"

#include <gtest/gtest.h>

#include <set>

namespace fyr {
namespace {

TEST(Drum, TableIsInModelOrder) {
  for (std::size_t i = 0; i < kNDrums; ++i) EXPECT_EQ(index_of(kDrums[i].drum), i);
}

TEST(Drum, IdsAndMidiKeysAreUnique) {
  std::set<std::string_view> ids;
  std::set<int> keys;
  for (const DrumInfo& drum : kDrums) {
    EXPECT_TRUE(ids.insert(drum.id).second) << drum.id;
    EXPECT_TRUE(keys.insert(drum.midi_key).second) << drum.id;
  }
}

TEST(Drum, IsFoundById) {
  EXPECT_EQ(drum_from_id("floor_tom"), Drum::FloorTom);
  EXPECT_EQ(drum_from_id("cowbell"), std::nullopt);
}

TEST(Drum, OneStrokeIsOnOneCymbalOnSnareOrSmallTom) {
  for (const DrumInfo& a : kDrums) {
    for (const DrumInfo& b : kDrums)
      EXPECT_EQ(is_one_stroke(a.drum, b.drum), is_one_stroke(b.drum, a.drum));
  }
  EXPECT_TRUE(is_one_stroke(Drum::ClosedHiHat, Drum::RideBell));
  EXPECT_TRUE(is_one_stroke(Drum::OpenHiHat, Drum::Crash));
  EXPECT_FALSE(is_one_stroke(Drum::PedalHiHat, Drum::Crash));
  EXPECT_FALSE(is_one_stroke(Drum::Percussion, Drum::Ride));
  EXPECT_TRUE(is_one_stroke(Drum::Snare, Drum::MidTom));
  EXPECT_FALSE(is_one_stroke(Drum::Snare, Drum::FloorTom));
  EXPECT_FALSE(is_one_stroke(Drum::SideStick, Drum::HighTom));
}

TEST(Drum, HandsNeedTimeForAnotherSoundOfAnInstrument) {
  EXPECT_TRUE(takes_time_between(Drum::Snare, Drum::SideStick));
  EXPECT_TRUE(takes_time_between(Drum::OpenHiHat, Drum::ClosedHiHat));
  EXPECT_TRUE(takes_time_between(Drum::RideBell, Drum::Ride));
  EXPECT_FALSE(takes_time_between(Drum::OpenHiHat, Drum::PedalHiHat));
  EXPECT_FALSE(takes_time_between(Drum::HighTom, Drum::FloorTom));
  EXPECT_FALSE(takes_time_between(Drum::Snare, Drum::Snare));
}

}  // namespace
}  // namespace fyr
