// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/kernels.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <vector>

#include "fyr/error.hpp"

namespace fyr {
namespace {

constexpr InstructionSet kAll[] = {InstructionSet::Baseline, InstructionSet::Avx2,
                                   InstructionSet::Avx512};

/// Values from -40 to 40, densest around 0; a multiple of every n_lanes.
std::vector<float> arguments() {
  std::vector<float> values;
  for (int i = -50'000; i < 50'000; ++i) {
    const double u = i / 50'000.0;
    values.push_back(static_cast<float>(40 * u * u * u));
  }
  return values;
}

template <typename Finish, typename Reference>
double largest_error(Finish finish, double scale, Reference reference) {
  const std::vector<float> xs = arguments();
  std::vector<float> values;
  for (const float x : xs) values.push_back(static_cast<float>(scale * static_cast<double>(x)));
  finish(values.data(), static_cast<std::ptrdiff_t>(values.size()));
  double error = 0;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    error = std::max(
        error, std::abs(static_cast<double>(values[i]) - reference(static_cast<double>(xs[i]))));
  }
  return error;
}

TEST(Kernels, GateFunctionsStayWithinTheirErrorBounds) {
  for (const InstructionSet set : kAll) {
    if (!is_supported(set)) continue;
    SCOPED_TRACE(name(set));
    const Kernels& k = kernels(set, WeightType::Float32);
    EXPECT_LT(largest_error(k.finish_sigmoid, kSigmoidScale,
                            [](double x) { return 1 / (1 + std::exp(-x)); }),
              3e-7);
  }
}

/// Sets FYR_INSTRUCTION_SET for one test.
class InstructionSetVariable : public ::testing::Test {
 protected:
  void TearDown() override { unsetenv("FYR_INSTRUCTION_SET"); }
  static void set_variable(const char* value) { setenv("FYR_INSTRUCTION_SET", value, 1); }
};

TEST_F(InstructionSetVariable, ChoosesThePath) {
  set_variable(std::string(name(InstructionSet::Baseline)).c_str());
  EXPECT_EQ(instruction_set(), InstructionSet::Baseline);
}

TEST_F(InstructionSetVariable, IsIgnoredIfEmpty) {
  const InstructionSet widest = instruction_set();
  set_variable("");
  EXPECT_EQ(instruction_set(), widest);
}

TEST_F(InstructionSetVariable, IsRefusedIfUnknown) {
  set_variable("mmx");
  EXPECT_THROW(instruction_set(), UsageError);
}

TEST(InstructionSet, RunsTheWidestSupportedPath) {
  for (const InstructionSet set : kAll) {
    if (is_supported(set)) {
      EXPECT_GE(instruction_set(), set);
    }
  }
}

}  // namespace
}  // namespace fyr
