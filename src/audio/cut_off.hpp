// SPDX-License-Identifier: GPL-3.0-or-later

/// Files that are shorter than their own headers say, in the formats where libsndfile shortens the
/// recording without a word (FLAC it reports).
#pragma once

#include "audio/file_bytes.hpp"

namespace fyr {

/// True if bytes are missing at the end of a WAV, AIFF, AU, Ogg or MP3 file; false for other files.
///
/// A length of zero or the format's greatest number stands for "not known when writing began"
/// (pipes and streams) and is not doubted.
bool is_cut_off(const FileBytes& file);

}  // namespace fyr
