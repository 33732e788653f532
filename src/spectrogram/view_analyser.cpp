// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectrogram/view_analyser.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

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

int n_bins(const SpectrogramView& view) { return view.window_samples / 2 + 1; }

/// None if the view is linear.
std::vector<BandFilter> filters_of(const SpectrogramView& view, int rate_hz) {
  if (view.scale == FrequencyScale::Linear) return {};
  return log_filterbank(n_bins(view), static_cast<double>(rate_hz) / view.window_samples,
                        view.bands_per_octave, view.min_hz, view.max_hz);
}

}  // namespace

int n_bands(const SpectrogramView& view, int rate_hz) {
  return view.scale == FrequencyScale::Linear ? n_bins(view)
                                              : static_cast<int>(filters_of(view, rate_hz).size());
}

int n_columns(const SpectrogramView& view, int rate_hz) {
  return n_bands(view, rate_hz) * (view.difference ? 2 : 1);
}

ViewAnalyser::ViewAnalyser(const SpectrogramView& view, int rate_hz)
    : view_(view),
      fft_(view.window_samples),
      window_(hann_window(view.window_samples)),
      magnitudes_(static_cast<std::size_t>(n_bins(view))),
      filters_(filters_of(view, rate_hz)),
      bands_(view.scale == FrequencyScale::Linear ? magnitudes_.size() : filters_.size()) {}

void ViewAnalyser::analyse(std::span<const float> samples, std::int64_t centre,
                           std::span<float> columns) {
  load(samples, centre - view_.window_samples / 2);
  const std::span<float> bands = columns.first(bands_.size());
  compute_bands(bands);
  if (!view_.difference) return;
  const std::span<float> rises = columns.last(bands_.size());
  for (std::size_t i = 0; i < bands.size(); ++i) rises[i] = std::max(bands[i] - bands_[i], 0.0F);
  std::copy(bands.begin(), bands.end(), bands_.begin());
}

void ViewAnalyser::load(std::span<const float> samples, std::int64_t first) {
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

void ViewAnalyser::compute_bands(std::span<float> bands) {
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

}  // namespace fyr
