// SPDX-License-Identifier: GPL-3.0-or-later

/// The network's inner loops, one set of functions for each instruction set and type of weights.
///
/// Weights and what they are multiplied with are operands of 32 bits. An operand holds one float
/// or, for bfloat16 weights, a pair: two neighbouring inputs, the first in the lower half.
///
/// Weights are packed in panels. A panel covers `n_lanes` units and holds, for each input or pair
/// in turn, four vectors of `n_lanes` weights: those from this input to the units' input, forget,
/// cell and output gates. So the four gates of a unit are in registers at once when its state is
/// updated. A dense layer packs its outputs in the same way, four vectors of outputs where the
/// gates are.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fyr/instruction_set.hpp"
#include "fyr/weight_type.hpp"

namespace fyr {

inline constexpr int kNGates = 4;

using Operand = std::uint32_t;

/// A packed matrix: n_panels x depth x kNGates x n_lanes.
struct PanelsView {
  const Operand* weights = nullptr;
  int depth = 0;  ///< Operands.
  int n_panels = 0;
};

/// Rows of floats or operands, `stride` of them from one to the next. (No member functions: every
/// object file that includes this must not bring its own version of any.)
template <typename T>
struct RowsView {
  T* data = nullptr;
  std::ptrdiff_t stride = 0;
};

/// One time step of one direction, for n_rows segments at once.
struct LstmStep {
  PanelsView recurrent;              ///< Scaled as kSigmoidScale and kTanhScale say.
  RowsView<const float> gates;       ///< W_ih x + b in panel order, scaled alike.
  RowsView<const Operand> previous;  ///< h of the step before; data is null in the first step.
  RowsView<float> cell;              ///< c, updated.
  RowsView<Operand> hidden;          ///< h of this step.
  int n_rows = 0;
};

/// One frame through a convolution over 3 frames x 3 bands, max(0, .) and pooling.
///
/// A frame of an image holds its bands from the lowest up, each with its channels, filled up to
/// whole operands; a band of zeros stands below the lowest and above the highest one, so that what
/// a sum reads of a frame is one run of operands. Outputs have whole vectors of channels. Weights
/// are packed in panels of kConvolutionVectors vectors of output channels, the last may have fewer:
/// for each of the 3 frames x 3 bands x input operands the panel's vectors.
struct ConvolutionStep {
  const Operand* weights = nullptr;
  const float* bias = nullptr;
  int n_vectors = 0;              ///< Of output channels.
  int n_bands = 0;                ///< That the outputs have.
  int pooled_bands = 1;           ///< Bands of the inputs of which an output is the largest.
  int band_operands = 0;          ///< Operands of one band of the inputs.
  const Operand* frames[3] = {};  ///< Earlier, same, later: each from the zeros below.
  float* sums = nullptr;          ///< Room for n_bands * pooled_bands x n_vectors * n_lanes.
  Operand* outputs = nullptr;     ///< The lowest band; the others follow.
};

inline constexpr int kConvolutionVectors = 2;

/// What weights and biases are multiplied with before packing, so that a gate's sum is already the
/// exponent: sigmoid(x) = 1 / (1 + 2^t) with t = kSigmoidScale x, and
/// tanh(x) = (1 - 2^t) / (1 + 2^t) with t = kTanhScale x.
inline constexpr double kSigmoidScale = -1.4426950408889634;  // -log2(e)
inline constexpr double kTanhScale = 2 * kSigmoidScale;

struct Kernels {
  int n_lanes;             ///< Floats in a vector.
  int inputs_per_operand;  ///< 1 or 2.

  /// Makes operands of n values, a multiple of n_lanes; bfloat16 are rounded to nearest even.
  void (*make_operands)(const float* values, std::ptrdiff_t n, Operand* operands);

  /// outputs = inputs * panels + bias for n_rows rows; outputs and bias are in panel order.
  void (*project)(const PanelsView& panels, const float* bias, RowsView<const Operand> inputs,
                  int n_rows, RowsView<float> outputs);

  void (*step_lstm)(const LstmStep& step);

  void (*convolve)(const ConvolutionStep& step);

  /// values = 1 / (1 + 2^values), absolute error below 3e-7; n is a multiple of n_lanes.
  void (*finish_sigmoid)(float* values, std::ptrdiff_t n);
};

/// Requires: is_supported(weights, set).
const Kernels& kernels(InstructionSet set, WeightType weights);

}  // namespace fyr
