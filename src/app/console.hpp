// SPDX-License-Identifier: GPL-3.0-or-later

/// What the user reads while fyr works: always on stderr, a line a message.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

namespace fyr::app {

enum class Verbosity { Quiet, Normal, Verbose };

/// On one line, and without what would steer a terminal: a file name may hold anything.
std::string plain(std::string_view text);

/// A message and a line end: in UTF-8, plain, and without its middle where that is endless. It may
/// quote what stands in a file.
std::string message_line(std::string text);

/// "fyr: message" and a line end, red at its start where stderr shows colours.
std::string error_line(const std::string& message);

/// While it lives, nothing stands on the terminal's line: for what is written to standard output,
/// which may go to the same terminal as the progress. Messages and progress of others wait.
class ClearLine {
 public:
  ClearLine();

 private:
  std::lock_guard<std::mutex> lock_;
};

/// Safe to use from several threads.
class Console {
 public:
  explicit Console(Verbosity verbosity);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  void error(const std::string& message);    ///< Always shown.
  void warning(const std::string& message);  ///< Unless quiet.
  void note(const std::string& message);     ///< Unless quiet.
  void detail(const std::string& message);   ///< Only when verbose.
  void result(const std::string& text);  ///< Lines that were asked for, always shown as they are.

  /// Whether `progress` shows anything: only on a terminal and unless quiet.
  bool shows_progress() const;

  /// Shows `state`, at most a terminal's width, until the next message.
  void progress(const std::string& state);

 private:
  void print(const std::string& line);

  Verbosity verbosity_;
  bool terminal_;
  bool coloured_;
};

}  // namespace fyr::app
