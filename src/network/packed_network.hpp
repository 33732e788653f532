// SPDX-License-Identifier: GPL-3.0-or-later

/// The weights in the order in which the kernels read them.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include "fyr/model.hpp"
#include "network/kernels.hpp"

namespace fyr {

struct FreeAligned {
  void operator()(void* values) const;
};

/// Floats or operands that start on a cache line.
using AlignedFloats = std::unique_ptr<float[], FreeAligned>;
using AlignedOperands = std::unique_ptr<Operand[], FreeAligned>;
/// Zero at first.
AlignedFloats make_aligned_floats(std::ptrdiff_t n);
AlignedOperands make_aligned_operands(std::ptrdiff_t n);
/// Anything at first. What is never written costs neither time nor memory.
AlignedFloats make_unset_floats(std::ptrdiff_t n);
AlignedOperands make_unset_operands(std::ptrdiff_t n);

/// The first multiple from n on.
inline int round_up(Eigen::Index n, int multiple) {
  return (static_cast<int>(n) + multiple - 1) / multiple * multiple;
}

/// One matrix in panels (kernels.hpp), and the biases of its outputs in the same order.
struct PackedMatrix {
  AlignedOperands weights;
  AlignedFloats bias;
  int depth = 0;  ///< Operands in a row of inputs.
  int n_panels = 0;

  PanelsView view() const { return {weights.get(), depth, n_panels}; }
};

/// One direction; recurrent.bias is not used.
struct PackedLstm {
  PackedMatrix input;
  PackedMatrix recurrent;
};

struct PackedBiLstm {
  std::array<PackedLstm, 2> directions;  ///< Forward, backward.
  int padded_units = 0;  ///< Units, rounded up to whole vectors; the additional ones stay 0.
  int n_gates = 0;       ///< kNGates * padded_units.
};

/// One convolution (ConvolutionStep).
struct PackedConvolution {
  AlignedOperands weights;
  AlignedFloats bias;
  int n_bands = 0;          ///< Of its inputs.
  int band_operands = 0;    ///< Operands of one band of its inputs.
  int padded_channels = 0;  ///< Rounded up to whole vectors; the additional ones stay 0.
  int pooled_bands = 1;

  int n_bands_left() const { return n_bands / pooled_bands; }
  /// Operands of a frame of its inputs, with the bands of zeros around them.
  int frame_operands() const { return (n_bands + 2) * band_operands; }
};

/// The frames that a network reads.
struct NetworkInput {
  RowVector mean;  ///< As Model::input_mean.
  RowVector scale;
  ImageSize image;  ///< What convolutions see of them; zeros without any.
  double frame_s = 0;
};

/// All that `Network::run` reads.
struct PackedNetwork {
  const Kernels* kernels = nullptr;
  NetworkInput input;
  std::vector<PackedConvolution> convolutions;
  std::vector<PackedBiLstm> lstm_layers;
  PackedMatrix dense;
  int padded_outputs = 0;
  OutputLayout outputs;
  int segment_frames = 0;
  int overlap_frames = 0;

  /// Frames from one segment to the next.
  int segment_hop() const { return segment_frames - 2 * overlap_frames; }
};

/// What the model's stack reads.
NetworkInput input_of(const Model& model);

/// Requires: any number of ConvolutionLayer, one or more BiLstmLayer, then one DenseLayer, of
/// fitting sizes (asserted); is_supported(weights, set).
PackedNetwork pack(const LayerStack& stack, NetworkInput input, InstructionSet set,
                   WeightType weights);

}  // namespace fyr
