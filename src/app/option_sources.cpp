// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/option_sources.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

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
  if (!quiet || !verbose) return;
  const auto source = [&](const std::string& option) {
    if (on_command_line(command, option)) return 2;
    const char* value = std::getenv(variable_of(*command.get_option(option)).c_str());
    return value != nullptr && *value != '\0' ? 1 : 0;
  };
  const int of_quiet = source("--quiet");
  const int of_verbose = source("--verbose");
  if (of_quiet == of_verbose) {
    throw UsageError("--quiet and --verbose contradict each other; give one of them");
  }
  (of_quiet > of_verbose ? verbose : quiet) = false;
}

}  // namespace fyr::app
