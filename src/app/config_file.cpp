// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/config_file.hpp"

// An assertion of toml++ 3.3 fails at "[{", which its parser refuses by itself a line later.
#define TOML_ASSERT(condition) static_cast<void>(0)
#include <toml++/toml.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/command_tree.hpp"
#include "app/option_sources.hpp"
#include "fyr/error.hpp"
#include "suggest.hpp"
#include "text.hpp"

namespace fyr::app {
namespace {

namespace fs = std::filesystem;

/// In a line. Each point of a name nests what follows one deeper, and what nests without end runs
/// out of stack; toml++ bounds only brackets.
constexpr int kMostPoints = 50;

const char* variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

fs::path default_file() {
  if (const char* named = variable("FYR_CONFIG")) return named;
  fs::path folder;
  if (const char* config_home = variable("XDG_CONFIG_HOME")) {
    folder = config_home;
  } else if (const char* home = variable("HOME")) {
    folder = fs::path(home) / ".config";
  }
  const fs::path file = folder / "fyr/config.toml";
  std::error_code ignored;
  return !folder.empty() && fs::exists(file, ignored) ? file : fs::path();
}

std::vector<CLI::App*> commands_of(CLI::App& app) {
  return app.get_subcommands([](CLI::App*) { return true; });
}

std::vector<std::string> setting_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_configurable()) continue;
    for (const std::string& name : option->get_lnames()) names.push_back(name);
  }
  return names;
}

/// Refuses what stands at this place of the file.
[[noreturn]] void refuse(const CLI::App& program, const toml::source_region& source,
                         const std::string& message) {
  throw UsageError(settings_name(program) + ", line " + std::to_string(source.begin.line) + ": " +
                   message);
}

toml::table parse(const CLI::App& program, std::istream& input) {
  const std::string text = read_all(input, settings_name(program));
  int number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    const bool comment = trimmed(line).starts_with('#');
    if (comment || std::ranges::count(line, '.') <= kMostPoints) continue;
    throw UsageError(settings_name(program) + ", line " + std::to_string(number) +
                     ": it has more than " + std::to_string(kMostPoints) +
                     " points; no setting needs as many");
  }
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    refuse(program, error.source(),
           std::string(error.description()) +
               "; it is read as TOML: texts stand in quotes, as in artist = \"The Band\"");
  }
}

/// As one would type it on the command line; none for what is not typed there.
std::optional<std::string> typed(const toml::node& value) {
  if (const auto* text = value.as_string()) return text->get();
  if (const auto* flag = value.as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* whole = value.as_integer()) return std::to_string(whole->get());
  if (const auto* number = value.as_floating_point()) {
    std::array<char, 32> text{};
    return std::string(text.data(), std::to_chars(text.begin(), text.end(), number->get()).ptr);
  }
  return std::nullopt;
}

bool asks_for_help(const CLI::App& app) {
  const CLI::Option* version = app.get_version_ptr();
  return app.get_help_ptr()->count() > 0 || (version != nullptr && version->count() > 0) ||
         std::ranges::any_of(app.get_subcommands(),
                             [](const auto* a) { return asks_for_help(*a); });
}

