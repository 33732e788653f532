// SPDX-License-Identifier: GPL-3.0-or-later

#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "network/batch.hpp"
#include "support/count_allocations.hpp"
#include "support/pseudo_features.hpp"

namespace fyr {
namespace {

class BatchRunnerWith : public testing::TestWithParam<std::tuple<WeightType, std::string>> {};

TEST_P(BatchRunnerWith, AllocatesOnlyWhenItIsMade) {
  const auto& [weights, stem] = GetParam();
  if (!is_supported(weights, instruction_set())) GTEST_SKIP() << "not on this processor";
  const Model model =
      load_model(std::filesystem::path(FYR_TEST_DATA) / "network" / (stem + ".safetensors"));
  const PackedNetwork network = pack(model.stack, input_of(model), instruction_set(), weights);
  const Matrix features = test::pseudo_features(400, model.input_mean.size());
  const MatrixView inputs(features.data(), features.rows(), features.cols());
  Matrix columns(400, model.stack.outputs.n_columns());

  const long before_making = test::n_allocations();
  BatchRunner runner(network, 6);
  const long before_running = test::n_allocations();
  runner.run(inputs, 0, 6, columns);
  runner.run(inputs, -20, 5, columns);
  EXPECT_GT(before_running, before_making);
  EXPECT_EQ(test::n_allocations(), before_running);
}

std::string kind_of(const testing::TestParamInfo<BatchRunnerWith::ParamType>& info) {
  const auto& [weights, stem] = info.param;
  return stem + "_" + std::string(name(weights));
}

INSTANTIATE_TEST_SUITE_P(Each, BatchRunnerWith,
                         testing::Combine(testing::Values(WeightType::Float32,
                                                          WeightType::Bfloat16),
                                          testing::Values("two_layers", "convolutions")),
                         kind_of);

}  // namespace
}  // namespace fyr
