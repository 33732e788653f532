// SPDX-License-Identifier: GPL-3.0-or-later
#include <sstream>

#include "app/completion.hpp"

namespace fyr::app {
namespace {

// Where nothing is offered, readline's own completion (-o default) offers files. Words end at "=",
// so --format=mscx arrives as three and --threshold kick=0.3 as four.
constexpr const char* kHead = R"(# Made by `fyr completion bash`.
_fyr() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local command=fyr options= commands= choices= list= i=$((COMP_CWORD - 1))
  [[ $current == = ]] && current=
  while [[ $i -gt 1 && ${COMP_WORDS[i]} == = ]]; do
    previous=${COMP_WORDS[i-1]}
    [[ $previous == -* ]] && break
    ((i -= 2))
    previous=${COMP_WORDS[i]}
  done
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$command ${COMP_WORDS[i]}" in
)";

constexpr const char* kChoices = R"(    esac
  done
  case "$command $previous" in
)";

constexpr const char* kOptions = R"(  esac
  if [[ $choices ]]; then
    [[ $list ]] && list=${current%"${current##*,}"}
    COMPREPLY=($(compgen -P "$list" -W "$choices" -- "${current#"$list"}"))
    [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace
    return
  fi
  case $command in
)";

constexpr const char* kTail = R"(  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  else
    COMPREPLY=($(compgen -W "$commands" -- "$current"))
  fi
}
complete -o default -F _fyr fyr
)";

std::string last_word(const std::string& name) { return name.substr(name.rfind(' ') + 1); }

void put_choices(const CommandHelp& command, const OptionHelp& option, std::ostream& out) {
  if (option.names.empty() || option.value.empty()) return;
  out << "    ";
  for (std::size_t i = 0; i < option.names.size(); ++i) {
    out << (i == 0 ? "" : "|") << '"' << command.name << ' ' << option.names[i] << '"';
  }
  out << ") ";
  if (option.choices.empty()) {
    out << "return ;;\n";
    return;
  }
  out << "choices=\"";
  for (const std::string& choice : option.choices) out << choice << ' ';
  out << '"' << (option.list ? " list=yes" : "") << " ;;\n";
}

void put_words(const CommandHelp& command, std::ostream& out) {
  out << "    \"" << command.name << "\")\n      options=\"";
  for (const OptionHelp& option : command.options) {
    for (const std::string& name : option.names) out << name << ' ';
  }
  out << "\"\n      commands=\"";
  for (const CommandHelp& below : command.commands) out << last_word(below.name) << ' ';
  // A positional that knows its values, like the shell's name.
  for (const OptionHelp& option : command.options) {
    if (!option.names.empty()) continue;
    for (const std::string& choice : option.choices) out << choice << ' ';
  }
  out << "\" ;;\n";
}

}  // namespace

std::string bash_completion(const CommandHelp& program) {
  const auto commands = flattened(program);
  std::ostringstream out;
  out << kHead << "      ";
  for (std::size_t i = 1; i < commands.size(); ++i) {
    out << (i == 1 ? "" : "|") << '"' << commands[i]->name << '"';
  }
  out << ") command=\"$command ${COMP_WORDS[i]}\" ;;\n" << kChoices;
  for (const CommandHelp* command : commands) {
    for (const OptionHelp& option : command->options) put_choices(*command, option, out);
  }
  out << kOptions;
  for (const CommandHelp* command : commands) put_words(*command, out);
  out << kTail;
  return out.str();
}

}  // namespace fyr::app
