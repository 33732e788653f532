// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/zip.hpp"

#include <gmock/gmock.h>

#include <string>

#include "fyr/error.hpp"

namespace fyr {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr std::size_t kMiB = std::size_t{1} << 20U;

/// Empty if nothing was thrown.
template <typename Error, typename Function>
std::string message_of(const Function& function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(Unzip, ReadsOnlyThePartsThatAreNamed) {
  const std::string large(2 * kMiB, 'x');
  std::string archive = zip({{"wanted", "abc"}, {"large", large}, {"damaged", "text"}}, "a test");
  archive[archive.find("text")] = 'n';
  EXPECT_THAT(unzip(archive, {"wanted", "missing"}, kMiB), ElementsAre(Pair("wanted", "abc")));
  EXPECT_THAT(message_of<InputError>([&] { unzip(archive, {"damaged"}, kMiB); }),
              HasSubstr("\"damaged\" is damaged"));
}

TEST(Unzip, MakesNoRoomForWhatNoArchiveCanHold) {
  std::string archive = zip({{"a", "abc"}}, "a test");
  const std::size_t size_in_part = 22;
  const std::size_t size_in_directory = archive.find("PK\x01\x02") + 24;
  for (const std::size_t at : {size_in_part, size_in_directory}) {
    archive.replace(at, 4, "\0\0\0\x40", 4);  // 1 GiB.
  }
  EXPECT_EQ(message_of<InputError>([&] { unzip(archive, {"a"}, std::size_t{2048} * kMiB); }),
            "its part \"a\" is damaged");
}

TEST(Unzip, BoundsTheSumOfTheParts) {
  const std::string half(kMiB / 2, 'x');
  const std::string archive = zip({{"a", half}, {"b", half}, {"c", "x"}}, "a test");
  EXPECT_EQ(unzip(archive, {"a", "b"}, kMiB).size(), 2U);
  EXPECT_EQ(message_of<InputError>([&] {
              unzip(archive, {"a", "b", "c"}, kMiB);
            }),
            "it unpacks to more than 1 MiB");
}

TEST(Zip, SaysWhatCannotBePacked) {
  EXPECT_THAT(message_of<OutputError>([] {
                zip({{"a", "1"}, {"a", "2"}}, "the activations");
              }),
              HasSubstr("cannot compress the activations: "));
}

}  // namespace
}  // namespace fyr
