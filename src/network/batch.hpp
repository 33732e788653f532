// SPDX-License-Identifier: GPL-3.0-or-later

/// Neighbouring segments that go through the network together, so that the recurrent step of all of
/// them is one matrix product.
#pragma once

#include <array>
#include <span>

#include "fyr/matrix.hpp"
#include "network/packed_network.hpp"

namespace fyr {

/// Runs batches of up to `max_segments` segments. Owns the buffers; allocates nothing afterwards.
class BatchRunner {
 public:
  BatchRunner(const PackedNetwork& network, int max_segments);

  /// Computes the kept frames of n_segments segments.
  ///
  /// inputs: features, the first row `first_frame` frames from the first segment's first kept
  /// frame; missing rows are silence. columns: kept frames x the dense layer's outputs; no more
  /// than it has rows for are filled.
  void run(const MatrixView& inputs, Eigen::Index first_frame, int n_segments, Matrix& columns);

 private:
  /// Steps of the time loop whose result anything reads.
  struct Steps {
    int begin;
    int end;
  };

  void project_features(const MatrixView& inputs, Eigen::Index first_frame, const PackedLstm& lstm,
                        int n_gates);
  void run_direction(std::size_t layer, std::size_t direction, Steps steps,
                     const Operand* layer_inputs, Operand* hidden);
  void run_steps(const PackedBiLstm& layer, std::size_t direction, Steps steps, Steps chunk,
                 RowsView<const float> gates, std::ptrdiff_t step_stride, Operand* hidden);
  void run_dense(const Operand* hidden, Matrix& columns);

  const PackedNetwork& network_;
  int n_segments_ = 0;          ///< Of the batch at hand.
  AlignedFloats standardised_;  ///< Rows of whole operands; what fills them up stays 0.
  AlignedOperands inputs_;      ///< Those.
  AlignedFloats projected_;     ///< W_ih x + b of one direction; the dense layer's outputs.
  std::array<AlignedOperands, 2> hidden_;  ///< Layer outputs: steps x segments x 2 * padded_units.
  AlignedFloats cell_;
};

}  // namespace fyr
