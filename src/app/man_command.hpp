// SPDX-License-Identifier: GPL-3.0-or-later

/// `fyr man`: the man pages, for packages. Not in the help: users have `man fyr`.
#pragma once

#include <CLI/App.hpp>

#include "app/command.hpp"

namespace fyr::app {

/// Describes all commands of `app`, those added later too.
void add_man_command(CLI::App& app, Action& action);

}  // namespace fyr::app
