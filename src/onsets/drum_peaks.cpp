// SPDX-License-Identifier: GPL-3.0-or-later
#include "onsets/drum_peaks.hpp"

#include <algorithm>
#include <cmath>

namespace fyr {
namespace {

/// Frames that are forgotten together, so that moving the rest costs little.
constexpr int kForgottenFrames = 1024;

int to_frames(double seconds, double hop_s) {
  return static_cast<int>(std::lround(seconds / hop_s));
}

}  // namespace

DrumPeaks::DrumPeaks(const PeakPicking& settings, double least, double hop_s, double time_offset_s)
    : least_(least),
      hop_s_(hop_s),
      time_offset_s_(time_offset_s),
      pre_max_(to_frames(settings.pre_max_s, hop_s)),
      post_max_(to_frames(settings.post_max_s, hop_s)),
      pre_mean_(to_frames(settings.pre_mean_s, hop_s)),
      post_mean_(to_frames(settings.post_mean_s, hop_s)),
      reach_back_(std::max({pre_max_, pre_mean_, 1})),
      reach_ahead_(std::max({post_max_, post_mean_, 1})) {
  frames_.reserve(std::size_t{2} + kForgottenFrames + static_cast<std::size_t>(reach_back_) +
                  static_cast<std::size_t>(reach_ahead_));
}

void DrumPeaks::push(float activation, float velocity) {
  frames_.push_back({activation, velocity, sum_});
  sum_ += static_cast<double>(activation);
  if (examined_ + reach_ahead_ < n_frames()) examine(examined_++);
  forget();
}

std::vector<Peak> DrumPeaks::finish() {
  while (examined_ < n_frames()) examine(examined_++);
  return std::move(peaks_);
}

void DrumPeaks::examine(int k) {
  // A least height of zero still asks for a peak above its surroundings.
  const double height = static_cast<double>(at(k)) - mean(k - pre_mean_, k + post_mean_);
  if (height <= 0 || height < least_ || !is_peak(k)) return;
  const double time_s = (k + vertex(k)) * hop_s_ + time_offset_s_;
  peaks_.push_back({std::max(0.0, time_s), static_cast<float>(height), frame(k).velocity});
}

double DrumPeaks::mean(int first, int last) const {
  return (sum_before(last + 1) - sum_before(std::max(first, 0))) / (last - first + 1);
}

/// The first of equal largest values in the maximum window is the peak. From the nearest frames
/// on: they are the ones that tell, however long the window is.
bool DrumPeaks::is_peak(int k) const {
  const float value = at(k);
  for (int before = k - 1; before >= std::max(k - pre_max_, 0); --before) {
    if (at(before) >= value) return false;
  }
  for (int after = k + 1; after <= std::min(k + post_max_, n_frames() - 1); ++after) {
    if (at(after) > value) return false;
  }
  return value > 0.0F;
}

/// Vertex of the parabola through the peak and its neighbours, in frames from `k`.
double DrumPeaks::vertex(int k) const {
  const auto left = static_cast<double>(at(k - 1));
  const auto centre = static_cast<double>(at(k));
  const auto right = static_cast<double>(at(k + 1));
  const double curvature = left - 2 * centre + right;
  if (curvature >= 0) return 0;
  return std::clamp(0.5 * (left - right) / curvature, -0.5, 0.5);
}

void DrumPeaks::forget() {
  const int n = examined_ - reach_back_ - first_;
  if (n < kForgottenFrames) return;
  frames_.erase(frames_.begin(), frames_.begin() + n);
  first_ += n;
}

}  // namespace fyr
