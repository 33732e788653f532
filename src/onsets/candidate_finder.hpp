// SPDX-License-Identifier: GPL-3.0-or-later

/// Peaks of one drum's activation, found while it is being computed.
#pragma once

#include <vector>

#include "fyr/onsets.hpp"

namespace fyr {

struct Candidate {
  double time_s;
  double confidence;
  float velocity;  ///< 0..1
};

/// Keeps the frames that the windows of coming peaks reach, and the candidates found.
class CandidateFinder {
 public:
  CandidateFinder(const PeakPicking& settings, double hop_s);

  /// Takes the next frame.
  void push(float activation, float velocity);

  /// The candidates of all frames, in time order; none if the drum is not played.
  std::vector<Candidate> finish();

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

  PeakPicking settings_;
  double hop_s_;
  int pre_max_, post_max_, pre_mean_, post_mean_;  ///< In frames.
  int reach_back_, reach_ahead_;                   ///< Of all windows together.
  std::vector<Frame> frames_;
  int first_ = 0;     ///< Number of frames_.front().
  int examined_ = 0;  ///< Frames before this one are.
  double sum_ = 0;
  std::vector<Candidate> candidates_;
};

}  // namespace fyr
