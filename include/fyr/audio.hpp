// SPDX-License-Identifier: GPL-3.0-or-later

/// Audio: from a sound file to mono samples at the model's rate.
#pragma once

#include <filesystem>
#include <vector>

namespace fyr {

/// A mono recording.
struct Audio {
  std::vector<float> samples;  ///< Full scale is ±1; louder is allowed (float files).
  int rate_hz = 0;

  double duration_s() const { return static_cast<double>(samples.size()) / rate_hz; }
};

/// Reads any file that libsndfile reads (WAV, FLAC, Ogg, MP3, AIFF, …), 8–192 kHz, any number of
/// channels: averages the channels and resamples to `rate_hz`.
///
/// Resampling: soxr "high quality" (linear phase, 20 bit), so that onset times do not move.
/// The path "-" is standard input; pipes are read to their end first.
/// Throws InputError, naming cause and remedy, when the file is missing, a folder, unreadable, not
/// audio, shorter than its header says, without samples, or holds NaN or infinite samples.
Audio read_audio(const std::filesystem::path& path, int rate_hz);

}  // namespace fyr
