// SPDX-License-Identifier: GPL-3.0-or-later

/// What becomes of an exception: the exit code and the line that the user reads.
#pragma once

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

/// What closes a call of which some inputs failed.
std::string failed_text(std::size_t n_failed, std::size_t n_inputs);

}  // namespace fyr::app
