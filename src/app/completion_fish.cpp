// SPDX-License-Identifier: GPL-3.0-or-later
#include <sstream>

#include "app/completion.hpp"

namespace fyr::app {
namespace {

// True when the words typed so far name exactly that command.
constexpr const char* kHead = R"(# Made by `fyr completion fish`.
function __fyr_in
    set -l typed
    for word in (commandline -opc)
        string match -qr '^-' -- $word; and continue
        set -a typed $word
        contains -- "$typed" $__fyr_commands; or break
    end
    set -l wanted (count $argv)
    test (count $typed) -ge $wanted; and test "$typed[1..$wanted]" = "$argv"; or return 1
    test (count $typed) -eq $wanted; and return 0
    set -l more (math $wanted + 1)
    not contains -- "$typed[1..$more]" $__fyr_commands
end
complete -c fyr -e
)";

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text.substr(0, text.find('\n'))) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "'";
}

void put_option(const CommandHelp& command, const OptionHelp& option, std::ostream& out) {
  if (option.names.empty() && option.choices.empty()) return;
  out << "complete -c fyr -n '__fyr_in " << command.name << '\'';
  for (const std::string& name : option.names) {
    out << (name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1));
  }
  if (!option.names.empty() && !option.value.empty()) out << " -r";
  if (!option.choices.empty()) {
    std::string choices;
    for (const std::string& choice : option.choices) {
      choices += (choices.empty() ? "" : option.list ? "," : " ") + choice;
    }
    // fish's own function completes what stands behind the last comma.
    if (option.list) choices = "(__fish_complete_list , 'string split , " + choices + "')";
    out << " -f -a " << quoted(choices);
  }
  out << " -d " << quoted(option.description) << '\n';
}

}  // namespace

std::string fish_completion(const CommandHelp& program) {
  std::ostringstream out;
  const auto commands = flattened(program);
  out << kHead << "set -g __fyr_commands";
  for (const CommandHelp* command : commands) out << " '" << command->name << '\'';
  out << '\n';
  for (const CommandHelp* command : commands) {
    for (const CommandHelp& below : command->commands) {
      out << "complete -c fyr -n '__fyr_in " << command->name << "' -f -a "
          << below.name.substr(below.name.rfind(' ') + 1) << " -d " << quoted(below.description)
          << '\n';
    }
    for (const OptionHelp& option : command->options) put_option(*command, option, out);
  }
  return out.str();
}

}  // namespace fyr::app
