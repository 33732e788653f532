// SPDX-License-Identifier: GPL-3.0-or-later

/// `fyr check`: would MuseScore accept these scores?
#pragma once

#include <CLI/App.hpp>

#include "app/command.hpp"

namespace fyr::app {

void add_check_command(CLI::App& app, Action& action);

}  // namespace fyr::app
