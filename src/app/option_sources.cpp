// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/option_sources.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cctype>

#include "fyr/error.hpp"

namespace fyr::app {
namespace {

/// What one wants for every call; inputs, outputs and --force are not among it.
constexpr std::array kFromEnvironment{
    "model", "threshold", "format",        "jobs",    "voices",       "style",  "artist",
    "quiet", "verbose",   "mark-doubtful", "timings", "repeat-signs", "weights"};

}  // namespace

bool on_command_line(const CLI::App& command, const std::string& option) {
  const auto& typed = command.parse_order();
  return std::any_of(typed.begin(), typed.end(),
                     [&](const CLI::Option* other) { return other->check_name(option); });
}

std::string variable_of(const CLI::Option& option) {
  const auto name = std::ranges::find_if(
      kFromEnvironment, [&](const char* known) { return option.check_lname(known); });
  if (name == kFromEnvironment.end()) return option.get_envname();
  std::string variable = std::string("FYR_") + *name;
  std::ranges::transform(variable, variable.begin(), [](unsigned char c) {
    return c == '-' ? '_' : static_cast<char>(std::toupper(c));
  });
  return variable;
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
