// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console.hpp"

#include <unistd.h>

#include <iostream>

#include "app/terminal.hpp"
#include "writers/clean_text.hpp"

namespace fyr::app {

namespace {

/// Of a message, which may quote what stands in a file; more is no message.
constexpr std::size_t kFirstBytes = 1500;
constexpr std::size_t kLastBytes = 500;

/// The line of the terminal where stderr stands, of which there is one.
struct Line {
  std::mutex mutex;
  bool holds_progress = false;

  void clear() {
    // ANSI: to its start, erase to its end.
    if (holds_progress) std::cerr << "\r\033[K" << std::flush;
    holds_progress = false;
  }
};

Line& terminal_line() {
  static Line line;
  return line;
}

/// Control characters beyond ASCII, U+0080 to U+009F, which terminals obey as well.
bool is_wide_control(std::string_view text) {
  return text.size() >= 2 && text[0] == '\xC2' && static_cast<unsigned char>(text[1]) < 0xA0;
}

}  // namespace

std::string plain(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const auto first = static_cast<unsigned char>(text.front());
    const bool wide = is_wide_control(text);
    plain += wide || first < 0x20 || first == 0x7F ? '?' : text.front();
    text.remove_prefix(wide ? 2 : 1);
  }
  return plain;
}

std::string message_line(std::string text) {
  if (text.size() > kFirstBytes + kLastBytes) {
    text.replace(kFirstBytes, text.size() - kFirstBytes - kLastBytes, " … ");
  }
  return clean_text(plain(text)) + "\n";
}

std::string error_line(const std::string& message) {
  return paint("fyr:", Colour::Red, wants_colour(STDERR_FILENO)) + " " + message_line(message);
}

ClearLine::ClearLine() : lock_(terminal_line().mutex) { terminal_line().clear(); }

Console::Console(Verbosity verbosity)
    : verbosity_(verbosity),
      terminal_(is_terminal(STDERR_FILENO)),
      coloured_(wants_colour(STDERR_FILENO)) {}

Console::~Console() { const ClearLine clear; }

void Console::error(const std::string& message) { print(error_line(message)); }

void Console::warning(const std::string& message) {
  if (verbosity_ == Verbosity::Quiet) return;
  print("fyr: " + paint("warning:", Colour::Yellow, coloured_) + " " + message_line(message));
}

void Console::note(const std::string& message) {
  if (verbosity_ != Verbosity::Quiet) print("fyr: " + message_line(message));
}

void Console::detail(const std::string& message) {
  if (verbosity_ == Verbosity::Verbose) print("fyr: " + message_line(message));
}

void Console::result(const std::string& text) { print(text); }

bool Console::shows_progress() const { return terminal_ && verbosity_ != Verbosity::Quiet; }

void Console::progress(const std::string& state) {
  if (!shows_progress()) return;
  const ClearLine clear;
  std::cerr << plain(state) << std::flush;
  terminal_line().holds_progress = true;
}

void Console::print(const std::string& line) {
  const ClearLine clear;
  std::cerr << line << std::flush;
}

}  // namespace fyr::app
