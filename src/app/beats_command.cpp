// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/beats_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <sstream>

#include "app/beats_file.hpp"
#include "app/console.hpp"
#include "app/file_identity.hpp"
#include "app/input_text.hpp"
#include "app/model_options.hpp"
#include "app/model_path.hpp"
#include "app/option_sources.hpp"
#include "app/output_file.hpp"
#include "app/rhythm_options.hpp"
#include "fyr/transcribe.hpp"

namespace fyr::app {
namespace {

constexpr const char* kFooter = R"(Example: correct the beats by hand, then write the score on them
  fyr beats song.wav > beats.csv
  fyr transcribe song.wav --beats beats.csv -o song.mscx

Exit codes: 0 done, 2 wrong usage, 3 unreadable input, 4 output refused, 5 internal error,
130 interrupted.)";

struct Arguments {
  std::filesystem::path input;
  std::filesystem::path output = "-";
  ModelArguments model;
  std::filesystem::path settings;
  bool force = false;
  RhythmArguments rhythm;
};

ExitCode run_beats(const Arguments& arguments) {
  check_read_once({arguments.input, arguments.rhythm.beats_file});
  const FilesRead read({arguments.input, arguments.rhythm.beats_file,
                        model_if_any(arguments.model.path), arguments.settings});
  read.check_not_among(arguments.output);
  check_output(arguments.output, arguments.force);
  const Model model = load_model(model_path(arguments.model.path));
  TranscribeOptions options;
  options.rhythm = rhythm_options(arguments.rhythm);
  options.beats_name = beats_name(arguments.rhythm);
  std::ostringstream text;
  const Network network = make_network(model, arguments.model);
  const Transcription heard = transcribe(arguments.input, model, network, options);
  write_beats(heard.rhythm.beats, text);
  write_output(arguments.output, text.view(), arguments.force);
  if (heard.onsets.empty()) {
    Console(Verbosity::Normal)
        .warning("no drums were heard in " + shown_name(arguments.input) +
                 ", so its beats are a guess. Is it the right recording?");
  }
  if (const std::string missed = tempo_missed(options.rhythm, heard.rhythm); !missed.empty()) {
    Console(Verbosity::Normal).warning(missed);
  }
  return ExitCode::Done;
}

}  // namespace

void add_beats_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("beats", "Print the beats of a recording as time_s,beat");
  command->footer(kFooter);
  command->add_option("input", arguments->input, "Recording; - is standard input")
      ->type_name("FILE")
      ->required();
  command->add_option("-o,--output", arguments->output, "File to write (default: standard output)")
      ->type_name("FILE");
  command->add_flag("--force", arguments->force, "Replace an existing file");
  add_model_options(*command, arguments->model);
  add_rhythm_options(*command, arguments->rhythm);
  command->callback([arguments, command, &action] {
    settle_rhythm(*command, arguments->rhythm);
    arguments->settings = settings_file(*command);
    action = [arguments] { return run_beats(*arguments); };
  });
}

}  // namespace fyr::app
