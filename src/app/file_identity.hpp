// SPDX-License-Identifier: GPL-3.0-or-later

/// Which file a name means: one file may have several, by links and by the way to it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <set>
#include <utility>
#include <vector>

namespace fyr::app {

/// A device such as /dev/null, a pipe or a socket takes whatever is written, from several outputs
/// too. Disks do not count.
bool is_device(const std::filesystem::path& path);

/// The folder that `path` lies in; "." for a mere name.
std::filesystem::path folder_of(const std::filesystem::path& path);

/// What a link points to in the end, whether that exists or not; other paths as they are.
std::filesystem::path link_target(std::filesystem::path path);

/// The file that writing to `path` makes or replaces, the same under whatever name and through
/// whatever links.
std::filesystem::path file_written(const std::filesystem::path& path);

/// The files that a call reads; --force does not mean those. Empty names, "-" and devices are none.
class FilesRead {
 public:
  explicit FilesRead(const std::vector<std::filesystem::path>& paths);

  /// Throws UsageError if `path` is one of them, under whatever name.
  void check_not_among(const std::filesystem::path& path) const;

 private:
  std::set<std::pair<dev_t, ino_t>> files_;
};

}  // namespace fyr::app
