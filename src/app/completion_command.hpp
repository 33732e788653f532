// SPDX-License-Identifier: GPL-3.0-or-later

/// `fyr completion`: scripts that complete commands, options and values in a shell.
#pragma once

#include <CLI/App.hpp>

#include "app/command.hpp"

namespace fyr::app {

/// Describes all commands of `app`, those added later too.
void add_completion_command(CLI::App& app, Action& action);

}  // namespace fyr::app
