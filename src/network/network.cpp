// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/network.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "network/packed_network.hpp"

namespace fyr {
namespace {

/// Puts `block` under the first n_frames rows of `all`, whose room doubles when it is used up.
void append(Matrix& all, Eigen::Index n_frames, const Matrix& block) {
  const Eigen::Index needed = n_frames + block.rows();
  if (needed > all.rows()) {
    all.conservativeResize(std::max(needed, 2 * all.rows()), block.cols());
  }
  all.middleRows(n_frames, block.rows()) = block;
}

/// The hits network as a model of its own.
Model model_of(const HitsNetwork& network) {
  constexpr int kRate_hz = 1'000'000;  // so that frames of any length are whole samples
  Model model;
  model.features.rate_hz = kRate_hz;
  model.features.hop_samples = static_cast<int>(std::lround(network.frame_s * kRate_hz));
  model.input_mean = RowVector::Zero(kNHitInputs);
  model.input_scale = RowVector::Ones(kNHitInputs);
  model.layers = network.layers;
  model.outputs.beats = true;
  model.segment_frames = network.segment_frames;
  model.overlap_frames = network.overlap_frames;
  return model;
}

}  // namespace

Network::Network(const Model& model, InstructionSet set, WeightType weights)
    : packed_(std::make_shared<const PackedNetwork>(pack(model, set, weights))) {
  if (model.hits_network) {
    // So small that 16 bits would save nothing.
    of_hits_ = std::make_shared<const Network>(model_of(*model.hits_network), set);
  }
}

Activations Network::run(const Features& features, int n_threads) const {
  assert(features.frames.rows() == 0 || features.frames.cols() == packed_->input_mean.size());
  ActivationCollector collector;
  NetworkStream stream(*this, features.first_frame, n_threads,
                       [&](const Activations& block) { collector.push(block); });
  stream.push({features.frames.data(), features.frames.rows(), features.frames.cols()});
  stream.finish();
  return collector.finish();
}

void ActivationCollector::push(const Activations& block) {
  all_.hop_s = block.hop_s;
  all_.drums = block.drums;
  if (!beats_only_) {
    append(all_.onsets, n_frames_, block.onsets);
    if (block.velocities.size() > 0) append(all_.velocities, n_frames_, block.velocities);
  }
  if (block.beats.size() > 0) append(all_.beats, n_frames_, block.beats);
  n_frames_ += block.onsets.rows();
}

Activations ActivationCollector::finish() {
  for (Matrix* matrix : {&all_.onsets, &all_.velocities, &all_.beats}) {
    if (matrix->size() > 0) matrix->conservativeResize(n_frames_, matrix->cols());
  }
  return std::move(all_);
}

}  // namespace fyr
