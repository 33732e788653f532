// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/network.hpp"

#include <cassert>
#include <utility>

#include "network/packed_network.hpp"

namespace fyr {
namespace {

/// Their strengths are read as they are.
NetworkInput input_of(const HitsNetwork& network) {
  return {RowVector::Zero(kNHitInputs), RowVector::Ones(kNHitInputs), {}, network.frame_s};
}

}  // namespace

Network::Network(const Model& model, InstructionSet set, WeightType weights)
    : Network(pack(model.stack, input_of(model), set, weights)) {
  if (model.hits_network) {
    // So small that 16 bits would save nothing.
    hits_network_ = std::make_shared<const Network>(Network(
        pack(model.hits_network->stack, input_of(*model.hits_network), set, WeightType::Float32)));
  }
}

Network::Network(PackedNetwork packed)
    : packed_(std::make_shared<const PackedNetwork>(std::move(packed))) {}

Activations Network::run(const Features& features, int n_threads) const {
  assert(features.frames.rows() == 0 || features.frames.cols() == packed_->input.mean.size());
  ActivationCollector collector;
  NetworkStream stream(*this, features.first_frame, n_threads,
                       [&](const Activations& block) { collector.push(block); });
  stream.push({features.frames.data(), features.frames.rows(), features.frames.cols()});
  stream.finish();
  return collector.finish();
}

}  // namespace fyr
