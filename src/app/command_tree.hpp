// SPDX-License-Identifier: GPL-3.0-or-later

/// The commands and options as plain values, read from the parser itself, so that completions and
/// man pages can't say anything else than `--help`.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <utility>
#include <vector>

namespace fyr::app {

struct OptionHelp {
  std::vector<std::string> names;  ///< With their dashes, short ones first; empty: positional.
  std::string place;               ///< What a positional is called, like INPUT; else empty.
  bool many = false;               ///< A positional that may stand several times.
  bool required = false;           ///< A positional that must stand.
  std::string value;               ///< What it takes, like FILE; empty for flags.
  std::string description;
  std::string group;
  std::string environment;           ///< Variable that stands in for it; empty for none.
  std::vector<std::string> choices;  ///< The values it knows, where they can be listed.
  bool list = false;                 ///< Choices may be joined with commas.
};

struct CommandHelp {
  std::string name;  ///< With the commands before it: "fyr model info".
  std::string description;
  std::string footer;
  std::vector<OptionHelp> options;
  std::vector<CommandHelp> commands;
};

/// What `app` and everything below it takes. Commands and options without a group are hidden.
CommandHelp describe(const CLI::App& app);

/// Name with its parents', "fyr model info".
std::string full_name(const CLI::App& app);

/// "One of: a, b" for choices that the description does not name; empty if there is nothing to say.
std::string choices_text(const OptionHelp& option);

/// "fyr transcribe [options] INPUT ...".
std::string synopsis(const CommandHelp& command);

/// The options of each group, in the order in which groups appear.
std::vector<std::pair<std::string, std::vector<const OptionHelp*>>> by_group(
    const CommandHelp& command);

/// `command` and all below it, in the order of the help.
std::vector<const CommandHelp*> flattened(const CommandHelp& command);

}  // namespace fyr::app
