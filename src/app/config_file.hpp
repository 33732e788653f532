// SPDX-License-Identifier: GPL-3.0-or-later

/// Options that hold for every call: a configuration file and the environment.
///
/// The file is TOML: `[transcribe]` and then `threshold = "snare=0.25"`. The command line goes
/// before the environment, the environment before the file.
#pragma once

#include <CLI/App.hpp>
#include <string>

namespace fyr::app {

/// Adds --config to `app`: by default the file in FYR_CONFIG, else
/// $XDG_CONFIG_HOME/fyr/config.toml, else ~/.config/fyr/config.toml if it exists.
///
/// A line that is not understood or a setting that no command knows fail the parse with UsageError,
/// which names the file and the line.
void add_config_file(CLI::App& app);

/// The file in quotes, for messages. `app` is the program or one of its commands.
std::string settings_name(const CLI::App& app);

/// Why a settings file cannot be read, and what to do.
std::string why_unread(const std::string& path);

/// After the parse. Throws InputError if the default file could not be read, which CLI11 passes
/// over.
void check_config_file(const CLI::App& app);

/// Lets the options of the command that is given read their variables. Those of the others stay
/// unread, so that a value that one of them refuses fails no other.
void add_environment(CLI::App& app);

}  // namespace fyr::app
