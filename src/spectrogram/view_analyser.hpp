// SPDX-License-Identifier: GPL-3.0-or-later

/// One view of the spectrogram: one window length, frame after frame.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fyr/spectrogram.hpp"
#include "spectrogram/fft.hpp"
#include "spectrogram/filterbank.hpp"

namespace fyr {

/// n_bands and, if the view has them, their differences; cheap, unlike making an analyser, which
/// plans a transform.
int n_columns(const SpectrogramView& view, int rate_hz);

/// Keeps what one frame's differences need of the frame before; allocates only when made.
class ViewAnalyser {
 public:
  ViewAnalyser(const SpectrogramView& view, int rate_hz);

  int n_columns() const { return static_cast<int>(bands_.size()) * (view_.difference ? 2 : 1); }

  /// Fills n_columns() values for the frame after that of the call before, its window centred on
  /// samples[centre]. What the window covers outside `samples` is silence.
  void analyse(std::span<const float> samples, std::int64_t centre, std::span<float> columns);

 private:
  void load(std::span<const float> samples, std::int64_t first);
  void compute_bands(std::span<float> bands);

  SpectrogramView view_;
  RealFft fft_;
  std::vector<float> window_;
  std::vector<float> magnitudes_;
  std::vector<BandFilter> filters_;
  std::vector<float> bands_;  ///< Of the frame before; silence at first.
};

}  // namespace fyr
