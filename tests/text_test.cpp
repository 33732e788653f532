// SPDX-License-Identifier: GPL-3.0-or-later
#include "text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "fyr/error.hpp"

namespace fyr {
namespace {

TEST(ReadAll, RefusesMoreThanItMayHold) {
  constexpr std::size_t kMebibyte = std::size_t{1} << 20U;
  std::istringstream fits(std::string(kMebibyte, 'x'));
  EXPECT_EQ(read_all(fits, "it", kMebibyte).size(), kMebibyte);
  std::istringstream longer(std::string(kMebibyte + 1, 'x'));
  try {
    read_all(longer, "it", kMebibyte);
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "cannot read it: it holds more than 1 MiB; is it the right file?");
  }
}

TEST(SaysWhatToDo, BehindTheLastQuote) {
  EXPECT_TRUE(says_what_to_do("it is cut off; copy it again"));
  EXPECT_FALSE(says_what_to_do("it is cut off"));
  EXPECT_FALSE(says_what_to_do("the length \"1; 2\" makes no sense"));
  EXPECT_TRUE(says_what_to_do("the length \"1\" makes no sense; save it again"));
}

TEST(CheckNesting, CountsBracketsOutsideOfTexts) {
  const std::string deep(101, '[');
  EXPECT_THROW(check_nesting(deep), InputError);
  EXPECT_THROW(check_nesting(R"({"a\\": )" + deep), InputError);
  EXPECT_NO_THROW(check_nesting(deep.substr(1)));
  EXPECT_NO_THROW(check_nesting(R"({"\"[": ")" + deep + "\"}"));
  std::string wide;
  for (int i = 0; i < 1000; ++i) wide += "[{}],";
  EXPECT_NO_THROW(check_nesting(wide));
}

}  // namespace
}  // namespace fyr
