// SPDX-License-Identifier: GPL-3.0-or-later

/// Timbre: what a recording sounds like frame by frame, coarsely, to tell which of its moments are
/// alike (context.hpp).
///
/// The bands of the first view are cut into kNTimbreValues groups of as many neighbours; the mean
/// of each is a value. Bands left over at the top are dropped. Of a view with 12 bands an octave
/// up to 17 kHz, 81 bands, 4 make a value, which is a third of an octave but for the lowest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fyr/matrix.hpp"
#include "fyr/spectrogram.hpp"

namespace fyr {

inline constexpr std::size_t kNTimbreValues = 20;

/// What a full-scale sine would give.
inline constexpr int kTimbreFullScale = 255;

/// From this value on cymbals have most of their sound, and other drums little.
inline constexpr std::size_t kFirstCymbalValue = 13;

struct Timbre {
  double hop_s = 0.01;
  /// SpectrogramView::log_multiplier m of the first view: a value v, the mean of the logarithms of
  /// its bands, stands for an amplitude of ((1 + m)^(v / kTimbreFullScale) - 1) / m, 1 being full
  /// scale. 0: values are not logarithmic, or it is not known.
  double log_multiplier = 0;
  /// kNTimbreValues a frame, frame by frame from frame 0 at the recording's first sample, 0 to
  /// kTimbreFullScale. Empty: not known. A byte each, for an hour has 7.2 million
  /// of them, and what an hour needs of memory should not be that.
  std::vector<std::uint8_t> values;

  std::size_t n_frames() const { return values.size() / kNTimbreValues; }
};

/// Keeps the timbre of features that come in blocks.
class TimbreCollector {
 public:
  /// Requires: check(settings) passed. Collects nothing where the first view has fewer bands than
  /// kNTimbreValues.
  explicit TimbreCollector(const FeatureSettings& settings);

  /// Takes the next rows of SpectrogramStream.
  void push(const MatrixView& features);

  /// The rows after the recording's last frame are dropped. Nothing may be pushed afterwards.
  Timbre finish();

 private:
  Eigen::Index bands_per_value_;
  std::size_t n_lead_;     ///< Rows before frame 0, and after the last.
  Eigen::Index n_before_;  ///< Rows that are still to come before frame 0.
  float scale_;
  Timbre timbre_;
};

}  // namespace fyr
