// SPDX-License-Identifier: GPL-3.0-or-later
#include "program_start.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace fyr {
namespace {

/// Null-terminated, as the system wants them; points into `texts`.
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

}  // namespace

ProgramStart::ProgramStart(std::vector<std::string> words,
                           const std::vector<std::pair<std::string, std::string>>& settings)
    : words_(std::move(words)),
      variables_(environment(settings)),
      word_pointers_(pointers(words_)),
      variable_pointers_(pointers(variables_)) {
  posix_spawnattr_init(&attributes_);
  posix_spawn_file_actions_init(&files_);
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&files_, descriptor, "/dev/null", O_RDWR, 0);
  }
}

ProgramStart::~ProgramStart() {
  posix_spawn_file_actions_destroy(&files_);
  posix_spawnattr_destroy(&attributes_);
}

void ProgramStart::redirect(int descriptor, int to) {
  posix_spawn_file_actions_adddup2(&files_, to, descriptor);
}

void ProgramStart::lead_group() { flags_ |= POSIX_SPAWN_SETPGROUP; }

int ProgramStart::start(const sigset_t& kept_away, pid_t& program) {
  posix_spawnattr_setsigmask(&attributes_, &kept_away);
  posix_spawnattr_setflags(&attributes_, flags_);
  return posix_spawnp(&program, word_pointers_.front(), &files_, &attributes_,
                      word_pointers_.data(), variable_pointers_.data());
}

int exit_code_of(pid_t program) {
  int status = 0;
  while (waitpid(program, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace fyr
