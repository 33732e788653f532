// SPDX-License-Identifier: GPL-3.0-or-later

/// Spectrogram: from samples to the network's inputs, one row a frame.
///
/// All numbers come from the model file. A model may look at the same frames through several
/// windows ("views"): a long one resolves pitch, a short one resolves time.
///
/// For frame k the window is centred on sample k * hop_samples; samples before the start and after
/// the end are zero. With w the Hann window (periodic, w[n] = 0.5 - 0.5 cos(2 pi n / N)) the
/// magnitude is |sum_n w[n] x[n] e^(-2 pi i b n / N)| / (sum_n w[n] / 2), so that a full-scale sine
/// on a bin reads 1.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "fyr/audio.hpp"
#include "fyr/matrix.hpp"

namespace fyr {

/// How a view's frequency axis is laid out.
enum class FrequencyScale {
  Linear,  ///< All window_samples / 2 + 1 bins, as ADTLib does (Southall et al., ISMIR 2017).
  /// Triangular filters of unit area (Böck et al., "madmom", ACM MM 2016; used by ADTOF, Zehren et
  /// al. 2021). Their corners are the bins nearest to 440 Hz * 2^(k / bands_per_octave), each bin
  /// once, so that low down, where bins are wider than steps, there are fewer bands.
  LogFilterbank,
};

/// One window length and what is made of it.
struct SpectrogramView {
  int window_samples = 2048;  ///< Even, 16..65536.
  FrequencyScale scale = FrequencyScale::LogFilterbank;
  int bands_per_octave = 12;  ///< Only for LogFilterbank: 1..96.
  /// LogFilterbank: edges of first and last filter, 0 < min_hz < max_hz <= rate_hz / 2.
  double min_hz = 30.0;
  double max_hz = 17000.0;
  double log_multiplier = 0.0;  ///< >= 0; m > 0: log10(1 + m |X|); 0: magnitudes as they are.
  bool difference = false;      ///< Appends max(0, row(k) - row(k - 1)) after the view's bands.
};

struct FeatureSettings {
  int rate_hz = 44100;                 ///< 8000..192000.
  int hop_samples = 441;               ///< 0.1 ms to 1 s.
  std::vector<SpectrogramView> views;  ///< 1 to 16.

  double hop_s() const { return static_cast<double>(hop_samples) / rate_hz; }
};

/// Inputs for the network.
struct Features {
  Matrix frames;        ///< n_frames x n_features.
  int first_frame = 0;  ///< Number of the first row, <= 0: frames before the start whose window
                        ///< already reaches into the recording are kept.
};

/// Bands of a view's frame at that rate, without their differences.
/// Requires: a view that check() accepts.
int n_bands(const SpectrogramView& view, int rate_hz);

/// Columns that `settings` gives.
int n_features(const FeatureSettings& settings);

/// Throws InputError naming the setting when `settings` cannot be computed (no views, hop or window
/// not positive, frequencies beyond Nyquist, …).
void check(const FeatureSettings& settings);

/// Frames before the first sample whose window already touches the recording; as many follow the
/// last.
int n_lead_frames(const FeatureSettings& settings);

/// Computes the frames of a recording that comes in blocks. How it is cut makes no difference.
///
/// Holds one window of samples, whatever the length.
class SpectrogramStream {
 public:
  /// Requires: check(settings) passed.
  explicit SpectrogramStream(const FeatureSettings& settings);
  ~SpectrogramStream();
  SpectrogramStream(const SpectrogramStream&) = delete;
  SpectrogramStream& operator=(const SpectrogramStream&) = delete;
  SpectrogramStream(SpectrogramStream&&) noexcept;
  SpectrogramStream& operator=(SpectrogramStream&&) noexcept;

  /// Takes the next samples, at settings.rate_hz, and returns the frames that are complete now: the
  /// first of all is frame -n_lead_frames. The view is valid until the next call.
  MatrixView push(std::span<const float> samples);

  /// The frames whose windows reach beyond the last sample.
  MatrixView finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// All that SpectrogramStream gives, put together: the frames whose centre is in the recording, and
/// n_lead_frames(settings) before and behind them.
/// Requires: audio.rate_hz == settings.rate_hz and check(settings) passed.
Features compute_features(const Audio& audio, const FeatureSettings& settings);

}  // namespace fyr
