// SPDX-License-Identifier: GPL-3.0-or-later

/// Leaving cleanly when the user presses Ctrl-C.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

namespace fyr::app {

/// SIGINT, SIGTERM, SIGHUP and SIGQUIT remove what is registered below and end the program with
/// 128 + signal number (130 for Ctrl-C). So does a closed pipe, silently, by SIGPIPE. A file that
/// would be larger than allowed is an error of writing, no signal.
void handle_signals();

/// Whoever makes or forgets what an interruption removes does it while this lives: an interruption
/// waits until it ends, and once one has begun, the constructor does not return. For a moment only,
/// without allocating: the thread that waits may hold the allocator's lock.
class Uninterrupted {
 public:
  Uninterrupted();
  ~Uninterrupted();
  Uninterrupted(const Uninterrupted&) = delete;
  Uninterrupted& operator=(const Uninterrupted&) = delete;

  /// The signals that the thread kept from itself before, for programs started meanwhile.
  const sigset_t& mask_before() const { return mask_before_; }

 private:
  sigset_t mask_before_;
};

/// An interruption ends this program, which leads a process group, with all that it started. One at
/// a time.
void program_started(pid_t program);

/// The program has ended but was not yet waited for. Does not return if an interruption ended it.
void program_ended();

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
  explicit TemporaryFolder(const std::string& path);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
};

/// While it lives, an interruption removes those of `folders`, the innermost first, that are empty.
/// One at a time.
class EmptyFolders {
 public:
  /// Requires: `folders` outlives this object.
  explicit EmptyFolders(const std::vector<std::filesystem::path>& folders);
  ~EmptyFolders();
  EmptyFolders(const EmptyFolders&) = delete;
  EmptyFolders& operator=(const EmptyFolders&) = delete;

 private:
  std::vector<const char*> names_;  ///< Null after the last.
};

}  // namespace fyr::app
