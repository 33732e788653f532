// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/option_sources.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "fyr/error.hpp"

namespace fyr::app {

bool on_command_line(const CLI::App& command, const std::string& option) {
  const auto& typed = command.parse_order();
  return std::any_of(typed.begin(), typed.end(),
                     [&](const CLI::Option* other) { return other->check_name(option); });
}

std::filesystem::path settings_file(const CLI::App& command) {
  return command.get_parent()->get_config_ptr()->as<std::string>();
}

void settle_verbosity(const CLI::App& command, bool& quiet, bool& verbose) {
  const bool says_quiet = on_command_line(command, "--quiet");
  const bool says_verbose = on_command_line(command, "--verbose");
  if (says_quiet && says_verbose) {
    throw UsageError("--quiet and --verbose contradict each other; give one of them");
  }
  if (says_verbose) quiet = false;
  if (quiet) verbose = false;
}

}  // namespace fyr::app
