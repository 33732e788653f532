// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/soft_hihats.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace fyr::rhythm {
namespace {

using ::testing::Each;

/// Whether those pedals are soft hi-hats, beside a ride where one is played.
std::vector<bool> soft(const std::vector<double>& pedals_s,
                       const std::vector<double>& ride_s = {}) {
  std::vector<Onset> onsets;
  for (const double time_s : ride_s) onsets.push_back({time_s, Drum::Ride, 80, 1});
  for (const double time_s : pedals_s) onsets.push_back({time_s, Drum::PedalHiHat, 80, 1});
  std::ranges::stable_sort(onsets, {}, &Onset::time_s);
  const std::vector<bool> all = are_soft_hihats(onsets);
  std::vector<bool> of_pedals;
  for (std::size_t i = 0; i < onsets.size(); ++i) {
    if (onsets[i].drum == Drum::PedalHiHat) of_pedals.push_back(all[i]);
  }
  return of_pedals;
}

TEST(SoftHiHats, ArePedalsTooFastForAFoot) {
  EXPECT_THAT(soft({1, 1.25, 1.5, 1.75}), Each(true));
  EXPECT_THAT(soft({1, 1.35, 1.7, 2.05}), Each(false));
  EXPECT_THAT(soft({1, 1.25}), Each(false)) << "two are a double stroke";
  EXPECT_THAT(soft({1, 1.25, 1.5, 2.5}), ::testing::ElementsAre(true, true, true, false));
  EXPECT_TRUE(are_soft_hihats({}).empty());
  EXPECT_FALSE(are_soft_hihats({{1, Drum::ClosedHiHat, 80, 1}}).front());
}

TEST(SoftHiHats, AreNoneWhereTheHandsPlayOn) {
  const std::vector<double> foot{1, 1.3, 1.6, 1.9};
  EXPECT_THAT(soft(foot, foot), Each(false));
  EXPECT_THAT(soft(foot, {1.05, 1.65}), Each(false)) << "on every other one";
  EXPECT_THAT(soft(foot, {1.05}), Each(true));
  EXPECT_THAT(soft(foot, {1.15, 1.45, 1.75}), Each(true)) << "between";
}

}  // namespace
}  // namespace fyr::rhythm
