// SPDX-License-Identifier: GPL-3.0-or-later

/// Output files: refused before the slow part, complete or absent after it.
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string_view>

namespace fyr::app {

/// Throws OutputError when `path` cannot be written: it exists (and not `force`), is a folder or
/// disk, its folder, or that of the file it links to, is missing or refuses new files. "-" and
/// devices such as /dev/null are always fine.
void check_output(const std::filesystem::path& path, bool force);

/// Puts a file's bytes on the stream, however many.
using Writing = std::function<void(std::ostream&)>;

/// Writes to a temporary file beside `path` and renames it; "-" is standard output. A folder that
/// has gone since check_output, as another call's NewFolders may take it, is created again.
/// A link keeps pointing to what it did, a replaced file its permissions. Throws OutputError. Safe
/// to use from several threads.
void write_output(const std::filesystem::path& path, const Writing& write, bool force);
void write_output(const std::filesystem::path& path, std::string_view bytes, bool force);

}  // namespace fyr::app
