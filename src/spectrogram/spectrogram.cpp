// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/spectrogram.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <string>

#include "fyr/error.hpp"
#include "spectrogram/view_analyser.hpp"

namespace fyr {
namespace {

/// Settings are small, what they ask for need not be: these keep memory and the number of columns
/// within what a computer can do.
constexpr std::size_t kMostViews = 16;
constexpr double kLeastHop_s = 1e-4;

int longest_window(const FeatureSettings& settings) {
  int longest = 0;
  for (const SpectrogramView& view : settings.views) {
    longest = std::max(longest, view.window_samples);
  }
  return longest;
}

void require(bool good, const char* what) {
  if (!good) throw InputError(std::string("feature settings: ") + what);
}

}  // namespace

void check(const FeatureSettings& settings) {
  require(settings.rate_hz >= 8000 && settings.rate_hz <= 192000,
          "rate_hz must be between 8000 and 192000");
  require(settings.hop_samples <= settings.rate_hz &&
              settings.hop_samples >= kLeastHop_s * settings.rate_hz,
          "hop_samples must last between 0.1 ms and 1 s");
  require(!settings.views.empty(), "at least one view is needed");
  require(settings.views.size() <= kMostViews, "more than 16 views");
  for (const SpectrogramView& view : settings.views) {
    require(
        view.window_samples >= 16 && view.window_samples <= 65536 && view.window_samples % 2 == 0,
        "window_samples must be even, between 16 and 65536");
    require(view.log_multiplier >= 0, "log_multiplier must not be negative");
    if (view.scale == FrequencyScale::Linear) continue;
    require(view.bands_per_octave > 0 && view.bands_per_octave <= 96,
            "bands_per_octave must be between 1 and 96");
    require(view.min_hz > 0 && view.min_hz < view.max_hz, "min_hz must be positive, below max_hz");
    require(view.max_hz <= settings.rate_hz / 2.0, "max_hz must not exceed half of rate_hz");
    require(n_bands(view, settings.rate_hz) > 0, "a view has no bands");
  }
}

int n_features(const FeatureSettings& settings) {
  int n = 0;
  for (const SpectrogramView& view : settings.views) {
    n += n_columns(view, settings.rate_hz);
  }
  return n;
}

int n_lead_frames(const FeatureSettings& settings) {
  return longest_window(settings) / 2 / settings.hop_samples;
}

struct SpectrogramStream::Impl {
  explicit Impl(const FeatureSettings& settings)
      : hop(settings.hop_samples),
        half_window(longest_window(settings) / 2),
        lead(n_lead_frames(settings)),
        next_frame(-lead) {
    for (const SpectrogramView& view : settings.views) {
      analysers.emplace_back(view, settings.rate_hz);
      n_columns += static_cast<std::size_t>(analysers.back().n_columns());
    }
  }

  /// Computes the frames before `end`.
  MatrixView compute_until(std::int64_t end) {
    const auto n_frames = static_cast<std::size_t>(std::max<std::int64_t>(0, end - next_frame));
    frames.resize(n_frames * n_columns);
    float* out = frames.data();
    for (; next_frame < end; ++next_frame) {
      for (ViewAnalyser& analyser : analysers) {
        const auto n = static_cast<std::size_t>(analyser.n_columns());
        analyser.analyse(samples, next_frame * hop - first_sample, {out, n});
        out += n;
      }
    }
    return {frames.data(), static_cast<Eigen::Index>(n_frames),
            static_cast<Eigen::Index>(n_columns)};
  }

  /// Forgets the samples that no coming window reaches.
  void forget() {
    const std::int64_t needed = next_frame * hop - half_window;
    const std::int64_t n = std::clamp<std::int64_t>(needed - first_sample, 0, std::ssize(samples));
    samples.erase(samples.begin(), samples.begin() + n);
    first_sample += n;
  }

  std::int64_t hop;
  std::int64_t half_window;  ///< Of the longest view.
  std::int64_t lead;
  std::int64_t next_frame;
  std::int64_t first_sample = 0;  ///< Number of samples.front().
  std::vector<ViewAnalyser> analysers;
  std::size_t n_columns = 0;
  std::vector<float> samples;
  std::vector<float> frames;  ///< The last result.
};

SpectrogramStream::SpectrogramStream(const FeatureSettings& settings)
    : impl_(std::make_unique<Impl>(settings)) {}

SpectrogramStream::~SpectrogramStream() = default;
SpectrogramStream::SpectrogramStream(SpectrogramStream&&) noexcept = default;
SpectrogramStream& SpectrogramStream::operator=(SpectrogramStream&&) noexcept = default;

MatrixView SpectrogramStream::push(std::span<const float> samples) {
  impl_->forget();
  // Blocks of the same length leave rests of different lengths.
  const auto rest = static_cast<std::size_t>(2 * impl_->half_window + impl_->hop);
  impl_->samples.reserve(rest + samples.size());
  impl_->samples.insert(impl_->samples.end(), samples.begin(), samples.end());
  const std::int64_t n_samples = impl_->first_sample + std::ssize(impl_->samples);
  const std::int64_t reached = n_samples - impl_->half_window;
  return impl_->compute_until(reached < 0 ? impl_->next_frame : reached / impl_->hop + 1);
}

MatrixView SpectrogramStream::finish() {
  impl_->forget();
  const std::int64_t n_samples = impl_->first_sample + std::ssize(impl_->samples);
  if (n_samples == 0) return impl_->compute_until(impl_->next_frame);
  return impl_->compute_until((n_samples - 1) / impl_->hop + 1 + impl_->lead);
}

Features compute_features(const Audio& audio, const FeatureSettings& settings) {
  assert(audio.rate_hz == settings.rate_hz);
  SpectrogramStream stream(settings);
  Features features;
  features.first_frame = -n_lead_frames(settings);
  features.frames = stream.push(audio.samples);
  const MatrixView rest = stream.finish();
  features.frames.conservativeResize(features.frames.rows() + rest.rows(), rest.cols());
  features.frames.bottomRows(rest.rows()) = rest;
  return features;
}

}  // namespace fyr
