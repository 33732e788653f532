// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/transcribe_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <thread>

#include "app/console.hpp"
#include "app/drum_map_file.hpp"
#include "app/job_events.hpp"
#include "app/model_path.hpp"
#include "app/option_values.hpp"
#include "app/output_file.hpp"
#include "app/output_format.hpp"
#include "app/output_plan.hpp"
#include "app/rhythm_options.hpp"
#include "app/transcribe_jobs.hpp"
#include "fyr/error.hpp"
#include "fyr/version.hpp"

namespace fyr::app {
namespace {

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
  std::vector<std::string> thresholds;
  RhythmArguments rhythm;
  ScoreOptions score;
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
  command.add_option("input", outputs.inputs, "Recordings; - is standard input")
      ->type_name("FILE")
      ->required();
  command
      .add_option("-o,--output", outputs.output,
                  "File to write, folder (ends in / or exists), or - for standard output")
      ->type_name("PATH")
      ->required();
  std::string formats = "Formats (default: by the name of the output, mscx in folders):";
  for (const OutputFormat& format : output_formats()) {
    formats += "\n" + format.name + ": " + format.description;
  }
  command.add_option("-f,--format", outputs.formats, formats)
      ->type_name("LIST")
      ->delimiter(',')
      ->allow_extra_args(false);
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

void add_listening_options(CLI::App& command, Arguments& arguments) {
  constexpr const char* kGroup = "Listening";
  command
      .add_option("--threshold", arguments.thresholds,
                  "How clear a hit must be, 0 to 1, lower finds more: for all drums (0.3) or some "
                  "(snare=0.25,crash=0.4) (default: the model's)")
      ->type_name("LIST")
      ->allow_extra_args(false)
      ->group(kGroup);
  command.add_option("--model", arguments.model, "Model file (default: the one that ships)")
      ->type_name("FILE")
      ->envname("FYR_MODEL")
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

TranscribeOptions transcribe_options(const Arguments& arguments, const Model& model) {
  TranscribeOptions options;
  options.peak_picking = model.peak_picking;
  apply_thresholds(arguments.thresholds, options.peak_picking);
  options.rhythm = rhythm_options(arguments.rhythm);
  options.score = arguments.score;
  return options;
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

ExitCode run_transcribe(const Arguments& arguments) {
  // Mistyped options and refused outputs show before the model is even loaded.
  PerDrum<PeakPicking> ignored;
  apply_thresholds(arguments.thresholds, ignored);
  if (arguments.rhythm.meter) parse_meter(*arguments.rhythm.meter);
  const FormatSettings formats = format_settings(arguments);
  if (arguments.json && arguments.outputs.output == "-") {
    throw UsageError("--json and -o - would mix on standard output; write the result to a file");
  }
  const std::vector<Job> jobs = plan_outputs(arguments.outputs);
  check_doubts(arguments, jobs.size());
  if (arguments.outputs.dry_run) {
    print_plan(jobs, arguments.json);
    return ExitCode::Done;
  }

  Console console(verbosity(arguments));
  const auto path = model_path(arguments.model);
  const Model model = load_model(path);
  const Network network(model);
  console.detail("model " + model.id + " (" + path.string() + ")");
  JobSettings settings{model,
                       network,
                       transcribe_options(arguments, model),
                       formats,
                       arguments.outputs.force,
                       arguments.timings,
                       arguments.doubts,
                       arguments.score.doubt_below > 0 ? arguments.score.doubt_below : 0.5,
                       arguments.json,
                       arguments.n_threads > 0 ? static_cast<unsigned>(arguments.n_threads)
                                               : std::max(1U, std::thread::hardware_concurrency())};
  return run_jobs(jobs, settings, console);
}

}  // namespace

void add_transcribe_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("transcribe", "Write the drums of recordings as scores");
  command->footer(kFooter);
  add_output_options(*command, *arguments);
  add_listening_options(*command, *arguments);
  add_rhythm_options(*command, arguments->rhythm);
  add_score_options(*command, *arguments);
  add_midi_options(*command, *arguments);
  add_running_options(*command, *arguments);
  command->callback(
      [arguments, &action] { action = [arguments] { return run_transcribe(*arguments); }; });
}

}  // namespace fyr::app
