// SPDX-License-Identifier: GPL-3.0-or-later

/// Networks that need no file.
#pragma once

#include <cmath>
#include <vector>

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
  model.stack.layers = {lstm, DenseLayer{Matrix::Identity(width, width), RowVector::Zero(width)}};
  for (Eigen::Index i = 0; i < width; ++i) {
    model.stack.outputs.onsets.push_back(kDrums[static_cast<std::size_t>(i) % kNDrums].drum);
  }
  model.stack.segment_frames = segment_frames;
  model.stack.overlap_frames = overlap_frames;
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

struct Convolution {
  Eigen::Index n_channels;
  int pooled_bands;
};

/// A bare_model of three units on top of convolutions, which see a view of n_bands and, if
/// `differences`, its rises; another view of nine bands goes past them.
inline Model convolved_model(int n_bands, bool differences,
                             const std::vector<Convolution>& convolutions, int segment_frames,
                             int overlap_frames) {
  const auto view = [](int n, bool difference) {
    SpectrogramView linear;
    linear.window_samples = 2 * (n - 1);
    linear.scale = FrequencyScale::Linear;
    linear.difference = difference;
    return linear;
  };
  std::vector<Layer> layers;
  Eigen::Index n_channels = differences ? 2 : 1;
  Eigen::Index n_left = n_bands;
  for (const Convolution& convolution : convolutions) {
    const Matrix values =
        pseudo_features(convolution.n_channels, kConvolutionNeighbours * n_channels + 1);
    const float scale = 2.0F / std::sqrt(static_cast<float>(kConvolutionNeighbours * n_channels));
    layers.emplace_back(ConvolutionLayer{
        (values.leftCols(kConvolutionNeighbours * n_channels).array() - 0.45F) * scale,
        values.col(kConvolutionNeighbours * n_channels).transpose().array() - 0.5F,
        convolution.pooled_bands});
    n_channels = convolution.n_channels;
    n_left /= convolution.pooled_bands;
  }
  constexpr int kOthers = 9;
  const Eigen::Index n_inputs = n_left * n_channels + kOthers;
  const auto lstm = [&](Eigen::Index seed) {
    LstmWeights weights = pseudo_weights(n_inputs, 3, seed);
    weights.input /= std::sqrt(static_cast<float>(n_inputs));
    return weights;
  };
  Model model = bare_model({lstm(0), lstm(1)}, segment_frames, overlap_frames);
  model.stack.layers.insert(model.stack.layers.begin(), layers.begin(), layers.end());
  model.features.views = {view(n_bands, differences), view(kOthers, false)};
  const int n_features = fyr::n_features(model.features);
  model.input_mean = RowVector::Zero(n_features);
  model.input_scale = RowVector::Ones(n_features);
  return model;
}

}  // namespace fyr::test
