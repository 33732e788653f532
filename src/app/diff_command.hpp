// SPDX-License-Identifier: GPL-3.0-or-later

/// `fyr diff`: what changed between two scores.
#pragma once

#include <CLI/App.hpp>

#include "app/command.hpp"

namespace fyr::app {

void add_diff_command(CLI::App& app, Action& action);

}  // namespace fyr::app
