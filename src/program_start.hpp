// SPDX-License-Identifier: GPL-3.0-or-later

/// Starting another program, without a shell between.
#pragma once

#include <spawn.h>

#include <csignal>
#include <string>
#include <utility>
#include <vector>

namespace fyr {

class ProgramStart {
 public:
  /// `words`: the program, as a path or a name in the PATH, and its arguments. It has this
  /// process's environment with the `settings` (name, value) put over it, nothing to read, and
  /// writes nowhere unless told so below.
  explicit ProgramStart(std::vector<std::string> words,
                        const std::vector<std::pair<std::string, std::string>>& settings = {});
  ~ProgramStart();
  ProgramStart(const ProgramStart&) = delete;
  ProgramStart& operator=(const ProgramStart&) = delete;

  /// Standard output (1) or error (2) goes to the open file `to`.
  void redirect(int descriptor, int to);

  /// It leads a process group of its own, which Ctrl-C in the terminal does not reach.
  void lead_group();

  /// Starts it with the signals `kept_away` kept from it. Returns 0, or the system's error as
  /// errno. Allocates nothing.
  int start(const sigset_t& kept_away, pid_t& program);

 private:
  std::vector<std::string> words_;
  std::vector<std::string> variables_;
  std::vector<char*> word_pointers_;
  std::vector<char*> variable_pointers_;
  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
  short flags_ = POSIX_SPAWN_SETSIGMASK;
};

/// The exit code of a program when it has ended, or 128 + the signal that ended it.
int exit_code_of(pid_t program);

}  // namespace fyr
