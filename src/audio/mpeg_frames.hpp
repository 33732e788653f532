// SPDX-License-Identifier: GPL-3.0-or-later

/// MPEG audio (MP3) seen from outside: frames, tags and the encoder's count of frames.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "audio/file_bytes.hpp"

namespace fyr {

struct MpegFrames {
  std::int64_t start = 0;     ///< Of the first frame, after an ID3v2 tag.
  std::uint32_t header = 0;   ///< Of the first frame.
  std::int64_t n_frames = 0;  ///< Without the one that only carries the encoder's count.
  bool counted = false;       ///< The encoder's count (Xing/Info header) is there.
  bool cut_off = false;       ///< The last frame is incomplete or counted frames are missing.
};

/// Walks the frames of a Layer III file. Nothing if it is not one, or not a plain sequence of
/// frames up to the end or a closing tag: the decoder can judge that better.
std::optional<MpegFrames> scan_mpeg(const FileBytes& file);

/// A silent frame to put before the others that tells decoders how many there are. Without it they
/// guess the length from the first frame's bit rate, and libsndfile 1.2 stops there.
std::string counting_frame(const MpegFrames& frames);

}  // namespace fyr
