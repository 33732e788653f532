// SPDX-License-Identifier: GPL-3.0-or-later

/// What the eye needs of a recording, as bytes.
#pragma once

#include <string>

#include "fyr/audio.hpp"

namespace fyr {

/// Least and greatest sample of every `hop_s`, as signed bytes, ±127 = full scale.
std::string waveform_bytes(const Audio& audio, double hop_s);

/// Log-frequency spectrogram, loudness as bytes over the loudest of the recording.
struct SpectrogramImage {
  int n_bands = 0;
  int n_frames = 0;
  double hop_s = 0;
  std::string values;  ///< n_frames x n_bands, low to high.
};

SpectrogramImage spectrogram_image(const Audio& audio);

}  // namespace fyr
