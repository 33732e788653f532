// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/decode_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <sstream>

#include "app/option_values.hpp"
#include "app/output_file.hpp"
#include "app/output_folder.hpp"
#include "app/timings.hpp"
#include "app/transcribe_plan.hpp"
#include "fyr/plot.hpp"
#include "text.hpp"

namespace fyr::app {
namespace {

constexpr const char* kFooter = R"(Examples: listen once, then try settings without waiting
  fyr transcribe song.wav --save-activations song.npz
  fyr decode song.npz --threshold snare=0.25 -o song.mscx
  fyr decode song.npz --hits corrected.csv -o song.mscx --force

The result is the same as that of fyr transcribe with the same options.
Exit codes: 0 done, 1 some of several inputs failed, 2 wrong usage, 3 no input could be read,
4 output refused, 5 internal error, 130 interrupted.)";

ExitCode run_decode(const TranscribeArguments& arguments) {
  JobSettings settings = job_settings(arguments);
  const NewFolders new_folders(arguments.outputs.output);
  const std::vector<Job> jobs = plan_jobs(arguments);
  if (jobs.empty()) return ExitCode::Done;
  Console console(verbosity(arguments));
  warn_of_idle_options(arguments, jobs, console);
  settings.transcriber = [&](const Job& job, TranscribeOptions options) {
    const Analysis analysis = read_analysis(job.input);
    name_after_recording(options, analysis.recording);
    return decode_with(arguments, analysis, options);
  };
  return run_jobs(jobs, settings, console);
}

}  // namespace

Transcription decode_with(const TranscribeArguments& arguments, const Analysis& analysis,
                          TranscribeOptions options) {
  const auto picking = with_thresholds(analysis.peak_picking, arguments.hearing.thresholds);
  options.peak_picking = picking;
  Transcription result = decode(analysis, options);
  if (!arguments.activations.empty()) {
    const Stopwatch stopwatch;
    std::ostringstream bytes;
    write_analysis(analysis, bytes);
    write_output(arguments.activations, bytes.view(), arguments.outputs.force);
    result.timings.push_back({"activations", stopwatch.seconds()});
  }
  if (!arguments.plot.empty()) {
    const Stopwatch stopwatch;
    const bool svg = lower_suffix(arguments.plot) == ".svg";
    const PlotFormat format = svg ? PlotFormat::Svg : PlotFormat::Png;
    write_output(arguments.plot, plot_activations(analysis, picking, result, format),
                 arguments.outputs.force);
    result.timings.push_back({"plot", stopwatch.seconds()});
  }
  return result;
}

void add_decode_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<TranscribeArguments>();
  CLI::App* command = app.add_subcommand(
      "decode", "Write scores from what transcribe --save-activations kept, with other settings");
  command->footer(kFooter);
  command->add_option("input", arguments->outputs.inputs, "Activations (.npz); - is standard input")
      ->type_name("FILE")
      ->required();
  add_transcribe_options(*command, *arguments);
  command->callback([arguments, command, &action] {
    settle_sources(*command, *arguments);
    action = [arguments] { return run_decode(*arguments); };
  });
}

}  // namespace fyr::app
