// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/man_page.hpp"

#include <algorithm>
#include <sstream>

#include "fyr/version.hpp"
#include "text.hpp"

namespace fyr::app {
namespace {

/// Backslashes and dashes as typed, and no line that starts with a control character.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
  }
  if (result.starts_with('.') || result.starts_with('\'')) result.insert(0, "\\&");
  return result;
}

void put_option(const OptionHelp& option, std::ostream& out) {
  out << ".TP\n";
  std::string names;
  for (const std::string& name : option.names) {
    names += (names.empty() ? "\\fB" : ", \\fB") + escaped(name) + "\\fR";
  }
  out << names;
  if (names.empty()) {
    out << "\\fI" << escaped(option.place) << "\\fR";
  } else if (!option.value.empty()) {
    out << " \\fI" << escaped(option.value) << "\\fR";
  }
  out << '\n';
  std::istringstream lines(option.description);
  bool first = true;
  for (std::string line; std::getline(lines, line); first = false) {
    out << (first ? "" : ".br\n") << escaped(line) << '\n';
  }
  if (const std::string choices = choices_text(option); !choices.empty()) {
    out << ".br\n" << escaped(choices) << '\n';
  }
  if (!option.environment.empty()) {
    out << ".br\nEnvironment: \\fB" << escaped(option.environment) << "\\fR\n";
  }
}

void put_options(const CommandHelp& command, std::ostream& out) {
  bool heading = false;
  for (const OptionHelp& option : command.options) {
    if (!option.names.empty()) continue;
    if (!heading) out << ".SH ARGUMENTS\n";
    heading = true;
    put_option(option, out);
  }
  for (const auto& [group, options] : by_group(command)) {
    out << ".SH " << upper_case(escaped(group)) << '\n';
    for (const OptionHelp* option : options) put_option(*option, out);
  }
}

void put_commands(const CommandHelp& command, std::ostream& out) {
  if (command.commands.empty()) return;
  out << ".SH COMMANDS\n";
  for (const CommandHelp& below : command.commands) {
    out << ".TP\n\\fB" << escaped(man_page_name(below)) << "\\fR(1)\n"
        << escaped(below.description) << '\n';
  }
}

/// "Example…:", "Environment:" and "Exit codes:" begin sections; indented lines are shown as they
/// are.
void put_footer(const std::string& footer, std::ostream& out) {
  bool as_is = false;
  bool in_section = false;
  std::istringstream lines(footer);
  for (std::string line; std::getline(lines, line);) {
    const bool indented = line.starts_with(' ');
    if (as_is && !indented) out << ".EE\n";
    const bool example = line.starts_with("Example");
    const bool codes = line.starts_with("Exit codes:");
    const bool environment = line.starts_with("Environment:");
    if (example || codes || environment) {
      out << (example ? ".SH EXAMPLES\n" : codes ? ".SH EXIT STATUS\n" : ".SH ENVIRONMENT\n");
    } else if (!in_section && !line.empty()) {
      out << ".SH NOTES\n";
    }
    in_section = in_section || !line.empty();
    if (indented) {
      out << (as_is ? "" : ".EX\n") << escaped(line) << '\n';
    } else if (line.empty()) {
      in_section = false;
    } else if (codes) {
      out << escaped(line.substr(sizeof "Exit codes:")) << '\n';
    } else if (line != "Examples:" && line != "Environment:") {
      out << escaped(line) << '\n';
    }
    as_is = indented;
  }
  if (as_is) out << ".EE\n";
}

}  // namespace

std::string man_page_name(const CommandHelp& command) {
  std::string name = command.name;
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string man_page(const CommandHelp& command, const CommandHelp& program) {
  const std::string name = man_page_name(command);
  std::ostringstream out;
  out << ".TH " << upper_case(escaped(name)) << " 1 \"" << kReleaseDate << "\" \"fyr " << kVersion
      << "\" \"User commands\"\n"
      << ".SH NAME\n"
      << escaped(name) << " \\- " << escaped(command.description) << "\n.SH SYNOPSIS\n\\fB"
      << escaped(command.name) << "\\fR" << escaped(synopsis(command).substr(command.name.size()))
      << '\n';
  put_commands(command, out);
  put_options(command, out);
  put_footer(command.footer, out);
  if (&command != &program) out << ".SH SEE ALSO\n\\fB" << escaped(program.name) << "\\fR(1)\n";
  return out.str();
}

}  // namespace fyr::app
