// SPDX-License-Identifier: GPL-3.0-or-later

/// Output files: refused before the slow part, complete or absent after it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "app/interrupt.hpp"

namespace fyr::app {

/// A device such as /dev/null, a pipe or a socket takes whatever is written, from several outputs
/// too. Disks do not count.
bool is_device(const std::filesystem::path& path);

/// Throws OutputError when `path` cannot be written: it exists (and not `force`), is a folder or
/// disk, its folder, or that of the file it links to, is missing or refuses new files. "-" and
/// devices such as /dev/null are always fine.
void check_output(const std::filesystem::path& path, bool force);

/// The files that a call reads; --force does not mean those. Empty names, "-" and devices are none.
class FilesRead {
 public:
  explicit FilesRead(const std::vector<std::filesystem::path>& paths);

  /// Throws UsageError if `path` is one of them, under whatever name.
  void check_not_among(const std::filesystem::path& path) const;

 private:
  std::set<std::pair<dev_t, ino_t>> files_;
};

/// The file that writing to `path` makes or replaces, the same under whatever name and through
/// whatever links.
std::filesystem::path file_written(const std::filesystem::path& path);

/// Creates `folder` and those above it where they are missing. Throws OutputError.
void create_output_folder(const std::filesystem::path& folder);

/// At its end, or that of the program by a signal, those of a path's folders that were missing at
/// its beginning and are still empty go away again: a call that failed leaves nothing behind. One
/// at a time.
class NewFolders {
 public:
  explicit NewFolders(const std::filesystem::path& path);
  ~NewFolders();
  NewFolders(const NewFolders&) = delete;
  NewFolders& operator=(const NewFolders&) = delete;

 private:
  const std::vector<std::filesystem::path> missing_;  ///< The innermost first.
  const EmptyFolders on_interrupt_;
};

/// Puts a file's bytes on the stream, however many.
using Writing = std::function<void(std::ostream&)>;

/// Writes to a temporary file beside `path` and renames it; "-" is standard output. A folder that
/// has gone since check_output, as another call's NewFolders may take it, is created again.
/// A link keeps pointing to what it did, a replaced file its permissions. Throws OutputError. Safe
/// to use from several threads.
void write_output(const std::filesystem::path& path, const Writing& write, bool force);
void write_output(const std::filesystem::path& path, std::string_view bytes, bool force);

}  // namespace fyr::app
