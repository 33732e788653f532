// SPDX-License-Identifier: GPL-3.0-or-later

// The bfloat16 kernels beside the reference's float.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <filesystem>
#include <vector>

#include "network/kernels.hpp"
#include "support/networks.hpp"

namespace fyr {
namespace {

const std::filesystem::path kShipped =
    std::filesystem::path(FYR_SOURCE_DIR) / "models" / "drums.safetensors";

class Bfloat16 : public testing::Test {
 protected:
  void SetUp() override {
    if (!is_supported(WeightType::Bfloat16, InstructionSet::Avx512)) {
      GTEST_SKIP() << "not on this processor";
    }
    kernels_ = &kernels(InstructionSet::Avx512, WeightType::Bfloat16);
  }

  std::vector<Operand> operands(std::vector<float> values) const {
    values.resize((values.size() + 31) / 32 * 32);
    std::vector<Operand> result(values.size() / 2);
    kernels_->make_operands(values.data(), std::ssize(values), result.data());
    return result;
  }

  const Kernels* kernels_ = nullptr;
};

/// A float's upper half, rounded to nearest even; what is below the normal numbers is 0.
Operand rounded(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if ((bits & 0x7F800000U) == 0) return bits >> 31U << 15U;
  return (bits + 0x7FFFU + (bits >> 16U & 1U)) >> 16U;
}

float widened(Operand half) { return std::bit_cast<float>(half << 16U); }

TEST_F(Bfloat16, OperandsAreNearestEvenPairsTheFirstInTheLowerHalf) {
  std::vector<float> values;
  for (std::uint32_t upper = 0; upper < 0x10000U; ++upper) {
    if ((upper & 0x7F80U) == 0x7F80U) continue;  // Infinite or no number.
    for (const std::uint32_t lower : {0U, 1U, 0x7FFFU, 0x8000U, 0x8001U, 0xFFFFU}) {
      values.push_back(std::bit_cast<float>(upper << 16U | lower));
    }
  }
  const std::vector<Operand> pairs = operands(values);
  for (std::size_t i = 0; i + 1 < values.size(); i += 2) {
    ASSERT_EQ(pairs[i / 2], rounded(values[i]) | rounded(values[i + 1]) << 16U) << values[i];
  }
}

TEST_F(Bfloat16, ProductsAreThoseOfTheRoundedNumbers) {
  constexpr int kDepth = 37;  // operands
  constexpr int kRows = 7;
  const int panel_rows = kNGates * kernels_->n_lanes;
  const Matrix weights = test::pseudo_features(kDepth, 2 * panel_rows);
  const Matrix inputs = test::pseudo_features(kRows, 2 * kDepth + 6).array() - 0.5F;
  const Matrix bias = test::pseudo_features(1, panel_rows);
  const auto packed = operands({weights.data(), weights.data() + weights.size()});
  const auto rows = operands({inputs.data(), inputs.data() + inputs.size()});
  Matrix actual(kRows, panel_rows);
  kernels_->project({packed.data(), kDepth, 1}, bias.data(), {rows.data(), kDepth + 3}, kRows,
                    {actual.data(), panel_rows});
  for (int row = 0; row < kRows; ++row) {
    for (int output = 0; output < panel_rows; ++output) {
      double sum = static_cast<double>(bias(0, output));
      for (int k = 0; k < 2 * kDepth; ++k) {
        const float weight = widened(rounded(weights(k / 2, 2 * output + k % 2)));
        sum += static_cast<double>(weight) * static_cast<double>(widened(rounded(inputs(row, k))));
      }
      ASSERT_NEAR(actual(row, output), sum, 1e-5) << row << ", " << output;
    }
  }
}

/// Two layers of n_units, weights uniform in ±1 / sqrt(units) as before training, four outputs.
Model random_model(Eigen::Index n_inputs, Eigen::Index n_units, Eigen::Index seed) {
  const float scale = 1.0F / 0.75F / std::sqrt(static_cast<float>(n_units));
  const auto weights = [&](Eigen::Index n, Eigen::Index direction) {
    LstmWeights lstm = test::pseudo_weights(n, n_units, 2 * seed + direction);
    lstm.input *= scale;
    lstm.recurrent *= scale;
    lstm.bias *= scale;
    return lstm;
  };
  Model model = test::bare_model({weights(n_inputs, 0), weights(n_inputs, 1)}, 50, 10);
  const Matrix dense = test::pseudo_features(4, 2 * n_units);
  model.stack.layers.insert(model.stack.layers.begin() + 1,
                            BiLstmLayer{weights(2 * n_units, 0), weights(2 * n_units, 1)});
  model.stack.layers.back() = DenseLayer{dense.array() * 2.0F - 1.0F, RowVector::Zero(4)};
  model.stack.outputs.onsets.resize(4);
  return model;
}

float largest_difference(const Model& model, int n_frames) {
  Features features;
  features.frames = test::pseudo_features(n_frames, model.input_mean.size());
  const auto run = [&](WeightType type) {
    return test::all_columns(Network(model, InstructionSet::Avx512, type).run(features));
  };
  return (run(WeightType::Bfloat16) - run(WeightType::Float32)).cwiseAbs().maxCoeff();
}

TEST_F(Bfloat16, ActivationsOfRandomNetworksStayNearThoseOfFloat) {
  for (const Eigen::Index n_units : {1, 6, 17, 64}) {
    for (const Eigen::Index n_inputs : {1, 7, 228}) {
      for (const Eigen::Index seed : {0, 1, 2}) {
        EXPECT_LT(largest_difference(random_model(n_inputs, n_units, seed), 500), 0.005F)
            << n_units << " units, " << n_inputs << " inputs, seed " << seed;
      }
    }
  }
}

TEST_F(Bfloat16, ActivationsOfConvolutionsStayNearThoseOfFloat) {
  for (const int n_bands : {9, 81}) {
    for (const bool differences : {false, true}) {
      const Model model =
          test::convolved_model(n_bands, differences, {{16, 1}, {5, 2}, {32, 2}}, 50, 10);
      EXPECT_LT(largest_difference(model, 500), 0.01F) << n_bands << " bands, " << differences;
    }
  }
}

TEST_F(Bfloat16, ActivationsOfTheShippedModelStayNearThoseOfFloat) {
  if (!std::filesystem::exists(kShipped)) GTEST_SKIP() << "no models/drums.safetensors";
  EXPECT_LT(largest_difference(load_model(kShipped), 3000), 0.05F);
}

}  // namespace
}  // namespace fyr
