// SPDX-License-Identifier: GPL-3.0-or-later

/// The way back from samples to a sound file.
#pragma once

#include <string>
#include <vector>

namespace fyr {

/// Formats that fyr writes sound in: 16 bit where it is not lossy.
enum class SoundFormat { Wav, Flac, Ogg, Mp3 };

/// A sound file's bytes. `samples` are interleaved, full scale ±1, louder is clipped. One channel
/// or two; at 32 kHz and more an MP3 has 96 kbit/s a channel throughout, so that players seek in it
/// to the millisecond.
/// Throws OutputError when libsndfile cannot, for instance for a rate that MP3 lacks.
std::string encode_sound(const std::vector<float>& samples, int n_channels, int rate_hz,
                         SoundFormat format);

}  // namespace fyr
