// SPDX-License-Identifier: GPL-3.0-or-later

/// Opening a sound file so that libsndfile decodes all of it.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace fyr {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// Throws InputError: one line with the path ("-" is standard input) and the reason.
[[noreturn]] void fail_to_read(const std::filesystem::path& path, const std::string& why);

/// A regular file at its beginning: the one at `path`, or a temporary copy of a pipe, or of an MP3
/// whose frames have something between them or are not counted. Throws InputError for what is
/// missing, unreadable, empty, or cannot be decoded to its end, as far as containers tell.
File open_whole(const std::filesystem::path& path);

}  // namespace fyr
