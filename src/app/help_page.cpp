// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/help_page.hpp"

#include <sstream>

namespace fyr::app {
namespace {

constexpr std::size_t kTextColumn = 26;    ///< Where descriptions begin.
constexpr std::size_t kHangingIndent = 2;  ///< Of what a line of a description goes on with.

/// Appends `text` to the line that ends `page`, which is `column` long, and goes on in new lines
/// from `indent`.
void put_wrapped(std::string& page, std::size_t column, const std::string& text, std::size_t indent,
                 std::size_t n_columns) {
  std::istringstream words(text);
  bool first = true;
  for (std::string word; words >> word; first = false) {
    if (!first && column + 1 + word.size() > n_columns) {
      page += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!first) {
      page += ' ';
      ++column;
    }
    page += word;
    column += word.size();
  }
  page += '\n';
}

/// A name on the left, lines of text on the right.
void put_entry(std::string& page, const std::string& name, const std::string& text,
               std::size_t n_columns) {
  std::string left = "  " + name;
  if (left.size() + 2 > kTextColumn) {
    page += left + "\n";
    left.clear();
  }
  page += left + std::string(kTextColumn - left.size(), ' ');
  std::istringstream lines(text);
  bool first = true;
  for (std::string line; std::getline(lines, line); first = false) {
    if (!first) page += std::string(kTextColumn, ' ');
    // A description of one line is a paragraph; several are a list.
    const bool listed = text.find('\n') != std::string::npos && !first;
    put_wrapped(page, kTextColumn, line, kTextColumn + (listed ? kHangingIndent : 0), n_columns);
  }
}

void put_option(std::string& page, const OptionHelp& option, std::size_t n_columns) {
  std::string name = option.place + (option.many ? " ..." : "");
  for (const std::string& each : option.names) name += (name.empty() ? "" : ", ") + each;
  if (!option.names.empty() && !option.value.empty()) name += " " + option.value;
  std::string text = option.description;
  if (const std::string choices = choices_text(option); !choices.empty()) text += "\n" + choices;
  if (!option.environment.empty()) text += " [env: " + option.environment + "]";
  put_entry(page, name, text, n_columns);
}

/// Lines that are not indented make paragraphs, which end at empty lines and before "Exit codes:".
void put_footer(std::string& page, const std::string& footer, std::size_t n_columns) {
  std::string paragraph;
  const auto finish = [&] {
    if (!paragraph.empty()) put_wrapped(page, 0, paragraph, 0, n_columns);
    paragraph.clear();
  };
  std::istringstream lines(footer);
  for (std::string line; std::getline(lines, line);) {
    const bool text = !line.empty() && line.front() != ' ';
    if (!text || line.starts_with("Exit codes:")) finish();
    if (text) {
      paragraph += line + " ";
    } else {
      page += line + "\n";
    }
  }
  finish();
}

}  // namespace

std::string help_page(const CommandHelp& command, std::size_t n_columns) {
  std::string page;
  put_wrapped(page, 0, command.description, 0, n_columns);
  page += "\nUsage: " + synopsis(command) + "\n";
  std::string heading = "\nArguments:\n";
  for (const OptionHelp& option : command.options) {
    if (!option.names.empty()) continue;
    page += heading;
    heading.clear();
    put_option(page, option, n_columns);
  }
  if (!command.commands.empty()) page += "\nCommands:\n";
  for (const CommandHelp& below : command.commands) {
    put_entry(page, below.name.substr(command.name.size() + 1), below.description, n_columns);
  }
  for (const auto& [group, options] : by_group(command)) {
    page += "\n" + group + ":\n";
    for (const OptionHelp* option : options) put_option(page, *option, n_columns);
  }
  page += "\n";
  put_footer(page, command.footer, n_columns);
  return page;
}

}  // namespace fyr::app
