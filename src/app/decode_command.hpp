// SPDX-License-Identifier: GPL-3.0-or-later

/// `fyr decode`: hits, rhythm and score again from kept activations, without listening again. It
/// has the options of `fyr transcribe` and lives in transcribe_command.cpp with them.
#pragma once

#include <CLI/App.hpp>

#include "app/command.hpp"

namespace fyr::app {

void add_decode_command(CLI::App& app, Action& action);

}  // namespace fyr::app
