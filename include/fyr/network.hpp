// SPDX-License-Identifier: GPL-3.0-or-later

/// Network: from features to activations, a stack of bidirectional LSTM layers and a dense sigmoid.
///
/// LSTM: Hochreiter & Schmidhuber, Neural Computation 9(8), 1997, with forget gates (Gers et al.
/// 2000); bidirectional: Schuster & Paliwal 1997. For one direction, with * elementwise:
///
///     | i |   | sigmoid |
///     | f | = | sigmoid | ( W_ih x_t + W_hh h_(t-1) + b )      c_t = f * c_(t-1) + i * g
///     | g |   | tanh    |                                      h_t = o * tanh(c_t)
///     | o |   | sigmoid |
///
/// The recording is cut into segments of `segment_frames` that start every
/// `segment_frames - 2 * overlap_frames`; `overlap_frames` on each side are discarded. The first
/// segment starts `overlap_frames` before frame 0; silence fills what lies outside the recording,
/// so no segment holds two songs.
#pragma once

#include <memory>

#include "fyr/instruction_set.hpp"
#include "fyr/matrix.hpp"
#include "fyr/model.hpp"
#include "fyr/spectrogram.hpp"

namespace fyr {

struct PackedNetwork;

/// What the network hears, frame by frame, from frame 0 at the recording's first sample.
struct Activations {
  double hop_s = 0.01;
  std::vector<Drum> drums;  ///< Columns of `onsets` and `velocities`.
  Matrix onsets;            ///< n_frames x n_drums, 0..1.
  Matrix velocities;  ///< Same shape, 0..1, meaningful at onsets; empty if the model has none.
  Matrix beats;       ///< n_frames x 2 (beat, downbeat), 0..1; empty if the model has none.
};

/// A model's layers, packed once for the processor's vector instructions.
///
/// Copies share the weights; `run` may be called from several threads at once.
class Network {
 public:
  /// Requires: model passed load_model, or has layers of fitting sizes; is_supported(set).
  explicit Network(const Model& model, InstructionSet set = instruction_set());

  /// Runs the network over the whole recording, with `n_threads` threads.
  ///
  /// The result does not depend on n_threads, nor on how segments are grouped.
  /// Requires: as many columns in `features` as the model has inputs; n_threads > 0.
  /// Memory besides the result: one batch of segments for each thread, whatever the length.
  Activations run(const Features& features, int n_threads = 1) const;

 private:
  std::shared_ptr<const PackedNetwork> packed_;
};

}  // namespace fyr
