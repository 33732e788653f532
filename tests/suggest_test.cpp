// SPDX-License-Identifier: GPL-3.0-or-later
#include "suggest.hpp"

#include <gtest/gtest.h>

namespace fyr {
namespace {

TEST(DidYouMean, TakesLettersLeftOutAddedReplacedOrSwapped) {
  for (const char* typed : {"snre", "snaree", "snard", "sanre"}) {
    EXPECT_EQ(did_you_mean(typed, {"kick", "snare"}), " (did you mean \"snare\"?)") << typed;
  }
  EXPECT_EQ(did_you_mean("cowbell", {"kick", "snare"}), "");
  EXPECT_EQ(did_you_mean("x", {"kick", "o"}), "") << "nothing of it would be left";
}

TEST(UnknownDrum, NamesTheDrumsThereAre) {
  EXPECT_EQ(
      unknown_drum("snar").find("unknown drum \"snar\" (did you mean \"snare\"?); the drums are: "
                                "kick, snare, side_stick"),
      0U);
}

}  // namespace
}  // namespace fyr
