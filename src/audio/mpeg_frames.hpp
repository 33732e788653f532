// SPDX-License-Identifier: GPL-3.0-or-later

/// MPEG audio, Layer III (MP3), seen from outside: where its frames are, and whether the file says
/// how many.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audio/file_bytes.hpp"

namespace fyr {

struct MpegFrames {
  ByteSpan tag;                 ///< The ID3v2 tag that the file begins with, if it holds anything.
  std::vector<ByteSpan> sound;  ///< Frames of sound; neighbours together.
  /// The frame to put before them that tells decoders how many there are, and what the encoder's
  /// own told of the silence that it put in front.
  std::string counting;
  bool as_told = false;  ///< The file says how many there are and has nothing between them.
  /// The last frame is incomplete, or more than one of those told is missing.
  bool cut_off = false;
  /// Seconds from the start at which a recording of another sample rate or number of channels
  /// begins.
  std::optional<double> changes_at_s;
};

/// Finds all frames of a file that begins with one, with zeros or with an ID3v2 tag: behind tags,
/// damaged stretches and further counting frames, as in files that were put one after the other,
/// there are more. Nothing if it is no such file.
std::optional<MpegFrames> scan_mpeg(const FileBytes& file);

}  // namespace fyr
