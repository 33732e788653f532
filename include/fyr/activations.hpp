// SPDX-License-Identifier: GPL-3.0-or-later

/// Activations: what the network hears, frame by frame.
#pragma once

#include <functional>
#include <vector>

#include "fyr/drum.hpp"
#include "fyr/matrix.hpp"

namespace fyr {

/// From frame 0 at the recording's first sample.
struct Activations {
  double hop_s = 0.01;
  std::vector<Drum> drums;  ///< Columns of `onsets` and `velocities`.
  Matrix onsets;            ///< n_frames x n_drums, 0..1.
  Matrix velocities;  ///< Same shape, 0..1, meaningful at onsets; empty if the model has none.
  Matrix beats;       ///< n_frames x 2 (beat, downbeat), 0..1; empty if the model has none.
};

/// Is given the activations of consecutive frames, from frame 0 on.
using ActivationSink = std::function<void(const Activations& block)>;

/// Puts blocks of activations together.
class ActivationCollector {
 public:
  /// beats_only: onsets and velocities are left out, which take most of the room.
  explicit ActivationCollector(bool beats_only = false) : beats_only_(beats_only) {}

  void push(const Activations& block);
  Activations finish();

 private:
  bool beats_only_;
  Activations all_;  ///< Its matrices have room to grow: n_frames_ rows are filled.
  Eigen::Index n_frames_ = 0;
};

}  // namespace fyr
