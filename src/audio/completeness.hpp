// SPDX-License-Identifier: GPL-3.0-or-later

/// Files of which libsndfile would read a part without a word: shorter than their own headers say,
/// or several in one. Of FLAC it reports the former; MPEG is looked at in mpeg_frames.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audio/file_bytes.hpp"

namespace fyr {

inline constexpr std::string_view kCutOff =
    "it is cut off or damaged, its end is missing; copy or export it again";

/// Why a WAV (RIFF, RIFX, RF64, W64), AIFF, AU, CAF, Ogg or FLAC file cannot be read as a whole,
/// and what to do; empty if it can, and for other files.
///
/// A length of zero or the format's greatest number stands for "not known when writing began"
/// (pipes, streams, interrupted recorders) and is not doubted.
std::string_view why_not_whole(const FileBytes& file);

/// Four bytes at a place of a file, to be read in place of those there.
struct Correction {
  std::int64_t offset = 0;
  std::string bytes;
};

/// The size of the sound in a WAV (RIFF, RIFX) whose recorder was interrupted before it could put
/// one there: zero, which libsndfile would believe, while the file goes on and its size does not
/// say that the sound has ended. Nothing for other files.
std::optional<Correction> corrected_size(const FileBytes& file);

}  // namespace fyr
