// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/spectrogram.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>

#include "fyr/error.hpp"
#include "spectrogram/fft.hpp"
#include "spectrogram/filterbank.hpp"

namespace fyr {
namespace {

std::vector<float> hann_window(int n_samples) {
  std::vector<float> window(static_cast<std::size_t>(n_samples));
  for (int n = 0; n < n_samples; ++n) {
    window[static_cast<std::size_t>(n)] =
        static_cast<float>(0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * n / n_samples));
  }
  return window;
}

/// Computes one view, frame by frame.
class ViewAnalyser {
 public:
  ViewAnalyser(const SpectrogramView& view, int rate_hz)
      : view_(view), fft_(view.window_samples), window_(hann_window(view.window_samples)) {
    const int n_bins = view.window_samples / 2 + 1;
    magnitudes_.resize(static_cast<std::size_t>(n_bins));
    if (view.scale == FrequencyScale::LogFilterbank) {
      filters_ = log_filterbank(n_bins, static_cast<double>(rate_hz) / view.window_samples,
                                view.bands_per_octave, view.min_hz, view.max_hz);
    }
  }

  int n_bands() const {
    return static_cast<int>(view_.scale == FrequencyScale::Linear ? magnitudes_.size()
                                                                  : filters_.size());
  }
  int n_columns() const { return n_bands() * (view_.difference ? 2 : 1); }

  /// Fills n_bands() values for the window centred on `centre`.
  void analyse(std::span<const float> samples, std::int64_t centre, std::span<float> bands) {
    load(samples, centre - view_.window_samples / 2);
    const auto bins = fft_.execute();
    const float scale = 4.0F / static_cast<float>(view_.window_samples);  // 1 / (sum(window) / 2)
    for (std::size_t bin = 0; bin < bins.size(); ++bin) {
      const float re = bins[bin].real();
      const float im = bins[bin].imag();
      magnitudes_[bin] = scale * std::sqrt(re * re + im * im);
    }
    if (view_.scale == FrequencyScale::Linear) {
      std::copy(magnitudes_.begin(), magnitudes_.end(), bands.begin());
    } else {
      apply(filters_, magnitudes_, bands);
    }
    if (view_.log_multiplier > 0) {
      const float multiplier = static_cast<float>(view_.log_multiplier);
      for (float& band : bands) band = std::log10(1.0F + multiplier * band);
    }
  }

  bool has_difference() const { return view_.difference; }

 private:
  void load(std::span<const float> samples, std::int64_t first) {
    const std::span<float> input = fft_.input();
    const auto size = static_cast<std::int64_t>(samples.size());
    const auto n = static_cast<std::int64_t>(input.size());
    const std::int64_t begin = std::clamp<std::int64_t>(-first, 0, n);
    const std::int64_t end = std::clamp<std::int64_t>(size - first, begin, n);
    std::fill(input.begin(), input.begin() + begin, 0.0F);
    for (std::int64_t i = begin; i < end; ++i) {
      const auto at = static_cast<std::size_t>(i);
      input[at] = samples[static_cast<std::size_t>(first + i)] * window_[at];
    }
    std::fill(input.begin() + end, input.end(), 0.0F);
  }

  SpectrogramView view_;
  RealFft fft_;
  std::vector<float> window_;
  std::vector<float> magnitudes_;
  std::vector<BandFilter> filters_;
};

void append_difference(Matrix& frames, Eigen::Index column, Eigen::Index n_bands) {
  auto bands = frames.middleCols(column, n_bands);
  auto rises = frames.middleCols(column + n_bands, n_bands);
  const Eigen::Index n = frames.rows();
  if (n == 0) return;
  rises.row(0) = bands.row(0).cwiseMax(0.0F);
  rises.bottomRows(n - 1) = (bands.bottomRows(n - 1) - bands.topRows(n - 1)).cwiseMax(0.0F);
}

void require(bool good, const char* what) {
  if (!good) throw InputError(std::string("feature settings: ") + what);
}

}  // namespace

void check(const FeatureSettings& settings) {
  require(settings.rate_hz >= 8000 && settings.rate_hz <= 192000,
          "rate_hz must be between 8000 and 192000");
  require(settings.hop_samples > 0, "hop_samples must be positive");
  require(!settings.views.empty(), "at least one view is needed");
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
    require(ViewAnalyser(view, settings.rate_hz).n_bands() > 0, "a view has no bands");
  }
}

int n_features(const FeatureSettings& settings) {
  int n = 0;
  for (const SpectrogramView& view : settings.views) {
    n += ViewAnalyser(view, settings.rate_hz).n_columns();
  }
  return n;
}

Features compute_features(const Audio& audio, const FeatureSettings& settings) {
  assert(audio.rate_hz == settings.rate_hz);
  std::vector<std::unique_ptr<ViewAnalyser>> analysers;
  int longest = 0;
  int n_columns = 0;
  for (const SpectrogramView& view : settings.views) {
    analysers.push_back(std::make_unique<ViewAnalyser>(view, settings.rate_hz));
    longest = std::max(longest, view.window_samples);
    n_columns += analysers.back()->n_columns();
  }
  const std::int64_t hop = settings.hop_samples;
  const std::int64_t reach = longest / 2 / hop;  // frames whose window leaves the recording
  const auto n_samples = static_cast<std::int64_t>(audio.samples.size());
  const std::int64_t n_frames = n_samples == 0 ? 0 : (n_samples - 1) / hop + 1 + 2 * reach;

  Features features;
  features.first_frame = -static_cast<int>(reach);
  features.frames.resize(n_frames, n_columns);
  for (Eigen::Index row = 0; row < n_frames; ++row) {
    float* out = features.frames.row(row).data();
    for (const auto& analyser : analysers) {
      const auto n_bands = static_cast<std::size_t>(analyser->n_bands());
      analyser->analyse(audio.samples, (row - reach) * hop, {out, n_bands});
      out += analyser->n_columns();
    }
  }
  Eigen::Index column = 0;
  for (const auto& analyser : analysers) {
    if (analyser->has_difference()) append_difference(features.frames, column, analyser->n_bands());
    column += analyser->n_columns();
  }
  return features;
}

}  // namespace fyr
