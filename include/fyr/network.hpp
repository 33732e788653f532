// SPDX-License-Identifier: GPL-3.0-or-later

/// Network: from features to activations, convolutions where the model has any, a stack of
/// bidirectional LSTM layers and a dense sigmoid.
///
/// Convolutions in front of recurrent layers: Vogl, Dorfer, Widmer & Knees, "Drum Transcription via
/// Joint Beat and Drum Modeling Using Convolutional Recurrent Neural Networks", ISMIR 2017. They
/// see the standardised first view, its bands and their differences as channels. With x[t, b] the
/// channels of band b in frame t, zeros outside of the bands and of the segment:
///
///     z[t, b] = max(0, bias + sum over i, j in -1..1 of W[i, j] x[t + i, b + j])
///     y[t, b] = the largest of z[t, p b] .. z[t, p b + p - 1], p = pooled_bands
///
/// Bands that fill no p are dropped. The layer above reads y band by band, then the other views.
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

#include "fyr/activations.hpp"
#include "fyr/instruction_set.hpp"
#include "fyr/matrix.hpp"
#include "fyr/model.hpp"
#include "fyr/spectrogram.hpp"
#include "fyr/weight_type.hpp"

namespace fyr {

struct PackedNetwork;

/// A model's layers, packed once for the processor's vector instructions.
///
/// Copies share the weights; `run` may be called from several threads at once.
class Network {
 public:
  /// Requires: model passed load_model, or has layers of fitting sizes; is_supported(weights, set).
  explicit Network(const Model& model, InstructionSet set = instruction_set(),
                   WeightType weights = WeightType::Float32);

  /// Activations of a whole recording: what NetworkStream gives, put together.
  /// Requires: as many columns in `features` as the model has inputs.
  Activations run(const Features& features, int n_threads = 1) const;

  /// The model's hits network (beats_in_hits.hpp), whose only activations are beats; null if it has
  /// none.
  const Network* hits_network() const { return hits_network_.get(); }

 private:
  friend class NetworkStream;
  explicit Network(PackedNetwork packed);

  std::shared_ptr<const PackedNetwork> packed_;
  std::shared_ptr<const Network> hits_network_;
};

/// Runs the network over a recording whose features come in blocks.
///
/// The result does not depend on how they are cut, on n_threads, nor on how segments are grouped.
/// Memory: a few batches of segments for each thread, whatever the length.
class NetworkStream {
 public:
  /// The first row that comes is frame `first_frame` (<= 0); as many rows after the recording's
  /// last frame must follow. With n_threads > 1 (0 is 1) that many less one work while the caller
  /// prepares the next block, and the caller helps when they fall behind. `sink` is called by push
  /// and finish only, on the caller's thread.
  NetworkStream(const Network& network, int first_frame, int n_threads, ActivationSink sink);
  ~NetworkStream();
  NetworkStream(const NetworkStream&) = delete;
  NetworkStream& operator=(const NetworkStream&) = delete;
  NetworkStream(NetworkStream&&) noexcept;
  NetworkStream& operator=(NetworkStream&&) noexcept;

  /// Requires: as many columns as the model has inputs.
  void push(const MatrixView& frames);

  /// Runs what is left. Nothing may be pushed afterwards.
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fyr
