// SPDX-License-Identifier: GPL-3.0-or-later

/// Peaks of one drum's activation, found while it is being computed.
#pragma once

#include <vector>

#include "fyr/onset.hpp"

namespace fyr {

/// Keeps the frames that the windows of coming peaks reach, and the peaks found.
class DrumPeaks {
 public:
  /// Peaks lower than `least` above their surroundings are none; times get `time_offset_s` more.
  DrumPeaks(const PeakPicking& settings, double least, double hop_s, double time_offset_s);

  /// Takes the next frame.
  void push(float activation, float velocity);

  /// The peaks of all frames, in time order.
  std::vector<Peak> finish();

 private:
  struct Frame {
    float activation;
    float velocity;
    double sum;  ///< Of all activations before this frame.
  };

  int n_frames() const { return first_ + static_cast<int>(frames_.size()); }
  const Frame& frame(int k) const { return frames_[static_cast<std::size_t>(k - first_)]; }
  /// Frames outside the recording count as silence.
  float at(int k) const { return k < 0 || k >= n_frames() ? 0.0F : frame(k).activation; }
  double sum_before(int k) const { return k < n_frames() ? frame(k).sum : sum_; }
  double mean(int first, int last) const;
  bool is_peak(int k) const;
  double vertex(int k) const;
  void examine(int k);
  void forget();

  double least_;
  double hop_s_;
  double time_offset_s_;
  int pre_max_, post_max_, pre_mean_, post_mean_;  ///< In frames.
  int reach_back_, reach_ahead_;                   ///< Of all windows together.
  std::vector<Frame> frames_;
  int first_ = 0;     ///< Number of frames_.front().
  int examined_ = 0;  ///< Frames before this one are.
  double sum_ = 0;
  std::vector<Peak> peaks_;
};

}  // namespace fyr
