// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console.hpp"

#include <unistd.h>

#include <iostream>

namespace fyr::app {

Console::Console(Verbosity verbosity)
    : verbosity_(verbosity), terminal_(isatty(STDERR_FILENO) == 1) {}

Console::~Console() { clear_progress(); }

void Console::error(const std::string& message) { print("fyr: " + message + "\n"); }

void Console::warning(const std::string& message) {
  if (verbosity_ != Verbosity::Quiet) print("fyr: warning: " + message + "\n");
}

void Console::note(const std::string& message) {
  if (verbosity_ != Verbosity::Quiet) print("fyr: " + message + "\n");
}

void Console::detail(const std::string& message) {
  if (verbosity_ == Verbosity::Verbose) print("fyr: " + message + "\n");
}

void Console::result(const std::string& text) { print(text); }

void Console::progress(const std::string& state) {
  if (!terminal_ || verbosity_ == Verbosity::Quiet) return;
  const std::lock_guard lock(mutex_);
  clear_progress();
  std::cerr << state << std::flush;
  progress_shown_ = true;
}

void Console::print(const std::string& line) {
  const std::lock_guard lock(mutex_);
  clear_progress();
  std::cerr << line << std::flush;
}

void Console::clear_progress() {
  if (progress_shown_) std::cerr << "\r\033[K";  // ANSI: to the line's start, erase to its end.
  progress_shown_ = false;
}

}  // namespace fyr::app
