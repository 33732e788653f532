// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include "support/networks.hpp"
#include "support/npy.hpp"
#include "support/pseudo_features.hpp"

namespace fyr {
namespace {

using test::all_columns;
using test::bare_model;
using test::pseudo_weights;

const std::filesystem::path kData = std::filesystem::path(FYR_TEST_DATA) / "network";
const std::filesystem::path kShipped =
    std::filesystem::path(FYR_SOURCE_DIR) / "models" / "drums.safetensors";

/// The largest difference from PyTorch that arithmetic in another order may make.
constexpr float kParity = 1e-4F;

Matrix logit(const Matrix& y) { return (y.array() / (1.0F - y.array())).log(); }

void expect_equal_to_pytorch(const std::filesystem::path& model_path, const std::string& stem,
                             int first_frame) {
  const Model model = load_model(model_path);
  const Matrix expected = test::read_npy(kData / (stem + ".y.npy"));
  Features features;
  features.first_frame = first_frame;
  features.frames =
      test::pseudo_features(expected.rows() - 2 * first_frame, model.input_mean.size());
  const Matrix actual = all_columns(Network(model).run(features));
  ASSERT_EQ(actual.rows(), expected.rows());
  ASSERT_EQ(actual.cols(), expected.cols());
  EXPECT_LT((actual - expected).cwiseAbs().maxCoeff(), kParity);
}

TEST(Network, EqualsPyTorchOnTwoLayers) {
  expect_equal_to_pytorch(kData / "two_layers.safetensors", "two_layers", -4);
}

TEST(Network, EqualsPyTorchWithSaturatedGates) {
  expect_equal_to_pytorch(kData / "saturated.safetensors", "saturated", -4);
}

TEST(Network, EqualsPyTorchWithConvolutions) {
  expect_equal_to_pytorch(kData / "convolutions.safetensors", "convolutions", -4);
}

TEST(Network, EqualsPyTorchOnTheShippedWeights) {
  if (!std::filesystem::exists(kShipped)) GTEST_SKIP() << "no models/drums.safetensors";
  SCOPED_TRACE("refresh with: python3 tests/network/make_fixtures.py --shipped");
  expect_equal_to_pytorch(kShipped, "shipped", -2);
}

TEST(Network, TwoUnitsGiveWhatIsWorkedOutByHand) {
  // Input, forget and output gates stay at sigmoid(0) = 1/2. Unit 0's candidate is tanh(x), unit
  // 1's is tanh(unit 0's last output): so c = c/2 + tanh(..)/2 and h = tanh(c)/2.
  LstmWeights weights{Matrix::Zero(8, 1), Matrix::Zero(8, 2), RowVector::Zero(8)};
  weights.input(4, 0) = 1;
  weights.recurrent(5, 0) = 1;
  Features features;
  features.frames = Matrix{{1.0F}, {0.0F}, {-2.0F}};
  const Matrix y = logit(Network(bare_model({weights, weights}, 3, 0)).run(features).onsets);

  const double c0_1 = std::tanh(1.0) / 2, h0_1 = std::tanh(c0_1) / 2;
  const double c0_2 = c0_1 / 2, h0_2 = std::tanh(c0_2) / 2;
  const double c0_3 = c0_2 / 2 + std::tanh(-2.0) / 2, h0_3 = std::tanh(c0_3) / 2;
  const double c1_2 = std::tanh(h0_1) / 2, h1_2 = std::tanh(c1_2) / 2;
  const double c1_3 = c1_2 / 2 + std::tanh(h0_2) / 2, h1_3 = std::tanh(c1_3) / 2;
  EXPECT_NEAR(y(0, 0), h0_1, 1e-6);
  EXPECT_NEAR(y(0, 1), 0, 1e-6);
  EXPECT_NEAR(y(1, 0), h0_2, 1e-6);
  EXPECT_NEAR(y(1, 1), h1_2, 1e-6);
  EXPECT_NEAR(y(2, 0), h0_3, 1e-6);
  EXPECT_NEAR(y(2, 1), h1_3, 1e-6);
  // The backward direction reads -2, 0, 1.
  EXPECT_NEAR(y(2, 2), std::tanh(std::tanh(-2.0) / 2) / 2, 1e-6);
  EXPECT_NEAR(y(2, 3), 0, 1e-6);
}

TEST(Network, ReversingTimeSwapsTheDirections) {
  const BiLstmLayer lstm{pseudo_weights(7, 5, 0), pseudo_weights(7, 5, 1)};
  Features features;
  features.frames = test::pseudo_features(40, 7);
  const Matrix y = Network(bare_model(lstm, 40, 0)).run(features).onsets;
  features.frames = features.frames.colwise().reverse().eval();
  const Matrix reversed =
      Network(bare_model({lstm.backward, lstm.forward}, 40, 0)).run(features).onsets;
  EXPECT_LT((reversed.colwise().reverse().leftCols(5) - y.rightCols(5)).cwiseAbs().maxCoeff(),
            1e-6F);
  EXPECT_LT((reversed.colwise().reverse().rightCols(5) - y.leftCols(5)).cwiseAbs().maxCoeff(),
            1e-6F);
}

TEST(Network, ShiftingTheRecordingShiftsTheActivations) {
  constexpr Eigen::Index kShift = 250;  // frames, 2.5 s
  const Model model = bare_model({pseudo_weights(9, 6, 0), pseudo_weights(9, 6, 1)}, 500, 125);
  Features features;
  features.frames = test::pseudo_features(1100, 9);
  const Matrix y = Network(model).run(features).onsets;
  Features shifted;
  shifted.frames = Matrix::Zero(1100 + kShift, 9);
  shifted.frames.bottomRows(1100) = features.frames;
  const Matrix shifted_y = Network(model).run(shifted).onsets;
  EXPECT_LT((shifted_y.bottomRows(1100) - y).cwiseAbs().maxCoeff(), 1e-3F);
}

TEST(Network, CoversTheRecordingFrameByFrame) {
  const Model model = bare_model({pseudo_weights(3, 4, 0), pseudo_weights(3, 4, 1)}, 20, 5);
  for (const int n_frames : {1, 9, 10, 11, 160, 161, 335}) {
    Features features;
    features.first_frame = -2;
    features.frames = test::pseudo_features(n_frames + 4, 3);
    const Activations activations = Network(model).run(features);
    EXPECT_EQ(activations.onsets.rows(), n_frames);
    EXPECT_EQ(activations.onsets.cols(), 8);
    EXPECT_EQ(activations.drums, model.stack.outputs.onsets);
    EXPECT_EQ(activations.beats.size(), 0);
  }
}

void expect_the_same_on_every_instruction_set(const Model& model) {
  Features features;
  features.frames = test::pseudo_features(1000, model.input_mean.size());
  const Matrix baseline = all_columns(Network(model, InstructionSet::Baseline).run(features));
  for (const InstructionSet set : {InstructionSet::Avx2, InstructionSet::Avx512}) {
    if (!is_supported(set)) continue;
    const Matrix y = all_columns(Network(model, set).run(features));
    EXPECT_LT((y - baseline).cwiseAbs().maxCoeff(), 1e-5F) << name(set);
  }
}

TEST(Network, GivesTheSameOnEveryInstructionSet) {
  expect_the_same_on_every_instruction_set(load_model(kData / "two_layers.safetensors"));
}

TEST(Network, GivesTheSameOnEveryInstructionSetWithConvolutions) {
  for (const std::array<int, 3>& channels :
       {std::array{3, 21, 5}, std::array{16, 16, 32}, std::array{1, 33, 48}}) {
    for (const int pooled : {1, 2, 3}) {
      expect_the_same_on_every_instruction_set(test::convolved_model(
          10, true, {{channels[0], 1}, {channels[1], pooled}, {channels[2], 2}}, 60, 15));
    }
  }
}

TEST(Network, AConvolutionGivesWhatIsWorkedOutByHand) {
  // One plane of 9 bands, one channel; weights 1..9. The first unit of the LSTM layer hears band
  // 4's output x as its candidate, the gates stay at 1/2: h = tanh(tanh(x) / 2) / 2 and no memory.
  Model model = test::convolved_model(9, false, {{1, 1}}, 5, 0);
  auto& convolution = std::get<ConvolutionLayer>(model.stack.layers[0]);
  for (int i = 0; i < 9; ++i) convolution.weight(0, i) = 0.1F * static_cast<float>(i + 1);
  convolution.bias(0) = 0.05F;
  auto& lstm = std::get<BiLstmLayer>(model.stack.layers[1]);
  for (LstmWeights* weights : {&lstm.forward, &lstm.backward}) {
    weights->input.setZero();
    weights->recurrent.setZero();
    weights->bias.setZero();
    weights->bias.segment(weights->recurrent.cols(), weights->recurrent.cols()) =
        RowVector::Constant(weights->recurrent.cols(), -100);  // forgets all
    weights->input(2 * weights->recurrent.cols(), 4) = 1;
  }
  Features features;
  features.frames = Matrix::Zero(5, 9 + 9);
  features.frames(2, 3) = 1;  // one band lower than band 4
  const Matrix y = logit(Network(model).run(features).onsets);
  // At the frame before, what is heard is a later one; bands from the lowest up.
  const float weights[] = {0, 0.7F, 0.4F, 0.1F, 0};
  for (int frame = 0; frame < 5; ++frame) {
    const float x = weights[frame] + 0.05F;
    EXPECT_NEAR(y(frame, 0), std::tanh(std::tanh(x) / 2) / 2, 1e-5) << frame;
  }
}

TEST(Network, SegmentsOfFewerFramesThanConvolutionsReachAreWhole) {
  const Model model = test::convolved_model(9, true, {{4, 1}, {4, 2}, {3, 1}}, 4, 0);
  Features features;
  features.frames = test::pseudo_features(40, model.input_mean.size());
  const Matrix y = all_columns(Network(model).run(features));
  for (const Eigen::Index first : {0, 4, 36}) {
    Features alone;
    alone.frames = features.frames.middleRows(first, 4);
    EXPECT_EQ(all_columns(Network(model).run(alone)), y.middleRows(first, 4)) << first;
  }
}

struct Kind {
  const char* stem;
  WeightType weights;
};

std::string text(const Kind& kind) {
  return std::string(kind.stem) + "_" + std::string(name(kind.weights));
}

void PrintTo(const Kind& kind, std::ostream* out) { *out << text(kind); }

/// With each type of weights, as far as this processor has them.
class EachWeightType : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (!is_supported(GetParam().weights, instruction_set())) {
      GTEST_SKIP() << "not on this processor";
    }
  }
  Network network_of_fixture() const {
    return Network(model_, instruction_set(), GetParam().weights);
  }
  Eigen::Index n_inputs() const { return model_.input_mean.size(); }

