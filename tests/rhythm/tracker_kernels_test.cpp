// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/tracker_kernels.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace fyr::rhythm {
namespace {

constexpr InstructionSet kAll[] = {InstructionSet::Baseline, InstructionSet::Avx2,
                                   InstructionSet::Avx512};
constexpr int kStates = 4 * kRowFloats;
constexpr int kRows = 6;

/// Rows of scores, some of them impossible, some of them equal.
std::vector<std::vector<float>> random_rows() {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> score(-40, 8);
  std::vector<std::vector<float>> rows(kRows, std::vector<float>(kStates));
  for (auto& row : rows) {
    for (float& value : row) {
      const int drawn = score(random);
      value = drawn < -36 ? kNever : 0.3F * static_cast<float>(drawn);
    }
  }
  return rows;
}

class EachInstructionSet : public testing::TestWithParam<InstructionSet> {
 protected:
  void SetUp() override {
    if (!is_supported(GetParam())) GTEST_SKIP() << "this processor lacks " << name(GetParam());
  }
  const TrackerKernels& kernels() const { return tracker_kernels(GetParam()); }

  std::vector<std::vector<float>> rows_ = random_rows();
  std::vector<float> found_ = std::vector<float>(kStates, -1);
  std::vector<std::uint8_t> marks_ = std::vector<std::uint8_t>(kStates, 99);
};

TEST_P(EachInstructionSet, ObservesHitsAndBeats) {
  const float* hits[] = {rows_[0].data(), rows_[1].data(), rows_[2].data()};
  const std::vector<float>& expected = rows_[3];
  std::vector<float> firsts(kStates, 0.0F);
  for (std::size_t s = 0; s < kStates; s += 3) firsts[s] = 1;
  kernels().observe({hits, 3, expected.data(), 21, 0.5F, firsts.data(), 2.0F, -1.5F}, kStates,
                    found_.data());
  for (std::size_t s = 0; s < kStates; ++s) {
    const float sum = -expected[s] * 21 + rows_[0][s] + rows_[1][s] + rows_[2][s];
    EXPECT_EQ(found_[s], sum * 0.5F + (s % 3 == 0 ? 2.0F : -1.5F)) << s;
  }
}

TEST_P(EachInstructionSet, FinishesStepsTheFirstBestWay) {
  const Ending ways[] = {{rows_[0].data(), rows_[1].data(), -0.5F, 0},
                         {rows_[2].data(), rows_[3].data(), 0, 1},
                         {rows_[4].data(), rows_[5].data(), -1, 2}};
  const float best = kernels().finish({ways, 2, 1, kRowFloats, 2 * kRowFloats}, kStates,
                                      found_.data(), marks_.data());
  for (std::size_t s = 0; s < kStates; ++s) {
    const bool half = s >= kRowFloats && s < 2 * kRowFloats;
    float expected = kNever;
    std::uint8_t mark = 0;
    for (const Ending& way : ways) {
      const float score = way.starts[s] + way.observed[s] + way.cost;
      if ((way.mark == 2 && !half) || score <= expected) continue;
      expected = score;
      mark = static_cast<std::uint8_t>(way.mark);
    }
    EXPECT_EQ(found_[s], expected) << s;
    EXPECT_EQ(marks_[s], mark) << s;
  }
  EXPECT_EQ(best, *std::max_element(found_.begin(), found_.end()));
}

TEST_P(EachInstructionSet, FollowsTheFirstBestTempo) {
  const Arrival arrivals[] = {
      {rows_[0].data(), 1.5F, 0}, {rows_[1].data(), 0, 1}, {rows_[2].data(), 1.5F, 2}};
  kernels().follow(arrivals, 3, kStates, found_.data(), marks_.data());
  for (std::size_t s = 0; s < kStates; ++s) {
    float expected = kNever;
    std::uint8_t mark = 0;
    for (const Arrival& arrival : arrivals) {
      const float score = arrival.ends[s] - arrival.cost;
      if (score <= expected) continue;
      expected = score;
      mark = static_cast<std::uint8_t>(arrival.mark);
    }
    EXPECT_EQ(found_[s], expected) << s;
    EXPECT_EQ(marks_[s], mark) << s;
  }
}

INSTANTIATE_TEST_SUITE_P(TrackerKernels, EachInstructionSet, testing::ValuesIn(kAll));

}  // namespace
}  // namespace fyr::rhythm
