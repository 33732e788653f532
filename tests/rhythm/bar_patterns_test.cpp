// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/bar_patterns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace fyr::rhythm {
namespace {

using ::testing::ElementsAre;

std::vector<Role> roles_of(const Meter& meter) {
  std::vector<Role> roles;
  for (const Step& step : steps_of(meter)) roles.push_back(step.role);
  return roles;
}

TEST(StepsOf, PlayTheRolesOfTheBeatsOfFourFour) {
  EXPECT_THAT(roles_of({4, 4}), ElementsAre(Role::Down, Role::Back, Role::Middle, Role::LastBack));
  EXPECT_THAT(roles_of({3, 4}), ElementsAre(Role::Down, Role::Back, Role::LastBack));
  EXPECT_THAT(roles_of({2, 4}), ElementsAre(Role::Down, Role::Back)) << "no fill in every bar";
  EXPECT_THAT(roles_of({7, 8}), ElementsAre(Role::Down, Role::Back, Role::Middle, Role::Middle));
  EXPECT_THAT(roles_of({6, 8}), ElementsAre(Role::CompoundDown, Role::CompoundBack));
}

}  // namespace
}  // namespace fyr::rhythm
