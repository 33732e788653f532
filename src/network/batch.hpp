// SPDX-License-Identifier: GPL-3.0-or-later

/// Neighbouring segments that go through the network together, so that the recurrent step of all of
/// them is one matrix product.
#pragma once

#include <array>
#include <optional>

#include "fyr/matrix.hpp"
#include "network/convolutions.hpp"
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

  /// Of the batch at hand, from the first segment's first to the last one's last.
  Eigen::Index n_frames() const {
    return Eigen::Index{network_.segment_hop()} * (n_segments_ - 1) + network_.segment_frames;
  }
  int n_edge_steps() const { return network_.segment_frames - (inner_.end - inner_.begin); }
  void project_convolved(const FrameSource& source);
  void project_features(const FrameSource& source, const PackedLstm& lstm, int n_gates);
  void run_direction(std::size_t layer, std::size_t direction, Steps steps,
                     const Operand* layer_inputs, Operand* hidden);
  void run_first_layer(std::size_t direction, Steps steps, Operand* hidden);
  void run_steps(const PackedBiLstm& layer, std::size_t direction, Steps steps, Steps chunk,
                 RowsView<const float> gates, std::ptrdiff_t step_stride, Operand* hidden);
  void run_dense(const Operand* hidden, Matrix& columns);

  const PackedNetwork& network_;
  int n_segments_ = 0;          ///< Of the batch at hand.
  AlignedFloats standardised_;  ///< Rows of whole operands; what fills them up stays 0.
  AlignedOperands inputs_;      ///< Those.
  AlignedFloats projected_;     ///< W_ih x + b of one direction; the dense layer's outputs.
  std::optional<Convolutions> convolutions_;
  Steps inner_{0, 0};  ///< Of a segment: what the convolutions give is the whole recording's.
  AlignedOperands edge_inputs_;            ///< What they give at other steps: steps x segments.
  AlignedFloats edge_projected_;           ///< W_ih x + b of those, one direction after the other.
  std::ptrdiff_t direction_stride_ = 0;    ///< From one direction's `projected_` to the other's.
  std::array<AlignedOperands, 2> hidden_;  ///< Layer outputs: steps x segments x 2 * padded_units.
  AlignedFloats cell_;
};

}  // namespace fyr
