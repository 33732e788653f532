// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/network.hpp"

#include <algorithm>
#include <cassert>

#include "network/lstm.hpp"

namespace fyr {
namespace {

/// Standardised inputs of frames [first, first + segment_frames); silence outside the recording.
Matrix segment_inputs(const Model& model, const Features& features, Eigen::Index first) {
  Matrix inputs = Matrix::Zero(model.segment_frames, model.input_mean.size());
  const Eigen::Index first_row = first - features.first_frame;
  const Eigen::Index begin = std::clamp<Eigen::Index>(-first_row, 0, inputs.rows());
  const Eigen::Index end =
      std::clamp<Eigen::Index>(features.frames.rows() - first_row, begin, inputs.rows());
  inputs.middleRows(begin, end - begin) =
      features.frames.middleRows(first_row + begin, end - begin);
  return (inputs.rowwise() - model.input_mean).array().rowwise() * model.input_scale.array();
}

Matrix run_dense(const DenseLayer& layer, const Matrix& inputs) {
  Matrix outputs = inputs * layer.weight.transpose();
  outputs.rowwise() += layer.bias;
  return outputs.unaryExpr([](float x) { return 1.0F / (1.0F + std::exp(-x)); });
}

Matrix run_layers(const Model& model, Matrix values) {
  for (const Layer& layer : model.layers) {
    if (const auto* lstm = std::get_if<BiLstmLayer>(&layer)) {
      values = run_bilstm(*lstm, values);
    } else {
      values = run_dense(std::get<DenseLayer>(layer), values);
    }
  }
  return values;
}

}  // namespace

Activations run_network(const Model& model, const Features& features) {
  assert(features.frames.rows() == 0 || features.frames.cols() == model.input_mean.size());
  const Eigen::Index n_frames =
      std::max<Eigen::Index>(features.frames.rows() + Eigen::Index{2} * features.first_frame, 0);
  const Eigen::Index hop = model.segment_frames - 2 * model.overlap_frames;
  Matrix columns(n_frames, model.outputs.n_columns());
  for (Eigen::Index frame = 0; frame < n_frames; frame += hop) {
    const Matrix outputs =
        run_layers(model, segment_inputs(model, features, frame - model.overlap_frames));
    const Eigen::Index n = std::min(hop, n_frames - frame);
    columns.middleRows(frame, n) = outputs.middleRows(model.overlap_frames, n);
  }

  Activations activations;
  activations.hop_s = model.features.hop_s();
  activations.drums = model.outputs.onsets;
  const auto n_drums = static_cast<Eigen::Index>(model.outputs.onsets.size());
  activations.onsets = columns.leftCols(n_drums);
  if (model.outputs.velocities) activations.velocities = columns.middleCols(n_drums, n_drums);
  if (model.outputs.beats) activations.beats = columns.rightCols(2);
  return activations;
}

}  // namespace fyr
