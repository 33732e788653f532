// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/onset.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "fyr/error.hpp"

namespace fyr {
namespace {

using ::testing::HasSubstr;

std::string complaint(const std::vector<Onset>& onsets) {
  try {
    check(onsets);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(CheckOnsets, SaysWhatIsWrongWithHits) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(complaint({}), "");
  EXPECT_EQ(complaint({{0, Drum::Kick, 1}, {0, Drum::Kick, 127}, {1e6, Drum::Crash, 64}}), "");
  EXPECT_THAT(complaint({{2, Drum::Kick, 90}, {1, Drum::Kick, 90}}), HasSubstr("in time order"));
  for (const double time_s : {-0.1, 1.1e6, kNan}) {
    EXPECT_THAT(complaint({{time_s, Drum::Kick, 90}}), HasSubstr("from 0 to 1000000 s")) << time_s;
  }
  for (const int velocity : {0, 128}) {
    EXPECT_THAT(complaint({{0, Drum::Kick, velocity}}), HasSubstr("velocities")) << velocity;
  }
  EXPECT_THAT(complaint({{0, static_cast<Drum>(kNDrums), 90}}), HasSubstr("no such drum"));
}

}  // namespace
}  // namespace fyr
