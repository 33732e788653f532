// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/child_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "app/interrupt.hpp"
#include "fyr/error.hpp"

namespace fyr::app {
namespace {

/// Null-terminated, as the system wants its arguments; points into `texts`.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> found;
  for (std::string& text : texts) found.push_back(text.data());
  found.push_back(nullptr);
  return found;
}

std::vector<std::string> environment(
    const std::vector<std::pair<std::string, std::string>>& settings) {
  std::vector<std::string> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const bool replaced = std::ranges::any_of(
        settings, [&](const auto& setting) { return text.starts_with(setting.first + "="); });
    if (!replaced) entries.push_back(text);
  }
  for (const auto& [name, value] : settings) entries.push_back(name + "=" + value);
  return entries;
}

int wait_for(pid_t child) {
  siginfo_t ignored;
  while (waitid(P_PID, static_cast<id_t>(child), &ignored, WEXITED | WNOWAIT) < 0 &&
         errno == EINTR) {
  }
  program_ended();
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

int run_program(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                const std::vector<std::pair<std::string, std::string>>& settings) {
  std::vector<std::string> words{program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables = environment(settings);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&files, descriptor, "/dev/null", O_RDWR, 0);
  }
  const std::vector<char*> word_pointers = pointers(words);
  const std::vector<char*> variable_pointers = pointers(variables);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // A group of its own: Ctrl-C is for us, who end the program with all that it may have started.
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  pid_t child = 0;
  int error = 0;
  {
    const Uninterrupted uninterrupted;
    posix_spawnattr_setsigmask(&attributes, &uninterrupted.mask_before());
    error = posix_spawn(&child, program.c_str(), &files, &attributes, word_pointers.data(),
                        variable_pointers.data());
    if (error == 0) program_started(child);
  }
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) {
    throw OutputError("cannot start \"" + program.string() + "\": " +
                      std::generic_category().message(error) + "; check that it runs by itself");
  }
  return wait_for(child);
}

}  // namespace fyr::app
