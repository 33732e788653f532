// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/transcribe_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <sstream>
#include <thread>

#include "app/console.hpp"
#include "app/decode_command.hpp"
#include "app/drum_map_file.hpp"
#include "app/hearing_options.hpp"
#include "app/job_events.hpp"
#include "app/model_path.hpp"
#include "app/option_values.hpp"
#include "app/output_file.hpp"
#include "app/output_format.hpp"
#include "app/output_plan.hpp"
#include "app/transcribe_jobs.hpp"
#include "fyr/error.hpp"
#include "fyr/plot.hpp"
#include "fyr/version.hpp"

namespace fyr::app {
namespace {

constexpr const char* kDecodeFooter = R"(Examples: listen once, then try settings without waiting
  fyr transcribe song.wav --save-activations song.npz
  fyr decode song.npz --threshold snare=0.25 -o song.mscx
  fyr decode song.npz --hits corrected.csv -o song.mscx --force

The result is the same as that of fyr transcribe with the same options.)";

constexpr const char* kFooter = R"(Examples:
  fyr transcribe song.wav -o song.mscx
  fyr transcribe album/*.flac -o scores/ -f mscz,pdf,mid -j 4
  fyr transcribe song.mp3 -o - -f csv | head
  fyr transcribe song.wav -o song.mscx --threshold snare=0.25,crash=0.4
  fyr transcribe song.wav -o song.mscx --time-signature 7/8 --tempo 140
  fyr transcribe album/*.flac -o scores/ --json | jq -r 'select(.hits < 50).input'

Reads what libsndfile reads: WAV, FLAC, Ogg, MP3, AIFF and more, 8 to 192 kHz.
Exit codes: 0 done, 1 some of several inputs failed, 2 wrong usage, 3 unreadable input,
4 output refused, 5 internal error, 130 interrupted.)";

struct Arguments {
  OutputRequest outputs;
  std::filesystem::path model;
  HearingArguments hearing;
  ScoreOptions score;
  std::filesystem::path activations;
  std::filesystem::path plot;
  std::string drum_map;
  std::string midi_timing = "heard";
  std::filesystem::path doubts;
  int n_threads = 0;
  bool json = false;
  bool timings = false;
  bool quiet = false;
  bool verbose = false;
};

void add_output_options(CLI::App& command, Arguments& arguments) {
  OutputRequest& outputs = arguments.outputs;
  command
      .add_option("-o,--output", outputs.output,
                  "File to write, folder (ends in / or exists), or - for standard output")
      ->type_name("PATH");
  std::string formats = "Formats (default: by the name of the output, mscx in folders):";
  for (const OutputFormat& format : output_formats()) {
    formats += "\n" + format.name + ": " + format.description;
  }
  command.add_option("-f,--format", outputs.formats, formats)
      ->type_name("LIST")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      .add_option("--plot", arguments.plot,
                  "Draw activations, thresholds and hits of one recording: .png or .svg")
      ->type_name("FILE");
  command.add_flag("--force", outputs.force, "Replace existing files");
  command.add_flag("--dry-run", outputs.dry_run, "Only print what would be written");
  command.add_flag("--json", arguments.json,
                   "Print a line of JSON on standard output for each recording");
}

void add_score_options(CLI::App& command, Arguments& arguments) {
  ScoreOptions& score = arguments.score;
  constexpr const char* kGroup = "Score";
  command.add_option("--title", score.title, "Title (default: the file's name)")
      ->type_name("TEXT")
      ->group(kGroup);
  command.add_option("--artist", score.composer, "Artist or composer")
      ->type_name("TEXT")
      ->group(kGroup);
  command
      .add_option("--voices", score.n_voices,
                  "2: hands with stems up, feet with stems down; 1: all stems up (default: 2)")
      ->type_name("N")
      ->check(CLI::Range(1, 2))
      ->group(kGroup);
  command
      .add_option("--mark-doubtful", score.doubt_below,
                  "Colour hits whose confidence is below this, 0 to 1 (default: none)")
      ->type_name("CONFIDENCE")
      ->check(CLI::Range(0.0, 1.0))
      ->group(kGroup);
  command
      .add_option("--doubts", arguments.doubts,
                  "List those hits (without --mark-doubtful, those below 0.5) as "
                  "bar,beat,time_s,drum,confidence in FILE; - is standard output")
      ->type_name("FILE")
      ->group(kGroup);
}

void add_midi_options(CLI::App& command, Arguments& arguments) {
  constexpr const char* kGroup = "MIDI file";
  std::string maps = "Which key plays which drum: a JSON file like {\"kick\": 36}, or";
  for (const DrumMapPreset& preset : drum_map_presets()) {
    maps += "\n" + std::string(preset.name) + ": " + std::string(preset.title);
  }
  command.add_option("--drum-map", arguments.drum_map, maps + " (default: gm)")
      ->type_name("NAME|FILE")
      ->group(kGroup);
  command
      .add_option("--midi-timing", arguments.midi_timing,
                  "heard: every hit when it was played; grid: every note at its place in the score "
                  "(default: heard)")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"heard", "grid"}))
      ->group(kGroup);
}

void add_running_options(CLI::App& command, Arguments& arguments) {
  constexpr const char* kGroup = "Running";
  command
      .add_option("-j,--jobs", arguments.n_threads,
                  "Processors to use, for several recordings at once or inside one (default: all)")
      ->type_name("N")
      ->check(CLI::Range(1, 256))
      ->group(kGroup);
  command
      .add_flag("--timings", arguments.timings,
                "Print seconds a stage, total and speed on standard error")
      ->group(kGroup);
  CLI::Option* quiet =
      command.add_flag("-q,--quiet", arguments.quiet, "Print errors only")->group(kGroup);
  command.add_flag("-v,--verbose", arguments.verbose, "Tell more about the work")
      ->excludes(quiet)
      ->group(kGroup);
}

FormatSettings format_settings(const Arguments& arguments) {
  FormatSettings settings;
  if (!arguments.drum_map.empty()) settings.midi.drum_map = load_drum_map(arguments.drum_map);
  settings.midi.timing = arguments.midi_timing == "grid" ? MidiTiming::Grid : MidiTiming::Heard;
  return settings;
}

Verbosity verbosity(const Arguments& arguments) {
  if (arguments.quiet) return Verbosity::Quiet;
  return arguments.verbose ? Verbosity::Verbose : Verbosity::Normal;
}

void print_plan(const std::vector<Job>& jobs, bool json) {
  std::string text;
  for (const Job& job : jobs) {
    if (json) {
      text += planned_event(job);
      continue;
    }
    for (const Target& target : job.targets) {
      text += job.input.string() + " -> " + target.path.string() + "\n";
    }
  }
  write_output("-", text, false);
}

void check_doubts(const Arguments& arguments, std::size_t n_jobs) {
  if (arguments.doubts.empty()) return;
  if (n_jobs > 1) throw UsageError("--doubts lists the hits of one recording, not of several");
  if (arguments.doubts == "-" && arguments.outputs.output == "-") {
    throw UsageError("--doubts - and -o - would mix on standard output; name a file");
  }
  if (arguments.doubts == "-" && arguments.json) {
    throw UsageError("--doubts - and --json would mix on standard output; name a file");
  }
  check_output(arguments.doubts, arguments.outputs.force);
}

void check_extras(const Arguments& arguments, std::size_t n_jobs) {
  if (arguments.outputs.output.empty() && arguments.activations.empty() && arguments.plot.empty()) {
    throw UsageError("no output; name a file, a folder or - with -o");
  }
  const auto ending = arguments.plot.extension();
  if (!arguments.plot.empty() && ending != ".png" && ending != ".svg") {
    throw UsageError("--plot: \"" + arguments.plot.string() + "\" must end in .png or .svg");
  }
  for (const auto& path : {arguments.activations, arguments.plot}) {
    if (path.empty()) continue;
    if (n_jobs > 1) {
      throw UsageError("--save-activations and --plot write of one recording, not of several");
    }
    check_output(path, arguments.outputs.force);
  }
}

/// Decodes, and writes what needs the activations.
Transcription decode_with(const Arguments& arguments, const Analysis& analysis,
                          TranscribeOptions options) {
  options.peak_picking = analysis.peak_picking;
  apply_thresholds(arguments.hearing.thresholds, options.peak_picking);
  Transcription result = decode(analysis, options);
  if (!arguments.activations.empty()) {
    std::ostringstream bytes;
    write_analysis(analysis, bytes);
    write_output(arguments.activations, bytes.view(), arguments.outputs.force);
  }
  if (!arguments.plot.empty()) {
    const auto format = arguments.plot.extension() == ".svg" ? PlotFormat::Svg : PlotFormat::Png;
    write_output(arguments.plot,
                 plot_activations(analysis, options.peak_picking, result.onsets,
                                  result.rhythm.beats, format),
                 arguments.outputs.force);
  }
  return result;
}

/// All but the transcriber. Mistyped options and refused outputs show before anything slow.
JobSettings job_settings(const Arguments& arguments) {
  JobSettings settings;
  settings.options = hearing_options(arguments.hearing);
  settings.options.score = arguments.score;
  settings.formats = format_settings(arguments);
  settings.force = arguments.outputs.force;
  settings.timings = arguments.timings;
  settings.doubts = arguments.doubts;
  if (arguments.score.doubt_below > 0) settings.doubts_below = arguments.score.doubt_below;
  settings.json_events = arguments.json;
  settings.n_threads = arguments.n_threads > 0 ? static_cast<unsigned>(arguments.n_threads)
                                               : std::max(1U, std::thread::hardware_concurrency());
  return settings;
}

std::vector<Job> plan(const Arguments& arguments) {
  if (arguments.json && arguments.outputs.output == "-") {
    throw UsageError("--json and -o - would mix on standard output; write the result to a file");
  }
  const std::vector<Job> jobs = plan_outputs(arguments.outputs);
  check_doubts(arguments, jobs.size());
  check_extras(arguments, jobs.size());
  return jobs;
}

ExitCode run_transcribe(const Arguments& arguments) {
  JobSettings settings = job_settings(arguments);
  const std::vector<Job> jobs = plan(arguments);
  if (arguments.outputs.dry_run) {
    print_plan(jobs, arguments.json);
    return ExitCode::Done;
  }
  Console console(verbosity(arguments));
  const auto path = model_path(arguments.model);
  const Model model = load_model(path);
  const Network network(model);
  console.detail("model " + model.id + " (" + path.string() + ")");
  settings.options.peak_picking = model.peak_picking;
  apply_thresholds(arguments.hearing.thresholds, settings.options.peak_picking);
  const bool keeps = !arguments.activations.empty() || !arguments.plot.empty();
  settings.transcriber = [&](const Job& job, const TranscribeOptions& options) {
    if (!keeps) return transcribe(job.input, model, network, options);
    std::vector<StageTime> timings;
    const Analysis analysis = analyse(job.input, model, network, options, timings);
    Transcription result = decode_with(arguments, analysis, options);
    result.timings.insert(result.timings.begin(), timings.begin(), timings.end());
    return result;
  };
  return run_jobs(jobs, settings, console);
}

ExitCode run_decode(const Arguments& arguments) {
  JobSettings settings = job_settings(arguments);
  const std::vector<Job> jobs = plan(arguments);
  if (arguments.outputs.dry_run) {
    print_plan(jobs, arguments.json);
    return ExitCode::Done;
  }
  Console console(verbosity(arguments));
  settings.transcriber = [&](const Job& job, TranscribeOptions options) {
    const Analysis analysis = read_analysis(job.input);
    options.score.title = arguments.score.title;
    name_after_recording(options.score, analysis.recording);
    return decode_with(arguments, analysis, options);
  };
  return run_jobs(jobs, settings, console);
}

void add_shared_options(CLI::App& command, Arguments& arguments) {
  add_output_options(command, arguments);
  add_hearing_options(command, arguments.hearing);
  add_score_options(command, arguments);
  add_midi_options(command, arguments);
  add_running_options(command, arguments);
}

}  // namespace

void add_transcribe_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("transcribe", "Write the drums of recordings as scores");
  command->footer(kFooter);
  command->add_option("input", arguments->outputs.inputs, "Recordings; - is standard input")
      ->type_name("FILE")
      ->required();
  add_shared_options(*command, *arguments);
  add_model_option(*command, arguments->model);
  command
      ->add_option("--save-activations", arguments->activations,
                   "Keep what was heard in one recording, for fyr decode (.npz)")
      ->type_name("FILE");
  command->callback(
      [arguments, &action] { action = [arguments] { return run_transcribe(*arguments); }; });
}

void add_decode_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "decode", "Write scores from what transcribe --save-activations kept, with other settings");
  command->footer(kDecodeFooter);
  command->add_option("input", arguments->outputs.inputs, "Activations (.npz); - is standard input")
      ->type_name("FILE")
      ->required();
  add_shared_options(*command, *arguments);
  command->callback(
      [arguments, &action] { action = [arguments] { return run_decode(*arguments); }; });
}

}  // namespace fyr::app
