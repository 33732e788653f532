// SPDX-License-Identifier: GPL-3.0-or-later

/// Neighbouring segments that go through the network together, so that the recurrent step of all of
/// them is one matrix product.
#pragma once

#include <array>
#include <span>

#include "fyr/spectrogram.hpp"
#include "network/packed_network.hpp"

namespace fyr {

/// Runs batches of up to `max_segments` segments. Owns the buffers; allocates nothing afterwards.
class BatchRunner {
 public:
  BatchRunner(const PackedNetwork& network, int max_segments);

  /// Computes the kept frames of segments first_segment..first_segment + n_segments - 1, segment s
  /// starting with frame s * segment_hop().
  ///
  /// columns: all frames of the recording x the dense layer's outputs; rows beyond it are dropped.
  void run(const Features& features, Eigen::Index first_segment, int n_segments, Matrix& columns);

 private:
  /// Steps of the time loop whose result anything reads.
  struct Steps {
    int begin;
    int end;
  };

  void project_features(const Features& features, Eigen::Index first_frame, const PackedLstm& lstm,
                        int n_gates);
  void run_direction(std::size_t layer, std::size_t direction, Steps steps,
                     const float* layer_inputs, float* hidden);
  void run_steps(const PackedBiLstm& layer, std::size_t direction, Steps steps, Steps chunk,
                 RowsView<const float> gates, std::ptrdiff_t step_stride, float* hidden);
  void run_dense(const float* hidden, Eigen::Index first_frame, Matrix& columns);

  const PackedNetwork& network_;
  int n_segments_ = 0;  ///< Of the batch at hand.
  AlignedFloats standardised_;
  AlignedFloats projected_;  ///< W_ih x + b of one direction; the dense layer's outputs.
  std::array<AlignedFloats, 2> hidden_;  ///< Layer outputs: steps x segments x 2 * padded_units.
  AlignedFloats cell_;
};

}  // namespace fyr
