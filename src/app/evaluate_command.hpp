// SPDX-License-Identifier: GPL-3.0-or-later

/// `fyr evaluate`: figures for transcriptions against references, and for changes against
/// baselines.
#pragma once

#include <CLI/App.hpp>

#include "app/command.hpp"

namespace fyr::app {

void add_evaluate_command(CLI::App& app, Action& action);

}  // namespace fyr::app
