// SPDX-License-Identifier: GPL-3.0-or-later

/// What libsndfile does not read, decoded by the program ffmpeg where it is installed.
#pragma once

#include <filesystem>

#include "audio/pieced_file.hpp"

namespace fyr {

/// The first track of sound in the file at `path`, with its tags, as a WAV of float samples in a
/// temporary file; null if there is no `ffmpeg` in the PATH. Throws InputError, with ffmpeg's
/// reason, if it does not decode all of it.
File decoded_by_ffmpeg(const std::filesystem::path& path);

}  // namespace fyr
