// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/beats_in_hits.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "support/networks.hpp"
#include "support/npy.hpp"

namespace fyr {
namespace {

constexpr auto kColumn = [](Drum drum) { return static_cast<Eigen::Index>(index_of(drum)); };
constexpr auto kNextHalf = static_cast<Eigen::Index>(kNDrums);

Drum drum_number(int i) { return kDrums[static_cast<std::size_t>(i) % kNDrums].drum; }

/// Says the same about every frame: its log-odds of a beat are `beat`, of a downbeat `downbeat`.
HitsNetwork stubborn(float beat, float downbeat) {
  HitsNetwork network;
  const LstmWeights none{Matrix::Zero(4, kNHitInputs), Matrix::Zero(4, 1), RowVector::Zero(4)};
  network.stack.layers.emplace_back(BiLstmLayer{none, none});
  DenseLayer dense{Matrix::Zero(2, 2), RowVector::Zero(2)};
  dense.bias << beat, downbeat;
  network.stack.layers.emplace_back(dense);
  return network;
}

Network packed(const HitsNetwork& hits_network) {
  const LstmWeights none{Matrix::Zero(4, 1), Matrix::Zero(4, 1), RowVector::Zero(4)};
  Model model = test::bare_model({none, none}, 10, 0);
  model.hits_network = hits_network;
  return Network(model);
}

double log_odds(float p) {
  const double likely = p;
  return std::log(likely / (1 - likely));
}

TEST(HitFrames, ShareHitsBetweenTheHalvesThatTheyAreBetween) {
  const HitsNetwork settings;
  const std::vector<Onset> hits{{0.0, Drum::Kick, 127, 1}, {0.065, Drum::Snare, 0, 1}};
  const Matrix frames = hit_frames(hits, settings, 0, 3);
  ASSERT_EQ(frames.cols(), kNHitInputs);
  EXPECT_FLOAT_EQ(frames(0, kColumn(Drum::Kick)), 1);
  // At .065 s: a quarter of the way from the half that starts at .06 to the one at .08.
  EXPECT_NEAR(frames(1, kNextHalf + kColumn(Drum::Snare)), 0.75 * 0.3, 1e-6);
  EXPECT_NEAR(frames(2, kColumn(Drum::Snare)), 0.25 * 0.3, 1e-6);
  EXPECT_NEAR(frames.sum(), 1.3, 1e-6);
}

TEST(HitFrames, KeepTheStrongestOfSeveralHits) {
  const std::vector<Onset> hits{{0.0, Drum::Kick, 20, 1}, {0.0, Drum::Kick, 127, 1}};
  EXPECT_FLOAT_EQ(hit_frames(hits, {}, 0, 1).sum(), 1);
}

TEST(HitFrames, AreTheSameInBlocks) {
  std::vector<Onset> hits;
  for (int i = 0; i < 40; ++i) {
    hits.push_back({0.0137 * i, drum_number(i), 3 * i, 1});
  }
  const Matrix whole = hit_frames(hits, {}, 0, 15);
  for (Eigen::Index first = 0; first < 15; first += 5) {
    EXPECT_EQ(hit_frames(hits, {}, first, 5), whole.middleRows(first, 5)) << first;
  }
}

TEST(BeatsInHits, AreWeighedWithThoseOfTheSound) {
  HitsNetwork settings = stubborn(1.5F, -2.0F);
  settings.sound_weight = 0.5;
  settings.hits_weight = 0.25;
  settings.offset = -0.125;
  Activations activations;
  activations.beats = Matrix::Constant(30, 2, 0.2F);
  weigh_in_hits({{0.1, Drum::Kick, 90, 1}}, settings, *packed(settings).hits_network(),
                activations);
  ASSERT_EQ(activations.beats.rows(), 30);
  const double sound = 0.5 * std::log(0.25) - 0.125;
  for (Eigen::Index row = 0; row < 30; ++row) {
    EXPECT_NEAR(log_odds(activations.beats(row, 0)), sound + 0.25 * 1.5, 1e-4) << row;
    EXPECT_NEAR(log_odds(activations.beats(row, 1)), sound - 0.25 * 2.0, 1e-4) << row;
  }
}

TEST(BeatsInHits, SayNothingOfASoundWithoutBeats) {
  const HitsNetwork settings = stubborn(1.5F, -2.0F);
  Activations activations;
  weigh_in_hits({{0.1, Drum::Kick, 90, 1}}, settings, *packed(settings).hits_network(),
                activations);
  EXPECT_EQ(activations.beats.rows(), 0);
}

TEST(BeatsInHits, StandAloneWhereThereIsNoSound) {
  HitsNetwork settings = stubborn(1.5F, -2.0F);
  settings.offset = -0.5;
  const Activations activations =
      beats_of_hits({{0.1, Drum::Kick, 90, 1}}, settings, *packed(settings).hits_network(), 0.295);
  ASSERT_EQ(activations.beats.rows(), 31);
  EXPECT_EQ(activations.hop_s, 0.01);
  for (Eigen::Index row = 0; row < 31; ++row) {
    EXPECT_NEAR(log_odds(activations.beats(row, 0)), 0.5 * -3 + 0.5 * 1.5 - 0.5, 1e-3) << row;
    EXPECT_NEAR(log_odds(activations.beats(row, 1)), 0.5 * -3 - 0.5 * 2.0 - 0.5, 1e-3) << row;
  }
}

TEST(BeatsInHits, LeaveSilenceToTheSound) {
  const HitsNetwork settings = stubborn(1.5F, -2.0F);
  Activations activations;
  activations.beats = Matrix::Constant(30, 2, 0.2F);
  weigh_in_hits({}, settings, *packed(settings).hits_network(), activations);
  EXPECT_EQ(activations.beats, Matrix::Constant(30, 2, 0.2F));
}

/// The same as in tests/network/make_fixtures.py.
std::vector<Onset> pseudo_hits(int n) {
  std::vector<Onset> hits;
  for (int i = 0; i < n; ++i) {
    hits.push_back({0.137 * i + 0.003 * (i % 5), drum_number(i), 20 + 37 * i % 100, 1});
  }
  return hits;
}

TEST(BeatsInHits, AreThoseOfTheTrainingCode) {
  const auto data = std::filesystem::path(FYR_TEST_DATA) / "network";
  const Model model = load_model(data / "hits_network.safetensors");
  const Matrix expected = test::read_npy(data / "hits_network.y.npy");
  ASSERT_TRUE(model.hits_network.has_value());
  EXPECT_EQ(model.hits_network->hits_weight, 0.75);
  const Network network(model);
  ASSERT_NE(network.hits_network(), nullptr);
  const Matrix frames = hit_frames(pseudo_hits(40), *model.hits_network, 0, expected.rows());
  const Matrix beats = network.hits_network()->run({frames, 0}).beats;
  ASSERT_EQ(beats.rows(), expected.rows());
  EXPECT_LT((beats - expected).cwiseAbs().maxCoeff(), 1e-4F);
  EXPECT_EQ(Network(load_model(data / "two_layers.safetensors")).hits_network(), nullptr);
}

}  // namespace
}  // namespace fyr