  const Model model_ = load_model(kData / (std::string(GetParam().stem) + ".safetensors"));
};

TEST_P(EachWeightType, GivesExactlyTheSameWithAnyNumberOfThreads) {
  const Network network = network_of_fixture();
  Features features;
  features.frames = test::pseudo_features(1234, n_inputs());
  const Matrix alone = all_columns(network.run(features));
  for (const int n_threads : {2, 3, 7, 100}) {
    EXPECT_EQ(all_columns(network.run(features, n_threads)), alone) << n_threads;
  }
}

TEST_P(EachWeightType, GivesExactlyTheSameAtEveryPlaceInABatch) {
  const Network network = network_of_fixture();
  const Eigen::Index hop = model_.stack.segment_frames - 2 * model_.stack.overlap_frames;
  Features features;
  features.frames = test::pseudo_features(10 * hop, n_inputs());
  const Matrix y = all_columns(network.run(features));
  for (Eigen::Index n_before = 1; n_before < 7; ++n_before) {
    Features later;
    later.frames = Matrix::Zero(n_before * hop + features.frames.rows(), n_inputs());
    later.frames.bottomRows(features.frames.rows()) = features.frames;
    EXPECT_EQ(all_columns(network.run(later)).bottomRows(y.rows()), y) << n_before;
  }
}

