// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "app/beats_command.hpp"
#include "app/check_command.hpp"
#include "app/command.hpp"
#include "app/command_tree.hpp"
#include "app/completion_command.hpp"
#include "app/config_file.hpp"
#include "app/console.hpp"
#include "app/decode_command.hpp"
#include "app/diff_command.hpp"
#include "app/evaluate_command.hpp"
#include "app/failure.hpp"
#include "app/features_command.hpp"
#include "app/help_page.hpp"
#include "app/interrupt.hpp"
#include "app/man_command.hpp"
#include "app/model_command.hpp"
#include "app/option_sources.hpp"
#include "app/report_command.hpp"
#include "app/sonify_command.hpp"
#include "app/terminal.hpp"
#include "app/transcribe_command.hpp"
#include "app/version.hpp"
#include "fyr/error.hpp"
#include "suggest.hpp"
#include "text.hpp"

namespace fyr::app {
namespace {

constexpr const char* kFooter = R"(Examples:
  fyr transcribe song.wav -o song.mscx
  fyr transcribe album/*.flac -o scores/
  fyr transcribe song.mp3 -o - -f csv | head
  fyr transcribe --help

Environment:
  FYR_MUSESCORE        the MuseScore that draws pdf, png, svg and reports
  FYR_DATA             where fyr evaluate --dataset looks for data sets
  FYR_INSTRUCTION_SET  sse2, avx2 or avx512, for comparing
  TMPDIR               where temporary copies lie (default: /tmp)
  NO_COLOR, CLICOLOR, CLICOLOR_FORCE  whether to colour
The help of a command names the variable of each option that has one.

Exit codes: 0 done, 1 some of several inputs failed, 2 wrong usage, 3 no input could be read,
4 output refused, 5 internal error, 130 interrupted.)";

ExitCode fail(ExitCode code, const std::string& message) {
  std::cerr << error_line(message);
  return code;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// The subcommand that was given, or the program itself.
const CLI::App& innermost(const CLI::App& app) {
  const auto given = app.get_subcommands();
  return given.empty() ? app : innermost(*given.front());
}

/// CLI11's own words to `command` where they are curt.
std::string reworded(const std::string& message, const CLI::App& command) {
  constexpr std::string_view kNoFlag = "Could not convert: ";
  if (const auto equals = message.find(" = ");
      message.starts_with(kNoFlag) && equals != message.npos) {
    return message.substr(kNoFlag.size(), equals - kNoFlag.size()) + ": \"" +
           message.substr(equals + 3) + "\" is neither true nor false";
  }
  if (message == "A subcommand is required") return "a command is missing";
  constexpr std::string_view kRequired = " is required";
  if (message.ends_with(kRequired)) {
    const std::string name = message.substr(0, message.size() - kRequired.size());
    if (name.starts_with('-')) return name + " is missing";
    return upper_case(name) + " is missing: " + synopsis(describe(command));
  }
  const std::string name = message.substr(0, message.find(':'));
  if (message.starts_with(name + ": At Most 1 required")) {
    return name + " stands more than once; keep one";
  }
  if (const CLI::Option* place = command.get_option_no_throw(name);
      place != nullptr && message.starts_with(name + ": At Most ")) {
    const auto most = static_cast<std::size_t>(place->get_items_expected_max());
    return "one argument too many: \"" + place->results().at(most) + "\"";
  }
  if (message.starts_with(name + ": 1 required ") && message.ends_with(" missing")) {
    return name + " needs a value";
  }
  return message;
}

/// The message says the option whose value is refused, but it may not have been typed.
std::string with_source(const CLI::App& command, const std::string& message) {
  const std::string name = message.substr(0, message.find_first_of(": "));
  const CLI::Option* option = name.starts_with("--") ? command.get_option_no_throw(name) : nullptr;
  if (option == nullptr || option->empty() || on_command_line(command, name)) return message;
  const std::string variable = option->get_envname();
  const char* value = variable.empty() ? nullptr : std::getenv(variable.c_str());
  const bool is_set = value != nullptr && *value != '\0';
  return (is_set ? variable : settings_name(command)) + ": " + message;
}

/// Whether a word that was not understood stands where one of `app`'s commands should.
bool stands_for_command(const CLI::App& app, const std::string& word) {
  const auto is_command = [](const CLI::App*) { return true; };
  return !word.starts_with('-') && !app.get_subcommands(is_command).empty();
}

/// Whether a word that was not understood may be what `app` takes, but in too great a number.
bool is_one_too_many(const CLI::App& app, const std::string& word) {
  const auto is_place = [](const CLI::Option* option) { return option->get_positional(); };
  return !word.starts_with('-') && std::ranges::any_of(app.get_options(), is_place);
}

/// What to do if a word that was not understood is a file; empty where there is none.
std::string if_file_is_meant(const std::string& word, const CLI::App& app) {
  std::error_code ignored;
  if (!std::filesystem::exists(word, ignored)) return {};
  // As a shell puts it for *.wav where a name begins with a dash.
  if (word.starts_with('-')) return "; if the file is meant, write ./" + word;
  return app.get_parent() == nullptr ? "; if the file is meant, write fyr transcribe before it"
                                     : "";
}

/// Help of a command that does not exist was asked for: that of another would not tell.
bool is_help_of_unknown(const CLI::App& program) {
  return std::ranges::any_of(program.remaining(true), [&](const std::string& word) {
    return stands_for_command(innermost(program), word);
  });
}

/// One line with cause and remedy for what CLI11 did not understand.
std::string explain(const CLI::App& program, const CLI::ParseError& error) {
  const CLI::App& app = innermost(program);
  std::string message = with_source(app, reworded(error.what(), app));
  std::replace(message.begin(), message.end(), '\n', ' ');
  for (const std::string& word : program.remaining(true)) {
    const std::string extra = word.substr(0, word.find('='));
    std::vector<std::string> known = option_names(app);
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
      if (!command->get_group().empty()) known.push_back(command->get_name());
    }
    if (app.get_parent() != nullptr && program.get_option_no_throw(extra) != nullptr) {
      return extra + " goes before the command: fyr " + extra + " … " + app.get_name();
    }
    if (extra.starts_with('-') && app.get_option_no_throw(extra) != nullptr) {
      return extra + " goes after the command: " + full_name(app) + " " + extra + " …";
    }
    const char* what = stands_for_command(app, word) ? "unknown command"
                       : is_one_too_many(app, word)  ? "one argument too many:"
                                                     : "unknown argument";
    message = std::string(what) + " \"" + extra + "\"" + did_you_mean(extra, known);
    if (const std::string hint = if_file_is_meant(word, app); !hint.empty()) return message + hint;
    break;
  }
  return message + "; see \"" + full_name(app) + " --help\"";
}

/// --help in the words of the man pages, as wide as the terminal up to a readable line.
class HelpFormatter : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string /*name*/,
                        CLI::AppFormatMode /*mode*/) const override {
    constexpr std::size_t kReadable = 100;
    return help_page(describe(*app), std::min(n_columns(STDOUT_FILENO), kReadable));
  }
};

