// SPDX-License-Identifier: GPL-3.0-or-later

/// `fyr model info`: what a model file holds.
#pragma once

#include <CLI/App.hpp>

#include "app/command.hpp"

namespace fyr::app {

void add_model_command(CLI::App& app, Action& action);

}  // namespace fyr::app
