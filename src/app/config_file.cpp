// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/config_file.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/command_tree.hpp"
#include "app/suggest.hpp"
#include "evaluate/text.hpp"
#include "fyr/error.hpp"

namespace fyr::app {
namespace {

namespace fs = std::filesystem;

/// What one wants for every call; inputs, outputs and --force are not among it.
constexpr std::array kFromEnvironment{
    "model", "threshold", "format",        "jobs",    "voices",       "style",  "artist",
    "quiet", "verbose",   "mark-doubtful", "timings", "repeat-signs", "weights"};

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

CLI::App* command_named(CLI::App& app, const std::string& name) {
  for (CLI::App* command : commands_of(app)) {
    if (command->get_name() == name) return command;
  }
  return nullptr;
}

std::vector<std::string> setting_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back(name);
  }
  return names;
}

[[noreturn]] void refuse(const std::string& what, const std::string& suggestion,
                         const CLI::App& command) {
  throw UsageError("configuration: there is no " + what + suggestion +
                   "; settings are the long options of a command below its name in brackets, see "
                   "\"" +
                   full_name(command) + " --help\"");
}

/// In quoted text, what CLI11 would take for the end of it, and what stands for that meanwhile.
constexpr std::string_view kQuoting = "\\\"'";
constexpr std::string_view kStandIns = "\x01\x02\x03";

std::string replaced(std::string text, std::string_view these, std::string_view by) {
  for (char& c : text) {
    if (const std::size_t i = these.find(c); i != these.npos) c = by[i];
  }
  return text;
}

/// Whether text[i] is a backslash that only says how the next character is meant.
bool escapes(const std::string& text, std::size_t i, char quote) {
  return quote == '"' && text[i] == '\\' && i + 1 < text.size() &&
         (text[i + 1] == '"' || text[i + 1] == '\\');
}

/// The line up to its comment, quoted text with stand-ins and no escapes. Quotes open where a value
/// does, so that "it's" needs none.
std::string without_comment(const std::string& line, int number) {
  char open = '\0';
  std::string kept;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char before = i > 0 ? line[i - 1] : ' ';
    if (open != '\0' && line[i] != open) {
      if (escapes(line, i, open)) ++i;
      kept += replaced({line[i]}, kQuoting, kStandIns);
      continue;
    }
    if (open != '\0') {
      open = '\0';
    } else if (line[i] == '#') {
      break;
    } else if ((line[i] == '"' || line[i] == '\'') && std::strchr(" \t=[,", before) != nullptr) {
      open = line[i];
    }
    kept += line[i];
  }
  if (open == '\0') return std::string(trimmed(kept));
  throw UsageError("configuration: line " + std::to_string(number) +
                   ": a quoted text does not end; close it with " + open);
}

bool begins_list(std::string_view line) {
  const std::size_t equals = line.find('=');
  return equals != line.npos && trimmed(line.substr(equals + 1)).starts_with('[');
}

/// The settings without comments, a line each, whatever their quotes and lists.
std::string plain_settings(std::istream& input) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::string text;
  int number = 0;
  int list_line = 0;  // Where a list that has not ended begins; 0: there is none.
  for (std::string line; std::getline(input, line);) {
    if (number == 0 && line.starts_with(kByteOrderMark)) line.erase(0, kByteOrderMark.size());
    line = without_comment(line, ++number);
    if (list_line > 0 && line.starts_with('[')) break;  // The next section.
    if (list_line == 0 && begins_list(line)) list_line = number;
    if (line.ends_with(']')) list_line = 0;
    text += line + (list_line > 0 ? "" : "\n");
  }
  if (list_line == 0) return text;
  throw UsageError("configuration: line " + std::to_string(list_line) +
                   ": a list does not end; close it with ]");
}

bool asks_for_help(const CLI::App& app) {
  const CLI::Option* version = app.get_version_ptr();
  return app.get_help_ptr()->count() > 0 || (version != nullptr && version->count() > 0) ||
         std::ranges::any_of(app.get_subcommands(),
                             [](const auto* a) { return asks_for_help(*a); });
}

/// CLI11's reader of TOML, which would take a # in quotes for a comment, know no escapes, let the
/// file go before the environment, check the values of all commands and be curt about settings it
/// does not know.
class ConfigFile : public CLI::ConfigTOML {
 public:
  explicit ConfigFile(CLI::App& app) : app_(app) { comment('\0'); }

  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    std::vector<CLI::ConfigItem> kept;
    if (asks_for_help(app_)) return kept;  // Help needs no settings, which may be wrong.
    std::istringstream settings(plain_settings(input));
    for (CLI::ConfigItem& item : CLI::ConfigTOML::from_config(settings)) {
      if (item.name == "++" || item.name == "--") continue;  // Begin and end of a section.
      const auto [command, option] = named_by(item);
      const std::string name = option->get_envname();
      const bool given_before = !name.empty() && variable(name.c_str()) != nullptr;
      for (std::string& value : item.inputs) value = replaced(value, kStandIns, kQuoting);
      if (command->parsed() && !given_before) kept.push_back(item);
    }
    return kept;
  }

 private:
  std::pair<const CLI::App*, const CLI::Option*> named_by(const CLI::ConfigItem& item) const {
    CLI::App* command = &app_;
    for (const std::string& section : item.parents) {
      CLI::App* const above = command;
      command = command_named(*above, section);
      if (command != nullptr) continue;
      std::vector<std::string> known;
      for (const CLI::App* other : commands_of(*above)) known.push_back(other->get_name());
      refuse("section [" + section + "]", did_you_mean(section, known), *above);
    }
    const CLI::Option* option = command->get_option_no_throw("--" + item.name);
    if (option == nullptr || !option->get_configurable()) {
      refuse("setting \"" + item.fullname() + "\"",
             did_you_mean(item.name, setting_names(*command)), *command);
    }
    return {command, option};
  }

  CLI::App& app_;
};

std::string variable_name(std::string option) {
  std::transform(option.begin(), option.end(), option.begin(), [](unsigned char c) {
    return c == '-' ? '_' : static_cast<char>(std::toupper(c));
  });
  return "FYR_" + option;
}

}  // namespace

void add_config_file(CLI::App& app) {
  app.set_config("--config", default_file().string(),
                 "Settings for every call: the long options of a command below [command], like\n"
                 "jobs = 2 (default: FYR_CONFIG, else ~/.config/fyr/config.toml)")
      ->type_name("FILE");
  app.config_formatter(std::make_shared<ConfigFile>(app));
}

void check_config_file(const CLI::App& app) {
  const CLI::Option& config = *app.get_config_ptr();
  const std::string path = config.get_default_str();
  if (!config.empty() || path.empty()) return;
  const bool named = variable("FYR_CONFIG") != nullptr;
  throw InputError((named ? "FYR_CONFIG: " : "") + ("cannot read settings \"" + path) +
                   "\"; name a file that can be read or " +
                   (named ? "unset the variable" : "remove this one"));
}

void add_environment(CLI::App& app) {
  for (const char* name : kFromEnvironment) {
    if (CLI::Option* option = app.get_option_no_throw("--" + std::string(name))) {
      option->envname(variable_name(name));
    }
  }
  for (CLI::App* command : commands_of(app)) add_environment(*command);
}

}  // namespace fyr::app