void build(CLI::App& app, Action& action) {
  app.formatter(std::make_shared<HelpFormatter>());
  app.footer(kFooter);
  app.set_version_flag(
      "--version", [] { return version_text(); },
      "Print version, model, instruction set and what --weights accepts here");
  app.require_subcommand(1);
  add_transcribe_command(app, action);
  add_decode_command(app, action);
  add_report_command(app, action);
  add_sonify_command(app, action);
  add_beats_command(app, action);
  add_check_command(app, action);
  add_diff_command(app, action);
  add_model_command(app, action);
  add_evaluate_command(app, action);
  add_features_command(app, action);
  add_completion_command(app, action);
  add_man_command(app, action);
  add_config_file(app);
  add_environment(app);
}

}  // namespace

int run(int argc, char** argv) {
  handle_signals();
  // fyr help transcribe is fyr transcribe --help.
  std::vector<char*> arguments(argv, argv + argc);
  if (argc > 1 && std::string_view(argv[1]) == "help") {
    static char help[] = "--help";
    arguments.erase(arguments.begin() + 1);
    arguments.push_back(help);
  }
  CLI::App app{"Drum transcription: from a recording to a MuseScore score", "fyr"};
  Action action;
  ExitCode code = ExitCode::Done;
  try {
    build(app, action);
    app.parse(static_cast<int>(arguments.size()), arguments.data());
    check_config_file(app);
    code = action();
  } catch (const CLI::Success& help_or_version) {
    if (is_help_of_unknown(app)) {
      code = fail(ExitCode::Usage, explain(app, help_or_version));
    } else {
      app.exit(help_or_version);
    }
  } catch (const CLI::FileError& error) {
    const std::string what = error.what();
    const std::string path = what.substr(0, what.find(" was not"));
    code = fail(ExitCode::Input, "--config: cannot read \"" + path + "\": " + why_unread(path));
  } catch (const CLI::ParseError& error) {
    code = fail(ExitCode::Usage, explain(app, error));
  } catch (const UsageError& error) {
    code = fail(ExitCode::Usage, with_source(innermost(app), error.what()));
  } catch (const std::exception& error) {
    const Failure failure = failure_of(error);
    code = fail(failure.code, failure.message);
  }
  if (!std::cout.flush() && code != ExitCode::Output) {
    code = fail(ExitCode::Output, "cannot write to standard output; check its disk or pipe");
  }
  return static_cast<int>(code);
}

}  // namespace fyr::app
