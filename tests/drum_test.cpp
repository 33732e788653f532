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

}  // namespace
}  // namespace fyr
