// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cassert>
#include <cmath>
#include <tuple>

#include "fyr/network.hpp"
#include "fyr/onsets.hpp"

namespace fyr {
namespace {

/// One drum's activations, zero outside the recording.
class Curve {
 public:
  Curve(const Matrix& activations, Eigen::Index column)
      : values_(static_cast<std::size_t>(activations.rows())), sums_(values_.size() + 1) {
    for (std::size_t k = 0; k < values_.size(); ++k) {
      values_[k] = activations(static_cast<Eigen::Index>(k), column);
      sums_[k + 1] = sums_[k] + static_cast<double>(values_[k]);
    }
  }

  int n_frames() const { return static_cast<int>(values_.size()); }

  float at(int frame) const {
    return frame < 0 || frame >= n_frames() ? 0.0F : values_[static_cast<std::size_t>(frame)];
  }

  /// Mean over [first, last]; frames outside the recording count as zeros.
  double mean(int first, int last) const {
    const auto begin = static_cast<std::size_t>(std::clamp(first, 0, n_frames()));
    const auto end = static_cast<std::size_t>(std::clamp(last + 1, 0, n_frames()));
    return (sums_[end] - sums_[begin]) / (last - first + 1);
  }

  /// The first of equal largest values in [frame - before, frame + after] is the peak.
  bool is_peak(int frame, int before, int after) const {
    const float value = at(frame);
    for (int k = frame - before; k < frame; ++k) {
      if (at(k) >= value) return false;
    }
    for (int k = frame + 1; k <= frame + after; ++k) {
      if (at(k) > value) return false;
    }
    return value > 0.0F;
  }

  /// Vertex of the parabola through the peak and its neighbours, in frames from `frame`.
  double vertex(int frame) const {
    const auto left = static_cast<double>(at(frame - 1));
    const auto centre = static_cast<double>(at(frame));
    const auto right = static_cast<double>(at(frame + 1));
    const double curvature = left - 2 * centre + right;
    if (curvature >= 0) return 0;
    return std::clamp(0.5 * (left - right) / curvature, -0.5, 0.5);
  }

 private:
  std::vector<float> values_;
  std::vector<double> sums_;  ///< sums_[k] = values_[0] + … + values_[k - 1].
};

struct Candidate {
  int frame;
  double time_s;
  double confidence;
};

std::vector<Candidate> find_candidates(const Curve& curve, const PeakPicking& settings,
                                       double hop_s) {
  const auto frames = [&](double seconds) {
    return static_cast<int>(std::lround(seconds / hop_s));
  };
  const int pre_max = frames(settings.pre_max_s);
  const int post_max = frames(settings.post_max_s);
  const int pre_mean = frames(settings.pre_mean_s);
  const int post_mean = frames(settings.post_mean_s);
  std::vector<Candidate> candidates;
  for (int frame = 0; frame < curve.n_frames(); ++frame) {
    // A threshold of zero or less still asks for a peak above its surroundings.
    const double height =
        static_cast<double>(curve.at(frame)) - curve.mean(frame - pre_mean, frame + post_mean);
    if (height <= 0 || height < settings.threshold) continue;
    if (!curve.is_peak(frame, pre_max, post_max)) continue;
    candidates.push_back({frame, (frame + curve.vertex(frame)) * hop_s, height});
  }
  const bool present = std::any_of(candidates.begin(), candidates.end(), [&](const auto& peak) {
    return peak.confidence >= settings.presence;
  });
  return present ? candidates : std::vector<Candidate>{};
}

/// Takes the highest first; drops what lies within gap_s of one already taken.
std::vector<Candidate> keep_apart(std::vector<Candidate> candidates, double gap_s) {
  std::stable_sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
    return std::tuple(-a.confidence, a.frame) < std::tuple(-b.confidence, b.frame);
  });
  std::vector<Candidate> kept;  // ordered by time
  for (const Candidate& candidate : candidates) {
    const auto next = std::lower_bound(
        kept.begin(), kept.end(), candidate,
        [](const Candidate& a, const Candidate& b) { return a.time_s < b.time_s; });
    const bool near_next = next != kept.end() && next->time_s - candidate.time_s < gap_s;
    const bool near_previous =
        next != kept.begin() && candidate.time_s - std::prev(next)->time_s < gap_s;
    if (!near_next && !near_previous) kept.insert(next, candidate);
  }
  return kept;
}

/// Of different sounds of one instrument within alone_s keeps what most exceeds its threshold.
/// `onsets` are ordered by time.
std::vector<Onset> one_sound_at_a_time(const std::vector<Onset>& onsets,
                                       const PerDrum<PeakPicking>& settings) {
  const auto excess = [&](const Onset& onset) {
    return onset.confidence - settings[index_of(onset.drum)].threshold;
  };
  const auto yields = [&](const Onset& onset, const Onset& other) {
    return onset.drum != other.drum && same_instrument(onset.drum, other.drum) &&
           std::abs(onset.time_s - other.time_s) < settings[index_of(onset.drum)].alone_s &&
           std::tuple(excess(onset), onset.drum) < std::tuple(excess(other), other.drum);
  };
  std::vector<Onset> kept;
  for (auto onset = onsets.begin(); onset != onsets.end(); ++onset) {
    const double reach_s = settings[index_of(onset->drum)].alone_s;
    auto first = onset;
    while (first != onsets.begin() && onset->time_s - std::prev(first)->time_s < reach_s) --first;
    auto last = onset;
    while (last != onsets.end() && last->time_s - onset->time_s < reach_s) ++last;
    if (std::none_of(first, last, [&](const Onset& other) { return yields(*onset, other); })) {
      kept.push_back(*onset);
    }
  }
  return kept;
}

int midi_velocity(float velocity) {
  return std::clamp(static_cast<int>(std::lround(127.0F * velocity)), 1, 127);
}

}  // namespace

std::vector<Onset> pick_onsets(const Activations& activations, const PerDrum<PeakPicking>& settings,
                               double time_offset_s) {
  std::vector<Onset> onsets;
  assert(activations.onsets.cols() == static_cast<Eigen::Index>(activations.drums.size()));
  for (std::size_t column = 0; column < activations.drums.size(); ++column) {
    const auto index = static_cast<Eigen::Index>(column);
    const Drum drum = activations.drums[column];
    const PeakPicking& picking = settings[index_of(drum)];
    const Curve curve(activations.onsets, index);
    for (const Candidate& hit :
         keep_apart(find_candidates(curve, picking, activations.hop_s), picking.gap_s)) {
      // Models without velocities still tell loud from soft a little by how sure they are.
      const Matrix& source =
          activations.velocities.size() > 0 ? activations.velocities : activations.onsets;
      onsets.push_back({std::max(0.0, hit.time_s + time_offset_s), drum,
                        midi_velocity(source(hit.frame, index)), hit.confidence});
    }
  }
  std::sort(onsets.begin(), onsets.end(), [](const Onset& a, const Onset& b) {
    return std::tuple(a.time_s, a.drum) < std::tuple(b.time_s, b.drum);
  });
  return one_sound_at_a_time(onsets, settings);
}

}  // namespace fyr
