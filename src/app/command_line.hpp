// SPDX-License-Identifier: GPL-3.0-or-later

/// The command line: options in, exit code out. Only this folder prints.
#pragma once

namespace fyr::app {

/// Parses and runs. Returns the exit code (see `fyr --help`).
int run(int argc, char** argv);

}  // namespace fyr::app