/// Pushes `rows` frames at a time and puts together what comes out.
Matrix run_in_blocks(const Network& network, const Features& features, Eigen::Index rows,
                     int n_threads) {
  ActivationCollector collector;
  NetworkStream stream(network, features.first_frame, n_threads,
                       [&](const Activations& block) { collector.push(block); });
  for (Eigen::Index row = 0; row < features.frames.rows(); row += rows) {
    const Eigen::Index n = std::min(rows, features.frames.rows() - row);
    stream.push({features.frames.row(row).data(), n, features.frames.cols()});
  }
  stream.finish();
  return all_columns(collector.finish());
}

TEST_P(EachWeightType, GivesTheSameHoweverTheFramesAreCut) {
  const Network network = network_of_fixture();
  Features features;
  features.first_frame = -4;
  features.frames = test::pseudo_features(1234, n_inputs());
  const Matrix whole = all_columns(network.run(features));
  ASSERT_EQ(whole.rows(), 1226);
  for (const Eigen::Index rows : {1, 7, 100, 777}) {
    for (const int n_threads : {1, 3}) {
      EXPECT_EQ(run_in_blocks(network, features, rows, n_threads), whole)
          << rows << " frames, " << n_threads << " threads";
    }
  }
}

std::string kind_of(const testing::TestParamInfo<Kind>& info) { return text(info.param); }

