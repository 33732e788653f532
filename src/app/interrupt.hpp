// SPDX-License-Identifier: GPL-3.0-or-later

/// Leaving cleanly when the user presses Ctrl-C.
#pragma once

#include <filesystem>

namespace fyr::app {

/// SIGINT, SIGTERM and SIGHUP remove the registered temporary file and folder and end the program
/// with 128 + signal number (130 for Ctrl-C). A closed pipe ends it silently.
void handle_signals();

/// While it lives, an interruption removes `path`. One at a time.
class TemporaryFile {
 public:
  /// Requires: `path` outlives this object.
  explicit TemporaryFile(const std::filesystem::path& path);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
};

/// While it lives, an interruption removes the folder `path` with all that is in it. One at a time.
class TemporaryFolder {
 public:
  /// Requires: `path` outlives this object.
  explicit TemporaryFolder(const std::filesystem::path& path);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
};

}  // namespace fyr::app
