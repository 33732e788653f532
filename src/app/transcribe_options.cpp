// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/transcribe_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>

#include "app/drum_map_file.hpp"
#include "app/option_sources.hpp"
#include "app/output_format.hpp"
#include "app/page_options.hpp"
#include "app/value_checks.hpp"
#include "fyr/error.hpp"
#include "fyr/score.hpp"

namespace fyr::app {
namespace {

void add_output_options(CLI::App& command, TranscribeArguments& arguments) {
  OutputRequest& outputs = arguments.outputs;
  command
      .add_option(
          "-o,--output", outputs.output,
          "File to write, folder (ends in /, exists, or is new and for several recordings), "
          "or - for standard output")
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

void add_score_options(CLI::App& command, TranscribeArguments& arguments) {
  add_page_options(command, arguments.score);
  constexpr const char* kGroup = "Score";
  command
      .add_flag("--repeat-signs", arguments.score.repeat_signs,
                "Write bars like the one before as repeat signs, in MuseScore scores and what "
                "MuseScore draws")
      ->group(kGroup);
  command
      .add_option("--mark-doubtful", arguments.mark_doubtful,
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
  for (const char* option : {"--drum-map", "--midi-timing"}) {
    if (on_command_line(command, option)) arguments.typed_midi_options.emplace_back(option);
  }
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

}  // namespace fyr::app
