// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <sstream>
#include <string_view>

#include "app/completion.hpp"

namespace fyr::app {
namespace {

std::string function_name(const std::string& command) {
  std::string name = "_" + command;
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

/// The first line of a description inside '...[ ]' of _arguments.
std::string spec_text(const std::string& description) {
  std::string text;
  for (const char c : description.substr(0, description.find('\n'))) {
    if (c == '\'') {
      text += "'\\''";
    } else if (c == '[' || c == ']' || c == ':' || c == '\\') {
      text += std::string("\\") + c;
    } else {
      text += c;
    }
  }
  return text;
}

std::string action(const OptionHelp& option) {
  if (option.choices.empty()) {
    const bool path = option.value == "FILE" || option.value == "PATH" || option.value == "FOLDER";
    return path ? "_files" : " ";
  }
  std::string values;
  bool pairs = false;  // "snare=", which a number follows.
  for (const std::string& choice : option.choices) {
    pairs = pairs || choice.ends_with('=');
    values += (values.empty() ? "" : " ") + choice.substr(0, choice.find('='));
  }
  return pairs         ? " _fyr_pairs " + values
         : option.list ? "_values -s , value " + values
                       : "(" + values + ")";
}

/// What tells _arguments that the value may stand in the same word: -oPATH, --output=PATH.
std::string_view joined_value(const std::string& name) {
  return name.starts_with("--") ? "=" : "+";
}

/// '(-o --output)'{-o+,--output=}'[description]:PATH:_files'
void put_option(const OptionHelp& option, std::ostream& out) {
  std::string exclusive;
  std::string names;
  for (const std::string& name : option.names) {
    exclusive += (exclusive.empty() ? "" : " ") + name;
    names += (names.empty() ? "" : ",") + name;
    if (!option.value.empty()) names += joined_value(name);
  }
  out << " \\\n    ";
  if (option.names.empty()) {
    out << "'*:" << option.value << ':' << action(option) << '\'';
    return;
  }
  if (option.names.size() > 1) {
    out << "'(" << exclusive << ")'{" << names << "}'";
  } else {
    out << '\'' << names;
  }
  out << '[' << spec_text(option.description) << ']';
  if (!option.value.empty()) out << ':' << option.value << ':' << action(option);
  out << '\'';
}

void put_dispatch(const CommandHelp& command, std::ostream& out) {
  out << " \\\n    '1: :->command' '*:: :->rest'\n  case $state in\n    command)\n"
      << "      local -a commands=(\n";
  for (const CommandHelp& below : command.commands) {
    out << "        '" << below.name.substr(below.name.rfind(' ') + 1) << ':'
        << spec_text(below.description) << "'\n";
  }
  out << "      )\n      _describe command commands ;;\n    rest)\n      case $words[1] in\n";
  for (const CommandHelp& below : command.commands) {
    out << "        " << below.name.substr(below.name.rfind(' ') + 1) << ") "
        << function_name(below.name) << " ;;\n";
  }
  out << "      esac ;;\n  esac\n";
}

}  // namespace

std::string zsh_completion(const CommandHelp& program) {
  std::ostringstream out;
  out << "#compdef fyr\n# Made by `fyr completion zsh`.\n"
      << "\n_fyr_pairs() {\n  _values -s , value \"${@/%/:number: }\"\n}\n";
  for (const CommandHelp* command : flattened(program)) {
    out << '\n' << function_name(command->name) << "() {\n";
    const bool dispatches = !command->commands.empty();
    if (dispatches) out << "  local curcontext=$curcontext state line\n";
    out << (dispatches ? "  _arguments -C" : "  _arguments -s");
    for (const OptionHelp& option : command->options) put_option(option, out);
    if (dispatches) {
      put_dispatch(*command, out);
    } else {
      out << '\n';
    }
    out << "}\n";
  }
  out << "\nif [[ $funcstack[1] == _fyr ]]; then\n  _fyr \"$@\"\nelse\n  compdef _fyr fyr\nfi\n";
  return out.str();
}

}  // namespace fyr::app
