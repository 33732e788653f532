// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/pictures.hpp"

#include <algorithm>
#include <cmath>

#include "fyr/spectrogram.hpp"

namespace fyr {
namespace {

/// 20 ms and an eighth of an octave are finer than a screen shows of a song.
constexpr int kFramesPerS = 50;
constexpr int kBandsPerOctave = 8;
constexpr double kMinHz = 40;
constexpr double kMaxHz = 16000;
/// Loudness log10(1 + m |X|): quiet parts become visible, noise stays dark.
constexpr double kLogMultiplier = 300;

char signed_byte(float value) {
  return static_cast<char>(std::lround(127 * std::clamp(value, -1.0F, 1.0F)));
}

}  // namespace

std::string waveform_bytes(const Audio& audio, double hop_s) {
  const auto n_frames = static_cast<std::size_t>(std::ceil(audio.duration_s() / hop_s));
  std::string bytes;
  bytes.reserve(2 * n_frames);
  for (std::size_t frame = 0; frame < n_frames; ++frame) {
    const auto place = [&](std::size_t k) {
      const auto sample = static_cast<std::size_t>(static_cast<double>(k) * hop_s * audio.rate_hz);
      return std::min(sample, audio.samples.size());
    };
    float least = 0;
    float greatest = 0;
    for (std::size_t k = place(frame); k < place(frame + 1); ++k) {
      least = std::min(least, audio.samples[k]);
      greatest = std::max(greatest, audio.samples[k]);
    }
    bytes += signed_byte(least);
    bytes += signed_byte(greatest);
  }
  return bytes;
}

SpectrogramImage spectrogram_image(const Audio& audio) {
  FeatureSettings settings;
  settings.rate_hz = audio.rate_hz;
  settings.hop_samples = audio.rate_hz / kFramesPerS;
  SpectrogramView view;
  view.bands_per_octave = kBandsPerOctave;
  view.min_hz = kMinHz;
  view.max_hz = std::min(kMaxHz, 0.45 * audio.rate_hz);
  view.log_multiplier = kLogMultiplier;
  settings.views = {view};
  const Features features = compute_features(audio, settings);
  // Frames before and after the recording are left out.
  const Eigen::Index lead = -features.first_frame;
  const Matrix frames = features.frames.middleRows(lead, features.frames.rows() - 2 * lead);
  const float loudest = frames.size() > 0 ? std::max(frames.maxCoeff(), 1e-6F) : 1.0F;
  SpectrogramImage image{
      static_cast<int>(frames.cols()), static_cast<int>(frames.rows()), settings.hop_s(), {}};
  image.values.resize(static_cast<std::size_t>(frames.size()));
  std::transform(frames.data(), frames.data() + frames.size(), image.values.begin(),
                 [&](float value) {
                   return static_cast<char>(std::lround(255 * std::max(0.0F, value) / loudest));
                 });
  return image;
}

}  // namespace fyr
