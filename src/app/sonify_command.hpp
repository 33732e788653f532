// SPDX-License-Identifier: GPL-3.0-or-later

/// `fyr sonify`: a recording on one side, on the other a kit that plays what was heard.
#pragma once

#include <CLI/App.hpp>

#include "app/command.hpp"

namespace fyr::app {

void add_sonify_command(CLI::App& app, Action& action);

}  // namespace fyr::app
