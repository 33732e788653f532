// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/transcribe_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "app/decode_command.hpp"
#include "app/model_path.hpp"
#include "app/option_values.hpp"
#include "app/output_folder.hpp"
#include "app/timings.hpp"
#include "app/transcribe_plan.hpp"

namespace fyr::app {
namespace {

constexpr const char* kFooter = R"(Examples:
  fyr transcribe song.wav -o song.mscx
  fyr transcribe album/*.flac -o scores/ -f mscz,pdf,mid -j 4
  fyr transcribe song.mp3 -o - -f csv | head
  fyr transcribe song.wav -o song.mscx --threshold snare=0.25,crash=0.4
  fyr transcribe song.wav -o song.mscx --time-signature 7/8 --tempo 140
  fyr transcribe album/*.flac -o scores/ --json | jq -r 'select(.hits < 50).input'

Reads what libsndfile reads, WAV, FLAC, Ogg, MP3, AIFF and more, 8 to 192 kHz, and through ffmpeg,
where it is installed, M4A and others.
Exit codes: 0 done, 1 some of several inputs failed, 2 wrong usage, 3 no input could be read,
4 output refused, 5 internal error, 130 interrupted.)";

ExitCode run_transcribe(const TranscribeArguments& arguments) {
  JobSettings settings = job_settings(arguments);
  const NewFolders new_folders(arguments.outputs.output);
  const std::vector<Job> jobs = plan_jobs(arguments);
  if (jobs.empty()) return ExitCode::Done;
  Console console(verbosity(arguments));
  warn_of_idle_options(arguments, jobs, console);
  const auto path = model_path(arguments.model.path);
  const Model model = load_model(path);
  const Network network = make_network(model, arguments.model);
  console.detail("model " + model.id + " (" + path.string() + ")");
  settings.options.peak_picking = with_thresholds(model.peak_picking, arguments.hearing.thresholds);
  const bool keeps = !arguments.activations.empty() || !arguments.plot.empty();
  settings.transcriber = [&](const Job& job, const TranscribeOptions& options) {
    if (!keeps) return transcribe(job.input, model, network, options);
    std::vector<StageTime> timings;
    const Analysis analysis = analyse(job.input, model, network, options, timings);
    Transcription result = decode_with(arguments, analysis, options);
    add_times(result.timings, timings);
    result.timings = std::move(timings);
    return result;
  };
  return run_jobs(jobs, settings, console);
}

}  // namespace

void add_transcribe_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<TranscribeArguments>();
  CLI::App* command = app.add_subcommand("transcribe", "Write the drums of recordings as scores");
  command->footer(kFooter);
  command->add_option("input", arguments->outputs.inputs, "Recordings; - is standard input")
      ->type_name("FILE")
      ->required();
  add_transcribe_options(*command, *arguments);
  add_model_options(*command, arguments->model);
  command
      ->add_option("--save-activations", arguments->activations,
                   "Keep what was heard in one recording, for fyr decode (.npz)")
      ->type_name("FILE");
  command->callback([arguments, command, &action] {
    settle_sources(*command, *arguments);
    arguments->outputs.also_read.push_back(model_if_any(arguments->model.path));
    action = [arguments] { return run_transcribe(*arguments); };
  });
}

}  // namespace fyr::app
