// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/diff_command.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/console.hpp"
#include "app/input_score.hpp"
#include "app/output_file.hpp"
#include "app/terminal.hpp"
#include "fyr/error.hpp"
#include "fyr/score_file.hpp"
#include "text.hpp"

namespace fyr::app {
namespace {

constexpr const char* kFooter = R"(Examples:
  fyr diff song.mscx corrected.mscz
  fyr diff --ignore-velocity --ignore-tempo old.mscx new.mscx && echo same notes

Compares scores of MuseScore 3 and 4 (.mscx, .mscz) by bar and beat: - is only in the first, + only
in the second, ~ is in both but differs. Tempi within 0.2 % are equal.
Exit codes: 0 equal, 1 different, 2 wrong usage, 3 unreadable input, 4 output refused,
5 internal error, 130 interrupted.)";

struct Arguments {
  std::filesystem::path before;
  std::filesystem::path after;
  bool ignore_velocity = false;
  bool ignore_tempo = false;
  bool json = false;
};

std::string as_text(const ScoreDifference& difference, bool coloured) {
  const std::string text = plain(difference.place + ": " + difference.text);
  switch (difference.kind) {
    case ScoreDifference::Kind::Removed:
      return paint("- " + text, Colour::Red, coloured) + "\n";
    case ScoreDifference::Kind::Added:
      return paint("+ " + text, Colour::Green, coloured) + "\n";
    case ScoreDifference::Kind::Changed:
      return paint("~ " + text, Colour::Yellow, coloured) + "\n";
  }
  return text + "\n";
}

std::string as_json(const ScoreDifference& difference) {
  using Json = nlohmann::ordered_json;
  const char* kind = difference.kind == ScoreDifference::Kind::Removed ? "removed"
                     : difference.kind == ScoreDifference::Kind::Added ? "added"
                                                                       : "changed";
  const Json line = {{"kind", kind}, {"place", difference.place}, {"text", difference.text}};
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// Throws InputError, naming the file, if the text is no score that can be compared.
void check_comparable(const std::filesystem::path& path, const std::string& text) {
  try {
    diff_scores(text, text);
  } catch (const InputError& error) {
    const std::string cause = error.what();
    throw InputError(
        "cannot read \"" + path.string() + "\": " + cause +
        (says_what_to_do(cause) ? "" : "; give scores saved by fyr, MuseScore 3 or 4"));
  }
}

std::vector<ScoreDifference> differences(const Arguments& arguments) {
  const std::string before = read_score(arguments.before);
  const std::string after = read_score(arguments.after);
  try {
    return diff_scores(before, after, {!arguments.ignore_velocity, !arguments.ignore_tempo});
  } catch (const InputError&) {
    // Only now, as it takes as long again: which of them was it?
    check_comparable(arguments.before, before);
    check_comparable(arguments.after, after);
    throw;
  }
}

ExitCode run_diff(const Arguments& arguments) {
  if (arguments.before == "-" && arguments.after == "-") {
    throw UsageError("only one of the scores can be standard input");
  }
  const bool coloured = wants_colour(STDOUT_FILENO);
  std::string text;
  for (const ScoreDifference& difference : differences(arguments)) {
    text += arguments.json ? as_json(difference) : as_text(difference, coloured);
  }
  write_output("-", text, false);
  return text.empty() ? ExitCode::Done : ExitCode::SomeFailed;
}

}  // namespace

void add_diff_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("diff", "Say how two MuseScore scores differ");
  command->footer(kFooter);
  command
      ->add_option("before", arguments->before, "First score (.mscx or .mscz); - is standard input")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("after", arguments->after, "Second score (.mscx or .mscz); - is standard input")
      ->type_name("FILE")
      ->required();
  command->add_flag("--ignore-velocity", arguments->ignore_velocity, "Loudness may differ");
  command->add_flag("--ignore-tempo", arguments->ignore_tempo, "Tempo may differ");
  command->add_flag("--json", arguments->json, "Print a line of JSON for each difference");
  command->callback(
      [arguments, &action] { action = [arguments] { return run_diff(*arguments); }; });
}

}  // namespace fyr::app
