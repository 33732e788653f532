// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "app/terminal.hpp"

namespace fyr::app {

std::string plain(std::string text) {
  const auto steers = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  std::replace_if(text.begin(), text.end(), steers, '?');
  return text;
}

std::string error_line(const std::string& message) {
  return paint("fyr:", Colour::Red, wants_colour(STDERR_FILENO)) + " " + plain(message) + "\n";
}

Console::Console(Verbosity verbosity)
    : verbosity_(verbosity),
      terminal_(is_terminal(STDERR_FILENO)),
      coloured_(wants_colour(STDERR_FILENO)) {}

Console::~Console() { clear_progress(); }

void Console::error(const std::string& message) { print(error_line(message)); }

void Console::warning(const std::string& message) {
  if (verbosity_ == Verbosity::Quiet) return;
  print("fyr: " + paint("warning:", Colour::Yellow, coloured_) + " " + plain(message) + "\n");
}

void Console::note(const std::string& message) {
  if (verbosity_ != Verbosity::Quiet) print("fyr: " + plain(message) + "\n");
}

void Console::detail(const std::string& message) {
  if (verbosity_ == Verbosity::Verbose) print("fyr: " + plain(message) + "\n");
}

void Console::result(const std::string& text) { print(text); }

bool Console::shows_progress() const { return terminal_ && verbosity_ != Verbosity::Quiet; }

void Console::progress(const std::string& state) {
  if (!shows_progress()) return;
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
