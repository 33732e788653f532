// SPDX-License-Identifier: GPL-3.0-or-later

/// What becomes of an exception: the exit code and the line that the user reads.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <string>

#include "app/command.hpp"

namespace fyr::app {

struct Failure {
  ExitCode code = ExitCode::Internal;
  std::string message;
};

/// Of any exception but the parser's own.
Failure failure_of(const std::exception& error);

/// How the inputs of one call ended. Threads may share it.
class Endings {
 public:
  explicit Endings(std::size_t n_inputs) : n_inputs_(n_inputs) {}

  void add(ExitCode code);

  std::size_t n_failed() const { return n_failed_; }
  /// What closes a call of which some inputs failed.
  std::string failed_text() const;
  /// Of the call.
  ExitCode exit_code() const;

 private:
  std::size_t n_inputs_;
  std::atomic<std::size_t> n_failed_ = 0;
  std::atomic<std::size_t> n_unreadable_ = 0;
  std::atomic<std::size_t> n_unwritable_ = 0;
  std::atomic<bool> is_internal_ = false;
};

}  // namespace fyr::app
