// SPDX-License-Identifier: GPL-3.0-or-later

/// Networks that need no file.
#pragma once

#include "fyr/network.hpp"
#include "support/pseudo_features.hpp"

namespace fyr::test {

/// All output columns side by side, as the model's last layer has them.
inline Matrix all_columns(const Activations& activations) {
  const auto& [hop_s, drums, onsets, velocities, beats] = activations;
  Matrix columns(onsets.rows(), onsets.cols() + velocities.cols() + beats.cols());
  if (velocities.size() > 0 && beats.size() > 0) {
    columns << onsets, velocities, beats;
  } else {
    columns = onsets;
  }
  return columns;
}

/// A model without file: one bidirectional layer whose outputs reach us unchanged but for the
/// sigmoid, which `logit` undoes.
inline Model bare_model(const BiLstmLayer& lstm, int segment_frames, int overlap_frames) {
  Model model;
  const Eigen::Index n_inputs = lstm.forward.input.cols();
  const Eigen::Index width = 2 * lstm.forward.recurrent.cols();
  model.input_mean = RowVector::Zero(n_inputs);
  model.input_scale = RowVector::Ones(n_inputs);
  model.layers = {lstm, DenseLayer{Matrix::Identity(width, width), RowVector::Zero(width)}};
  for (Eigen::Index i = 0; i < width; ++i) {
    model.outputs.onsets.push_back(kDrums[static_cast<std::size_t>(i) % kNDrums].drum);
  }
  model.segment_frames = segment_frames;
  model.overlap_frames = overlap_frames;
  return model;
}

/// Uniform in ±0.75.
inline LstmWeights pseudo_weights(Eigen::Index n_inputs, Eigen::Index n_units, Eigen::Index seed) {
  const Eigen::Index width = n_inputs + n_units + 1;
  const Matrix rows = pseudo_features((seed + 1) * 4 * n_units, width);
  const Matrix values = rows.bottomRows(4 * n_units).array() * 1.5F - 0.75F;
  return {values.leftCols(n_inputs), values.middleCols(n_inputs, n_units),
          values.col(width - 1).transpose()};
}

}  // namespace fyr::test
