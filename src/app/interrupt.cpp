// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/interrupt.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <string_view>

namespace fyr::app {
namespace {

// A signal handler can reach nothing else.
std::atomic<const char*> temporary_path = nullptr;
std::atomic<const char*> temporary_folder = nullptr;
std::atomic<const char* const*> empty_folders = nullptr;
static_assert(std::atomic<const char*>::is_always_lock_free);

/// A handler may start a program, but may not list a folder.
void remove_folder(const char* path) {
  const pid_t child = fork();
  if (child == 0) {
    execl("/bin/rm", "rm", "-rf", "--", path, static_cast<char*>(nullptr));
    _exit(1);
  }
  if (child > 0) waitpid(child, nullptr, 0);
}

/// Calls only async-signal-safe functions.
extern "C" void leave(int signal_number) {
  if (const char* path = temporary_path.load()) unlink(path);
  if (const char* path = temporary_folder.load()) remove_folder(path);
  if (const char* const* path = empty_folders.load()) {
    for (; *path != nullptr; ++path) rmdir(*path);
  }
  if (signal_number == SIGPIPE) {  // Ends the program once this handler returns.
    std::signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
    return;
  }
  constexpr std::string_view kMessage = "\nfyr: interrupted\n";
  [[maybe_unused]] const auto written = write(STDERR_FILENO, kMessage.data(), kMessage.size());
  _exit(128 + signal_number);
}

}  // namespace

void handle_signals() {
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    // A parent that ignores a signal (nohup) keeps it ignored.
    if (std::signal(signal_number, SIG_IGN) != SIG_IGN) std::signal(signal_number, leave);
  }
  std::signal(SIGPIPE, leave);
  std::signal(SIGXFSZ, SIG_IGN);
}

TemporaryFile::TemporaryFile(const std::filesystem::path& path) { temporary_path = path.c_str(); }

TemporaryFile::~TemporaryFile() { temporary_path = nullptr; }

TemporaryFolder::TemporaryFolder(const std::filesystem::path& path) {
  temporary_folder = path.c_str();
}

TemporaryFolder::~TemporaryFolder() { temporary_folder = nullptr; }

EmptyFolders::EmptyFolders(const std::vector<std::filesystem::path>& folders) {
  for (const std::filesystem::path& folder : folders) names_.push_back(folder.c_str());
  names_.push_back(nullptr);
  empty_folders = names_.data();
}

EmptyFolders::~EmptyFolders() { empty_folders = nullptr; }

}  // namespace fyr::app
