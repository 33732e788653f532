// SPDX-License-Identifier: GPL-3.0-or-later

/// Opening a sound file so that libsndfile decodes all of it.
#pragma once

#include <filesystem>
#include <string>

#include "audio/pieced_file.hpp"

namespace fyr {

/// Throws InputError: one line with the path ("-" is standard input) and the reason.
[[noreturn]] void fail_to_read(const std::filesystem::path& path, const std::string& why);

/// The file at `path`, or a temporary copy of a pipe; of an MP3 whose frames have something between
/// them or are not counted, the frames and a count. Throws InputError for what is missing,
/// unreadable, empty, or cannot be decoded to its end, as far as containers tell.
PiecedFile open_whole(const std::filesystem::path& path);

}  // namespace fyr
