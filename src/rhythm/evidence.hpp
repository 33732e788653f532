// SPDX-License-Identifier: GPL-3.0-or-later

/// What the tracker looks at: the drum hits and, where a model has them, beat activations, in
/// frames.
#pragma once

#include <array>
#include <vector>

#include "fyr/activations.hpp"
#include "fyr/onset.hpp"
#include "rhythm/bar_patterns.hpp"

namespace fyr::rhythm {

/// Usual length of a tracker frame: 50 a second, as in Krebs, Böck & Widmer, ISMIR 2015.
inline constexpr double kFrame_s = 0.02;

/// Frames before the recording, so that a beat may begin before its first sample.
inline constexpr int kLead = 110;

/// One hit as the tracker sees it.
struct PartHit {
  double frame = 0;  ///< Time in frames, with fraction.
  Part part = Part::Kick;
};

struct Evidence {
  double frame_s = kFrame_s;
  int n_frames = 0;
  std::vector<PartHit> hits;            ///< In time order.
  std::array<double, kNParts> rates{};  ///< Mean hits of every part a frame, while music plays.
  std::vector<int> first_hit;   ///< [frame] -> the first hit in or after it; n_frames + 1 values.
  std::vector<float> beat;      ///< [frame] -> log-odds of a beat; empty if the model has none.
  std::vector<float> downbeat;  ///< Same for the first beat of a bar.

  double seconds_of(double frame) const { return (frame - kLead) * frame_s; }
};

/// Gathers the evidence of a recording. The frames reach a little beyond the last hit.
Evidence gather_evidence(const std::vector<Onset>& onsets, const Activations& activations,
                         double duration_s, double frame_s = kFrame_s);

}  // namespace fyr::rhythm
