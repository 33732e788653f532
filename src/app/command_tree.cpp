// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_tree.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/option_sources.hpp"
#include "app/output_format.hpp"
#include "fyr/annotation.hpp"
#include "fyr/drum.hpp"
#include "text.hpp"

namespace fyr::app {
namespace {

/// "TEXT:{mdb,idmt}" is how CLI11 shows an option that knows its values.
std::vector<std::string> listed_choices(const std::string& type) {
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}');
  if (open == std::string::npos || close == std::string::npos) return {};
  return CLI::detail::split(type.substr(open + 1, close - open - 1), ',');
}

/// Lists that the options check themselves, with better messages than CLI11's.
std::vector<std::string> known_choices(const CLI::Option& option) {
  std::vector<std::string> names;
  if (option.check_lname("format")) {
    for (const OutputFormat& format : output_formats()) names.push_back(format.name);
  }
  if (option.check_lname("threshold")) {
    for (const DrumInfo& drum : kDrums) names.push_back(std::string(drum.id) + "=");
  }
  if (option.check_lname("vocabulary")) {
    for (const Vocabulary& vocabulary : vocabularies()) names.push_back(vocabulary.id);
  }
  return names;
}

OptionHelp describe(const CLI::Option& option) {
  OptionHelp help;
  for (const std::string& name : option.get_snames()) help.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) help.names.push_back("--" + name);
  if (help.names.empty()) {
    help.place = upper_case(option.get_name(/*positional=*/true));
    help.many = option.get_items_expected_max() > 1;
    help.required = option.get_required();
  }
  const std::string type = option.get_type_name();
  help.choices = listed_choices(type);
  if (option.get_items_expected_max() > 0) {
    help.value = type.substr(0, type.find(':'));
    if (help.choices.empty()) {
      help.choices = known_choices(option);
      help.list = !help.choices.empty();
    }
  }
  help.description = option.get_description();
  if (!option.get_default_str().empty()) {
    help.description += " (default: " + option.get_default_str() + ")";
  }
  help.group = option.get_group();
  help.environment = variable_of(option);
  return help;
}

}  // namespace

std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name()
                                     : full_name(*app.get_parent()) + " " + app.get_name();
}

CommandHelp describe(const CLI::App& app) {
  CommandHelp help{full_name(app), app.get_description(), app.get_footer(), {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) help.options.push_back(describe(*option));
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!command->get_group().empty()) help.commands.push_back(describe(*command));
  }
  return help;
}

std::string choices_text(const OptionHelp& option) {
  if (option.list || option.choices.empty()) return {};
  if (option.description.find(option.choices.front()) != std::string::npos) return {};
  return "One of: " + CLI::detail::join(option.choices, ", ");
}

std::string synopsis(const CommandHelp& command) {
  std::string text = command.name + " [options]";
  for (const OptionHelp& option : command.options) {
    if (!option.names.empty()) continue;
    const std::string place = option.place + (option.many ? " ..." : "");
    text += option.required ? " " + place : " [" + place + "]";
  }
  return text + (command.commands.empty() ? "" : " COMMAND ...");
}

std::vector<std::pair<std::string, std::vector<const OptionHelp*>>> by_group(
    const CommandHelp& command) {
  std::vector<std::pair<std::string, std::vector<const OptionHelp*>>> groups;
  for (const OptionHelp& option : command.options) {
    if (option.names.empty()) continue;
    const auto known =
        std::ranges::find(groups, option.group, [](const auto& group) { return group.first; });
    if (known == groups.end()) {
      groups.push_back({option.group, {&option}});
    } else {
      known->second.push_back(&option);
    }
  }
  return groups;
}

std::vector<const CommandHelp*> flattened(const CommandHelp& command) {
  std::vector<const CommandHelp*> all{&command};
  for (const CommandHelp& below : command.commands) {
    const auto deeper = flattened(below);
    all.insert(all.end(), deeper.begin(), deeper.end());
  }
  return all;
}

}  // namespace fyr::app