INSTANTIATE_TEST_SUITE_P(NetworkStream, EachWeightType,
                         testing::Values(Kind{"two_layers", WeightType::Float32},
                                         Kind{"two_layers", WeightType::Bfloat16},
                                         Kind{"convolutions", WeightType::Float32},
                                         Kind{"convolutions", WeightType::Bfloat16}),
                         kind_of);

TEST(NetworkStream, WorksWhereSegmentsOverlapMoreThanABatchAdvances) {
  const Model model = bare_model({pseudo_weights(3, 4, 0), pseudo_weights(3, 4, 1)}, 40, 19);
  Features features;
  features.first_frame = -2;
  features.frames = test::pseudo_features(104, 3);
  const Matrix whole = all_columns(Network(model).run(features));
  ASSERT_EQ(whole.rows(), 100);
  EXPECT_EQ(run_in_blocks(Network(model), features, 5, 2), whole);
  // The middle of a segment sees what a single long one sees, but for the far ends.
  Model single = model;
  single.stack.segment_frames = 140;
  single.stack.overlap_frames = 20;
  EXPECT_LT((all_columns(Network(single).run(features)) - whole).cwiseAbs().maxCoeff(), 0.02F);
}

TEST(NetworkStream, CanBeGivenUpHalfWay) {
  const Network network(load_model(kData / "two_layers.safetensors"));
  const Matrix frames = test::pseudo_features(3000, 9);
  NetworkStream stream(network, 0, 3, [](const Activations&) {});
  stream.push({frames.data(), frames.rows(), frames.cols()});
}

TEST(Network, GivesNothingForAnEmptyRecording) {
  const Model model = bare_model({pseudo_weights(3, 4, 0), pseudo_weights(3, 4, 1)}, 20, 5);
  EXPECT_EQ(Network(model).run({}).onsets.rows(), 0);
}

}  // namespace
}  // namespace fyr