/// TOML for CLI11, whose own reader takes a # in quotes for a comment, knows no escapes, lets the
/// file go before the environment, checks the values of all commands and is curt about settings it
/// does not know.
class ConfigFile : public CLI::ConfigTOML {
 public:
  explicit ConfigFile(CLI::App& program) : program_(program) {}

  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    std::vector<CLI::ConfigItem> found;
    if (asks_for_help(program_)) return found;  // Help needs no settings, which may be wrong.
    collect(program_, {}, parse(program_, input), found);
    return found;
  }

 private:
  /// The settings of the section of `command`, which lies in the sections `parents`.
  void collect(CLI::App& command, const std::vector<std::string>& parents,
               const toml::table& section, std::vector<CLI::ConfigItem>& found) const {
    for (const auto& [key, value] : section) {
      const std::string name(key.str());
      if (const toml::table* inner = value.as_table()) {
        std::vector<std::string> path = parents;
        path.push_back(name);
        collect(command_for(command, name, key.source()), path, *inner, found);
      } else {
        const CLI::Option& option = option_for(command, name, key.source());
        const std::string& environment = option.get_envname();
        const bool given_before = !environment.empty() && variable(environment.c_str()) != nullptr;
        CLI::ConfigItem item{parents, name, inputs_of(name, value)};
        if (command.parsed() && !given_before) found.push_back(std::move(item));
      }
    }
  }

  std::vector<std::string> inputs_of(const std::string& name, const toml::node& value) const {
    std::vector<std::string> inputs;
    const auto take = [&](const toml::node& element) {
      const std::optional<std::string> input = typed(element);
      if (!input) {
        refuse(program_, element.source(),
               "\"" + name +
                   "\" takes no such value; write a text, a number, true or false, or a "
                   "list of them");
      }
      inputs.push_back(*input);
    };
    if (const toml::array* list = value.as_array()) {
      if (list->empty())
        refuse(program_, value.source(), "\"" + name + "\" has no value; remove it");
      for (const toml::node& element : *list) take(element);
    } else {
      take(value);
    }
    return inputs;
  }

  CLI::App& command_for(CLI::App& above, const std::string& name,
                        const toml::source_region& source) const {
    std::vector<std::string> known;
    for (CLI::App* command : commands_of(above)) {
      if (command->get_name() == name) return *command;
      known.push_back(command->get_name());
    }
    refuse_name("section [" + name + "]", did_you_mean(name, known), above, source);
  }

  const CLI::Option& option_for(const CLI::App& command, const std::string& name,
                                const toml::source_region& source) const {
    const CLI::Option* option = command.get_option_no_throw("--" + name);
    if (option != nullptr && option->get_configurable()) return *option;
    refuse_name("setting \"" + name + "\"", did_you_mean(name, setting_names(command)), command,
                source);
  }

  [[noreturn]] void refuse_name(const std::string& what, const std::string& suggestion,
                                const CLI::App& command, const toml::source_region& source) const {
    refuse(program_, source,
           "there is no " + what + suggestion +
               "; settings are the long options of a command below its name in brackets, see \"" +
               full_name(command) + " --help\"");
  }

  CLI::App& program_;
};

}  // namespace

std::string settings_name(const CLI::App& app) {
  if (const CLI::App* above = app.get_parent()) return settings_name(*above);
  return "\"" + app.get_config_ptr()->as<std::string>() + "\"";
}

void add_config_file(CLI::App& app) {
  app.set_config(
         "--config", default_file().string(),
         "Settings for every call, as TOML: long options such as jobs = 2 below the name of their "
         "command such as [transcribe] (default: FYR_CONFIG, else ~/.config/fyr/config.toml)")
      ->type_name("FILE");
  app.config_formatter(std::make_shared<ConfigFile>(app));
}

std::string why_unread(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return "it is a folder; name a file in it";
  errno = 0;
  const std::ifstream file(path);
  return why_closed();
}

void check_config_file(const CLI::App& app) {
  const CLI::Option& config = *app.get_config_ptr();
  const std::string path = config.get_default_str();
  if (!config.empty() || path.empty()) return;
  const bool named = variable("FYR_CONFIG") != nullptr;
  throw InputError((named ? "FYR_CONFIG: " : "") + ("cannot read settings \"" + path) + "\": " +
                   why_unread(path) + (named ? " or unset the variable" : " or remove it"));
}

void add_environment(CLI::App& app) {
  app.preparse_callback([&app](std::size_t) {
    for (CLI::Option* option : app.get_options()) option->envname(variable_of(*option));
  });
  for (CLI::App* command : commands_of(app)) add_environment(*command);
}

}  // namespace fyr::app
