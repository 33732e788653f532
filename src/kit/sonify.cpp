// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "fyr/kit.hpp"

namespace fyr {
namespace {

constexpr double kClick_s = 0.04;
constexpr double kClickHz = 1000;
constexpr double kDownbeatHz = 1500;
constexpr float kClickLevel = 0.5F;

float peak_of(const std::vector<float>& samples) {
  float peak = 0;
  for (const float value : samples) peak = std::max(peak, std::abs(value));
  return peak;
}

/// A stroke that a hand stops after so many seconds.
std::vector<float> choked(std::vector<float> sound, double after_s, int rate_hz) {
  constexpr double kStop_s = 0.05;
  const auto n_samples = [&](double s) {
    return static_cast<std::size_t>(std::lround(s * rate_hz));
  };
  const std::size_t first = n_samples(after_s);
  const std::size_t n_fading = n_samples(kStop_s);
  if (first + n_fading >= sound.size()) return sound;
  for (std::size_t k = 0; k < n_fading; ++k) {
    sound[first + k] *= 1 - static_cast<float>(k) / static_cast<float>(n_fading);
  }
  sound.resize(first + n_fading);
  return sound;
}

/// Adds `sound` to `track` from `time_s`; what reaches past the end is lost.
void add(std::vector<float>& track, const std::vector<float>& sound, double time_s, float gain,
         int rate_hz) {
  const auto start = static_cast<std::size_t>(std::max(0L, std::lround(time_s * rate_hz)));
  for (std::size_t k = 0; k < sound.size() && start + k < track.size(); ++k) {
    track[start + k] += gain * sound[k];
  }
}

void scale_to(std::vector<float>& track, float peak) {
  const float present = peak_of(track);
  if (present <= 0) return;
  for (float& value : track) value *= peak / present;
}

std::vector<float> click(double hz, int rate_hz) {
  std::vector<float> samples(static_cast<std::size_t>(kClick_s * rate_hz));
  for (std::size_t k = 0; k < samples.size(); ++k) {
    const double t = static_cast<double>(k) / rate_hz;
    samples[k] =
        static_cast<float>(std::sin(2 * std::numbers::pi * hz * t) * std::exp(-t * 6 / kClick_s));
  }
  return samples;
}

std::vector<float> kit_track(std::size_t n_samples, int rate_hz, const std::vector<Onset>& hits) {
  PerDrum<std::optional<std::vector<float>>> samples;
  std::vector<float> track(n_samples);
  for (const Onset& hit : hits) {
    auto& sample = samples[index_of(hit.drum)];
    if (!sample) sample = drum_sample(hit.drum, rate_hz);
    const float gain = velocity_gain(hit.velocity);
    if (hit.choked_after_s > 0) {
      add(track, choked(*sample, hit.choked_after_s, rate_hz), hit.time_s, gain, rate_hz);
    } else {
      add(track, *sample, hit.time_s, gain, rate_hz);
    }
  }
  return track;
}

}  // namespace

float velocity_gain(int velocity) {
  const float part = static_cast<float>(velocity) / 127.0F;
  return part * part;
}

std::vector<float> sonify(const Audio& recording, const std::vector<Onset>& hits,
                          const SonifyOptions& options) {
  std::vector<float> left = recording.samples;
  std::vector<float> right = kit_track(left.size(), recording.rate_hz, hits);
  // Float files may be louder than full scale; a silent one leaves the kit as it is.
  const float loudest = std::min(1.0F, peak_of(left));
  scale_to(left, loudest);
  scale_to(right, loudest > 0 ? loudest : 0.9F);
  for (const Beat& beat : options.beats) {
    if (beat.time_s < 0) continue;  // Of a bar that begins before the recording.
    const double hz = beat.number == 1 ? kDownbeatHz : kClickHz;
    add(right, click(hz, recording.rate_hz), beat.time_s, kClickLevel, recording.rate_hz);
  }
  std::vector<float> out(2 * left.size());
  for (std::size_t k = 0; k < left.size(); ++k) {
    const float mixed = 0.5F * (left[k] + right[k]);
    out[2 * k] = std::clamp(options.mix ? mixed : left[k], -1.0F, 1.0F);
    out[2 * k + 1] = std::clamp(options.mix ? mixed : right[k], -1.0F, 1.0F);
  }
  return out;
}

}  // namespace fyr
