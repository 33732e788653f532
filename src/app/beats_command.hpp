// SPDX-License-Identifier: GPL-3.0-or-later

/// `fyr beats`: the beats of a recording as `time_s,beat`, to look at, correct and give back with
/// `fyr transcribe --beats`.
#pragma once

#include <CLI/App.hpp>

#include "app/command.hpp"

namespace fyr::app {

void add_beats_command(CLI::App& app, Action& action);

}  // namespace fyr::app
