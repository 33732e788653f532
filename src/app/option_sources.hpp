// SPDX-License-Identifier: GPL-3.0-or-later

/// Where option values come from: what is typed goes before the environment and the settings file.
#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <string>

namespace fyr::app {

/// Whether the option stands on the command line itself.
bool on_command_line(const CLI::App& command, const std::string& option);

/// The variable that stands in for the option, such as FYR_JOBS for --jobs of any command; empty
/// for none.
std::string variable_of(const CLI::Option& option);

/// The settings file that was read; empty if there is none. No output may replace it.
std::filesystem::path settings_file(const CLI::App& command);

/// Of --quiet and --verbose lets the one win whose source goes before that of the other. Throws
/// UsageError if both are of one.
void settle_verbosity(const CLI::App& command, bool& quiet, bool& verbose);

}  // namespace fyr::app
