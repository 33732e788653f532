// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/transcribe_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>
#include <thread>

#include "app/console.hpp"
#include "app/drum_map_file.hpp"
#include "app/input_text.hpp"
#include "app/job_events.hpp"
#include "app/option_sources.hpp"
#include "app/output_file.hpp"
#include "app/output_format.hpp"
#include "app/value_checks.hpp"
#include "fyr/error.hpp"
#include "fyr/score.hpp"
#include "text.hpp"

namespace fyr::app {
namespace {

void add_output_options(CLI::App& command, TranscribeArguments& arguments) {
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
      ->allow_extra_args(false)
      ->transform([](std::string name) { return CLI::detail::trim(name); });
  command
      .add_option("--plot", arguments.plot,
                  "Draw activations, thresholds and hits of one recording: .png or .svg")
      ->type_name("FILE");
  command.add_flag("--force", outputs.force, "Replace existing files");
  command.add_flag("--dry-run", outputs.dry_run, "Only print what would be written");
  command.add_flag("--json", arguments.json,
                   "Print a line of JSON on standard output for each recording");
}

NotationStyle style_named(const std::string& name) {
  return name == "musescore"  ? NotationStyle::MuseScore
         : name == "agostini" ? NotationStyle::Agostini
                              : NotationStyle::Weinberg;
}

void add_score_options(CLI::App& command, TranscribeArguments& arguments) {
  ScoreOptions& score = arguments.score;
  constexpr const char* kGroup = "Score";
  command
      .add_option("--title", score.title,
                  "Title on the score (default: the recording's tag, else its file's name)")
      ->type_name("TEXT")
      ->group(kGroup);
  command
      .add_option("--artist", score.composer,
                  "Artist or composer on the score (default: the recording's tag)")
      ->type_name("TEXT")
      ->group(kGroup);
  command
      .add_option("--voices", score.n_voices,
                  "2: hands with stems up, feet with stems down; 1: all stems up (default: 2)")
      ->type_name("N")
      ->transform(whole_number_between(1, 2))
      ->group(kGroup);
  command
      .add_option_function<std::string>(
          "--style", [&score](const std::string& name) { score.style = style_named(name); },
          "Where the drums stand (default: weinberg):\n"
          "weinberg: as the Percussive Arts Society recommends\n"
          "musescore: as MuseScore writes MIDI drums\n"
          "agostini: snare and toms on lines, as in Agostini's method")
      ->type_name("NAME")
      ->check(one_of({"weinberg", "musescore", "agostini"}))
      ->group(kGroup);
  command
      .add_flag("--repeat-signs", score.repeat_signs,
                "Write bars like the one before as repeat signs, in MuseScore scores and what "
                "MuseScore draws")
      ->group(kGroup);
  command
      .add_option("--mark-doubtful", score.doubt_below,
                  "Colour hits whose confidence is below this, 0 to 1 (default: none)")
      ->type_name("CONFIDENCE")
      ->check(number_between(0.0, 1.0))
      ->group(kGroup);
  command
      .add_option("--doubts", arguments.doubts,
                  "List those hits (without --mark-doubtful, those below 0.5) as "
                  "bar,beat,time_s,drum,confidence in FILE; - is standard output")
      ->type_name("FILE")
      ->group(kGroup);
}

void add_midi_options(CLI::App& command, TranscribeArguments& arguments) {
  constexpr const char* kGroup = "MIDI file";
  std::string maps =
      "Which key plays which drum (default: gm): a JSON file like {\"kick\": 36}, or";
  for (const DrumMapPreset& preset : drum_map_presets()) {
    maps += "\n" + std::string(preset.name) + ": " + std::string(preset.title);
  }
  command.add_option("--drum-map", arguments.drum_map, maps)->type_name("NAME|FILE")->group(kGroup);
  command
      .add_option("--midi-timing", arguments.midi_timing,
                  "heard: every hit when it was played; grid: every note at its place in the score "
                  "(default: heard)")
      ->type_name("WHEN")
      ->check(one_of({"heard", "grid"}))
      ->group(kGroup);
}

void add_running_options(CLI::App& command, TranscribeArguments& arguments) {
  constexpr const char* kGroup = "Running";
  command
      .add_option("-j,--jobs", arguments.n_threads,
                  "Processors to use, 1 to 256, for several recordings at once or inside one "
                  "(default: all)")
      ->type_name("N")
      ->transform(whole_number_between(1, 256))
      ->group(kGroup);
  command
      .add_flag("--timings", arguments.timings,
                "Print seconds a stage, total and speed on standard error")
      ->group(kGroup);
  command.add_flag("-q,--quiet", arguments.quiet, "Print errors only")->group(kGroup);
  command.add_flag("-v,--verbose", arguments.verbose, "Tell more about the work")->group(kGroup);
}

FormatSettings format_settings(const TranscribeArguments& arguments) {
  FormatSettings settings;
  if (!arguments.drum_map.empty()) settings.midi.drum_map = load_drum_map(arguments.drum_map);
  settings.midi.timing = arguments.midi_timing == "grid" ? MidiTiming::Grid : MidiTiming::Heard;
  return settings;
}

void print_plan(const std::vector<Job>& jobs, const std::vector<std::filesystem::path>& extras,
                bool json) {
  std::string text;
  for (const Job& job : jobs) {
    if (json) {
      text += planned_event(job);
      continue;
    }
    for (const Target& target : job.targets) {
      text += plain(job.input.string() + " -> " + target.path.string()) + "\n";
    }
    for (const auto& path : extras)
      text += plain(job.input.string() + " -> " + path.string()) + "\n";
  }
  write_output("-", text, false);
}

/// Refuses what several recordings cannot share.
void check_of_one_recording(const TranscribeArguments& arguments) {
  if (!arguments.hearing.hits.empty() || !arguments.hearing.rhythm.beats_file.empty()) {
    throw UsageError("--hits and --beats are of one recording, not of several");
  }
  if (!arguments.doubts.empty()) {
    throw UsageError("--doubts lists the hits of one recording, not of several");
  }
  if (!arguments.activations.empty() || !arguments.plot.empty()) {
    throw UsageError("--save-activations and --plot write of one recording, not of several");
  }
}

void check_doubts(const TranscribeArguments& arguments) {
  if (arguments.doubts.empty()) return;
  if (arguments.doubts == "-" && arguments.outputs.output == "-") {
    throw UsageError("--doubts - and -o - would mix on standard output; name a file");
  }
  if (arguments.doubts == "-" && arguments.json) {
    throw UsageError("--doubts - and --json would mix on standard output; name a file");
  }
  check_output(arguments.doubts, arguments.outputs.force);
}

void check_extras(const TranscribeArguments& arguments) {
  if (!arguments.activations.empty() && lower_suffix(arguments.activations) != ".npz") {
    throw UsageError("--save-activations: \"" + arguments.activations.string() +
                     "\" must end in .npz");
  }
  const std::string ending = lower_suffix(arguments.plot);
  if (!arguments.plot.empty() && ending != ".png" && ending != ".svg") {
    throw UsageError("--plot: \"" + arguments.plot.string() + "\" must end in .png or .svg");
  }
  for (const auto& path : {arguments.activations, arguments.plot}) {
    if (!path.empty()) check_output(path, arguments.outputs.force);
  }
}

/// What the job writes besides its targets.
std::vector<std::filesystem::path> extra_outputs(const TranscribeArguments& arguments) {
  std::vector<std::filesystem::path> paths;
  for (const auto& path : {arguments.doubts, arguments.activations, arguments.plot}) {
    if (!path.empty()) paths.push_back(path);
  }
  return paths;
}

/// All that the job reads but its inputs.
std::vector<std::filesystem::path> also_read(const TranscribeArguments& arguments) {
  std::vector<std::filesystem::path> paths = files_read(arguments.hearing);
  paths.insert(paths.end(), arguments.outputs.also_read.begin(), arguments.outputs.also_read.end());
  paths.push_back(arguments.drum_map);
  return paths;
}

/// What the targets were checked for, of the other outputs.
void check_distinct(const TranscribeArguments& arguments, const OutputRequest& request,
                    const std::vector<Job>& jobs) {
  std::set<std::filesystem::path> taken;
  for (const Job& job : jobs) {
    for (const Target& target : job.targets) taken.insert(file_written(target.path));
  }
  const FilesRead read(all_read(request));
  for (const auto& path : extra_outputs(arguments)) {
    read.check_not_among(path);
    if (path != "-" && !is_device(path) && !taken.insert(file_written(path)).second) {
      throw UsageError("\"" + path.string() + "\" is named twice; give each file its own name");
    }
  }
}

}  // namespace

void add_transcribe_options(CLI::App& command, TranscribeArguments& arguments) {
  add_output_options(command, arguments);
  add_hearing_options(command, arguments.hearing);
  add_score_options(command, arguments);
  add_midi_options(command, arguments);
  add_running_options(command, arguments);
}

void settle_sources(CLI::App& command, TranscribeArguments& arguments) {
  settle_hearing(command, arguments.hearing);
  settle_verbosity(command, arguments.quiet, arguments.verbose);
  OutputRequest& outputs = arguments.outputs;
  outputs.also_read.push_back(settings_file(command));
  // A mistake in the settings shows even where the output's name goes before them.
  try {
    for (std::string& name : outputs.formats) name = output_format(name).name;
  } catch (const UsageError& error) {
    throw UsageError(std::string("--format: ") + error.what());
  }
  const OutputFormat* ending = output_format_of(outputs.output);
  std::error_code ignored;
  const bool folder = std::filesystem::is_directory(outputs.output, ignored);
  if (folder || ending == nullptr || outputs.formats.empty()) return;
  if (!on_command_line(command, "--format")) {
    outputs.formats = {ending->name};
  } else if (std::ranges::find(outputs.formats, ending->name) == outputs.formats.end()) {
    std::set<std::string> others(outputs.formats.begin(), outputs.formats.end());
    const std::string more = others.size() == 1
                                 ? "leave one of them out"
                                 : "name " + ending->name + " too or leave the ending out";
    throw UsageError("\"" + outputs.output + "\" ends like " + ending->name + ", but -f says " +
                     CLI::detail::join(others, ", ") + "; " + more);
  }
}

Verbosity verbosity(const TranscribeArguments& arguments) {
  if (arguments.quiet) return Verbosity::Quiet;
  return arguments.verbose ? Verbosity::Verbose : Verbosity::Normal;
}

JobSettings job_settings(const TranscribeArguments& arguments) {
  std::vector<std::filesystem::path> read = files_read(arguments.hearing);
  read.insert(read.end(), arguments.outputs.inputs.begin(), arguments.outputs.inputs.end());
  check_read_once(read);
  JobSettings settings;
  settings.options = hearing_options(arguments.hearing);
  settings.options.score = arguments.score;
  settings.formats = format_settings(arguments);
  settings.force = arguments.outputs.force;
  settings.timings = arguments.timings;
  settings.doubts = arguments.doubts;
  settings.extras = extra_outputs(arguments);
  settings.also_used = settings.extras;
  for (const auto& files : {arguments.outputs.inputs, also_read(arguments)}) {
    settings.also_used.insert(settings.also_used.end(), files.begin(), files.end());
  }
  if (arguments.score.doubt_below > 0) settings.doubts_below = arguments.score.doubt_below;
  settings.json_events = arguments.json;
  settings.n_threads = arguments.n_threads > 0 ? static_cast<unsigned>(arguments.n_threads)
                                               : std::max(1U, std::thread::hardware_concurrency());
  return settings;
}

std::vector<Job> plan_jobs(const TranscribeArguments& arguments) {
  if (arguments.json && arguments.outputs.output == "-") {
    throw UsageError("--json and -o - would mix on standard output; write the result to a file");
  }
  const std::size_t n_inputs = arguments.outputs.inputs.size();
  if (n_inputs > 1) check_of_one_recording(arguments);
  if (arguments.outputs.output.empty() && (n_inputs > 1 || extra_outputs(arguments).empty())) {
    throw UsageError(n_inputs > 1 ? "no output; name a folder with -o FOLDER/"
                                  : "no output; name a file, a folder or - with -o");
  }
  OutputRequest request = arguments.outputs;
  request.also_read = also_read(arguments);
  std::vector<Job> jobs = plan_outputs(request);
  check_distinct(arguments, request, jobs);
  check_doubts(arguments);
  check_extras(arguments);
  if (!arguments.outputs.dry_run) return jobs;
  print_plan(jobs, extra_outputs(arguments), arguments.json);
  return {};
}

}  // namespace fyr::app
