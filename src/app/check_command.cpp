// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/check_command.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/console.hpp"
#include "app/input_score.hpp"
#include "app/input_text.hpp"
#include "app/output_file.hpp"
#include "app/terminal.hpp"
#include "fyr/error.hpp"
#include "fyr/score_file.hpp"

namespace fyr::app {
namespace {

constexpr const char* kFooter = R"(Examples:
  fyr check song.mscx
  fyr check scores/*.mscx --strict --quiet && echo fine

Reads scores of fyr and MuseScore 3.0 to 3.5 (.mscx, .mscz) and says what MuseScore would refuse,
crash on or silently repair, and what no drummer could play. MuseScore itself is not needed.
Exit codes: 0 no errors, 1 errors found, 2 wrong usage, 3 no score could be read, 4 output refused,
5 internal error, 130 interrupted.)";

struct Arguments {
  std::vector<std::filesystem::path> inputs;
  bool strict = false;
  bool json = false;
  bool quiet = false;
};

std::string severity_name(const ScoreFinding& finding) {
  return finding.severity == ScoreFinding::Severity::Error ? "error" : "warning";
}

std::string as_text(const std::filesystem::path& input, const std::vector<ScoreFinding>& findings) {
  const bool coloured = wants_colour(STDOUT_FILENO);
  const std::string name = input == "-" ? "standard input" : plain(input.string());
  if (findings.empty()) return name + ": " + paint("good", Colour::Green, coloured) + "\n";
  std::string text;
  for (const ScoreFinding& finding : findings) {
    const bool error = finding.severity == ScoreFinding::Severity::Error;
    text += name + ": " +
            paint(severity_name(finding), error ? Colour::Red : Colour::Yellow, coloured) + ": " +
            (finding.place.empty() ? "" : finding.place + ": ") + message_line(finding.message);
  }
  return text;
}

std::string as_json(const std::filesystem::path& input, const std::vector<ScoreFinding>& findings) {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  for (const ScoreFinding& finding : findings) {
    list.push_back({{"severity", severity_name(finding)},
                    {"place", finding.place},
                    {"message", finding.message}});
  }
  const Json line = {{"input", input.string()}, {"findings", list}};
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

bool fails(const std::vector<ScoreFinding>& findings, bool strict) {
  for (const ScoreFinding& finding : findings) {
    if (strict || finding.severity == ScoreFinding::Severity::Error) return true;
  }
  return false;
}

ExitCode run_check(const Arguments& arguments) {
  check_read_once(arguments.inputs);
  Console console(Verbosity::Normal);
  bool failed = false;
  std::size_t n_unreadable = 0;
  for (const auto& input : arguments.inputs) {
    try {
      const std::vector<ScoreFinding> findings = check_score(read_score(input));
      failed = failed || fails(findings, arguments.strict);
      if (arguments.quiet && findings.empty()) continue;
      write_output("-", arguments.json ? as_json(input, findings) : as_text(input, findings),
                   false);
    } catch (const InputError& error) {
      if (arguments.inputs.size() == 1) throw;
      console.error(error.what());
      failed = true;
      ++n_unreadable;
    }
  }
  if (n_unreadable == arguments.inputs.size()) return ExitCode::Input;
  return failed ? ExitCode::SomeFailed : ExitCode::Done;
}

}  // namespace

void add_check_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("check", "Say what is wrong with MuseScore scores");
  command->footer(kFooter);
  command->add_option("scores", arguments->inputs, "Scores (.mscx or .mscz); - is standard input")
      ->type_name("FILE")
      ->required();
  command->add_flag("--strict", arguments->strict, "Warnings fail too");
  command->add_flag("--json", arguments->json, "Print a line of JSON for each score");
  command->add_flag("-q,--quiet", arguments->quiet, "Say nothing about good scores");
  command->callback(
      [arguments, &action] { action = [arguments] { return run_check(*arguments); }; });
}

}  // namespace fyr::app
