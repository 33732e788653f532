// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/evidence.hpp"

#include <algorithm>
#include <cmath>

#include "rhythm/log_odds.hpp"

namespace fyr::rhythm {
namespace {

/// Activations are taken for at least this likely, and at most one minus it: log-odds of 6.9.
constexpr float kLeastLikely = 0.001F;

/// Frames kept after the last hit, so that its beat can end.
constexpr int kTail = 110;

/// Silence longer than this is no part of the music.
constexpr double kPause_s = 2;

/// The strongest activation in and next to every frame, as log-odds.
std::vector<float> frame_odds(const Activations& activations, Eigen::Index column, int n_frames,
                              double frame_s) {
  std::vector<float> result(static_cast<std::size_t>(n_frames), log_odds(0, kLeastLikely));
  const Eigen::Index rows = activations.beats.rows();
  for (Eigen::Index row = 0; row < rows; ++row) {
    const double frame = static_cast<double>(row) * activations.hop_s / frame_s + kLead;
    const float odds = log_odds(activations.beats(row, column), kLeastLikely);
    const int near = static_cast<int>(std::lround(frame));
    for (int f = std::max(0, near - 1); f <= std::min(n_frames - 1, near + 1); ++f) {
      auto& best = result[static_cast<std::size_t>(f)];
      best = std::max(best, f == near ? odds : odds - 0.5F);
    }
  }
  return result;
}

}  // namespace

Evidence gather_evidence(const std::vector<Onset>& onsets, const Activations& activations,
                         double duration_s, double frame_s) {
  Evidence evidence;
  evidence.frame_s = frame_s;
  const double last_s = onsets.empty() ? 0 : onsets.back().time_s;
  evidence.n_frames = kLead + static_cast<int>(last_s / frame_s) + kTail;
  if (activations.beats.rows() > 0) {
    evidence.n_frames =
        std::max(evidence.n_frames, kLead + static_cast<int>(std::ceil(duration_s / frame_s)));
    evidence.beat = frame_odds(activations, 0, evidence.n_frames, frame_s);
    evidence.downbeat = frame_odds(activations, 1, evidence.n_frames, frame_s);
  }
  const std::vector<Part> parts = parts_of(onsets);
  evidence.hits.reserve(onsets.size());
  for (std::size_t i = 0; i < onsets.size(); ++i) {
    evidence.hits.push_back({onsets[i].time_s / frame_s + kLead, parts[i]});
  }
  double playing_s = kPause_s;
  for (std::size_t i = 0; i < onsets.size(); ++i) {
    evidence.rates[static_cast<std::size_t>(parts[i])] += 1;
    if (i > 0) playing_s += std::min(kPause_s, onsets[i].time_s - onsets[i - 1].time_s);
  }
  for (double& rate : evidence.rates) rate *= frame_s / playing_s;
  evidence.first_hit.reserve(static_cast<std::size_t>(evidence.n_frames) + 1);
  int hit = 0;
  for (int frame = 0; frame <= evidence.n_frames; ++frame) {
    while (hit < static_cast<int>(onsets.size()) &&
           evidence.hits[static_cast<std::size_t>(hit)].frame < frame) {
      ++hit;
    }
    evidence.first_hit.push_back(hit);
  }
  return evidence;
}

}  // namespace fyr::rhythm
