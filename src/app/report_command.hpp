// SPDX-License-Identifier: GPL-3.0-or-later

/// `fyr report`: one page in which a transcription is seen, heard and corrected.
#pragma once

#include <CLI/App.hpp>

#include "app/command.hpp"

namespace fyr::app {

void add_report_command(CLI::App& app, Action& action);

}  // namespace fyr::app
