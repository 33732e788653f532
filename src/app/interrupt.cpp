// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/interrupt.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <string_view>

namespace fyr::app {
namespace {

// A signal handler can reach nothing else.
std::atomic<bool> leaving = false;
std::atomic<bool> on_terminal = false;
std::atomic<int> n_uninterrupted = 0;
std::atomic<pid_t> running_program = 0;
std::atomic<const char*> temporary_path = nullptr;
std::atomic<const char*> temporary_folder = nullptr;
std::atomic<const char* const*> empty_folders = nullptr;
static_assert(std::atomic<const char*>::is_always_lock_free);

/// Until the handler, in another thread, ends the program.
[[noreturn]] void wait_for_the_end() {
  for (;;) pause();
}

void wait_for_uninterrupted() {
  constexpr int kMost_ms = 2000;  // Better something left behind than no end.
  for (int ms = 0; n_uninterrupted.load() > 0 && ms < kMost_ms; ++ms) poll(nullptr, 0, 1);
}

void end_running_program() {
  const pid_t program = running_program.exchange(0);
  if (program == 0) return;
  kill(-program, SIGKILL);
  waitpid(program, nullptr, 0);
}

/// A handler may start a program, but may not list a folder. Nor may it call fork, which takes the
/// locks of the allocator: the thread that it interrupts may hold one.
void remove_folder(const char* path) {
  const pid_t child = _Fork();
  if (child == 0) {
    execl("/bin/rm", "rm", "-rf", "--", path, static_cast<char*>(nullptr));
    _exit(1);
  }
  if (child > 0) waitpid(child, nullptr, 0);
}

/// Returns where signals do not end the program: in a container it may be the first process.
void end_by(int signal_number) {
  std::signal(signal_number, SIG_DFL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal_number);
  pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  raise(signal_number);
}

/// Calls only async-signal-safe functions.
extern "C" void leave(int signal_number) {
  if (leaving.exchange(true)) return;  // A second signal hurries nothing.
  wait_for_uninterrupted();
  end_running_program();  // It would write into what is removed.
  if (const char* path = temporary_path.load()) unlink(path);
  if (const char* path = temporary_folder.load()) remove_folder(path);
  if (const char* const* path = empty_folders.load()) {
    for (; *path != nullptr; ++path) rmdir(*path);
  }
  if (signal_number != SIGPIPE) {
    // On a terminal ^C stands on the line.
    std::string_view message = "\nfyr: interrupted\n";
    if (!on_terminal) message.remove_prefix(1);
    [[maybe_unused]] const auto written = write(STDERR_FILENO, message.data(), message.size());
  }
  // By the signal itself: a shell's loop stops only if it sees that.
  if (signal_number != SIGQUIT) end_by(signal_number);  // It would dump its core.
  _exit(128 + signal_number);
}

}  // namespace

void handle_signals() {
  on_terminal = isatty(STDERR_FILENO) != 0;
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    // A parent that ignores a signal (nohup) keeps it ignored.
    if (std::signal(signal_number, SIG_IGN) != SIG_IGN) std::signal(signal_number, leave);
  }
  std::signal(SIGPIPE, leave);
  std::signal(SIGXFSZ, SIG_IGN);
}

Uninterrupted::Uninterrupted() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &mask_before_);
  ++n_uninterrupted;
  if (!leaving.load()) return;
  --n_uninterrupted;
  wait_for_the_end();
}

Uninterrupted::~Uninterrupted() {
  --n_uninterrupted;
  pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

void program_started(pid_t program) { running_program = program; }

void program_ended() {
  if (running_program.exchange(0) == 0) wait_for_the_end();
}

TemporaryFile::TemporaryFile(const std::filesystem::path& path) { temporary_path = path.c_str(); }

TemporaryFile::~TemporaryFile() {
  const Uninterrupted uninterrupted;
  temporary_path = nullptr;
}

TemporaryFolder::TemporaryFolder(const std::string& path) { temporary_folder = path.c_str(); }

TemporaryFolder::~TemporaryFolder() {
  const Uninterrupted uninterrupted;
  temporary_folder = nullptr;
}

EmptyFolders::EmptyFolders(const std::vector<std::filesystem::path>& folders) {
  for (const std::filesystem::path& folder : folders) names_.push_back(folder.c_str());
  names_.push_back(nullptr);
  empty_folders = names_.data();
}

EmptyFolders::~EmptyFolders() {
  const Uninterrupted uninterrupted;
  empty_folders = nullptr;
}

}  // namespace fyr::app
