// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/evaluate_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <initializer_list>

#include "app/option_sources.hpp"
#include "app/value_checks.hpp"
#include "fyr/drum_map.hpp"
#include "fyr/error.hpp"

namespace fyr::app {
namespace {

/// Of label maps and of drum maps, which --map takes too.
std::vector<std::string> map_names() {
  std::vector<std::string> names = label_map_ids();
  for (const DrumMapPreset& preset : drum_map_presets()) {
    if (std::ranges::find(names, preset.name) == names.end()) names.emplace_back(preset.name);
  }
  return names;
}

void add_input_options(CLI::App& command, EvaluateArguments& arguments) {
  command
      .add_option("paths", arguments.paths,
                  "REFERENCE and ESTIMATE, or with --dataset where it lies (default: $FYR_DATA)")
      ->type_name("PATH")
      ->expected(0, 2);
  command.add_option("--dataset", arguments.dataset, "Score a data set as downloaded")
      ->type_name("NAME")
      ->check(one_of({"mdb", "idmt", "egmd", "groove"}));
  command
      .add_option("--part", arguments.layout.part,
                  "mdb: drum_only (default), full_mix or approx_mix")
      ->type_name("NAME")
      ->check(one_of({"drum_only", "full_mix", "approx_mix"}));
  command
      .add_option("--annotations", arguments.layout.annotations,
                  "mdb: subclass (default), class or pp")
      ->type_name("NAME")
      ->check(one_of({"subclass", "class", "pp"}));
  command
      .add_option("--split", arguments.layout.split, "egmd, groove: test, validation, train or all")
      ->type_name("NAME")
      ->check(one_of({"test", "validation", "train", "all"}))
      ->capture_default_str();
  command.add_flag("--partial", arguments.layout.partial,
                   "Annotations whose audio is missing are expected, no error");
  command
      .add_option("--estimates", arguments.estimates,
                  "With --dataset: score the files of this folder instead of transcribing")
      ->type_name("FOLDER");
  command
      .add_option("--given", arguments.given,
                  "With --dataset, instead of listening: hits, write down the annotated hits; "
                  "beats, do so on the annotated beats. Measures what comes after listening")
      ->type_name("WHAT")
      ->check(one_of({"hits", "beats"}))
      ->excludes("--estimates");
  add_model_options(command, arguments.model);
  command.add_option("--threshold", arguments.thresholds, "As in fyr transcribe")
      ->type_name("LIST")
      ->allow_extra_args(false);
  command
      .add_option("-j,--jobs", arguments.n_jobs,
                  "Recordings to transcribe at once, 1 to 256 (default: one a processor)")
      ->type_name("N")
      ->transform(whole_number_between(1, 256));
}

void add_scoring_options(CLI::App& command, EvaluateArguments& arguments) {
  constexpr const char* kGroup = "Scoring";
  EvaluateOptions& scoring = arguments.scoring;
  command
      .add_option("--vocabulary", scoring.vocabularies,
                  "Classes to compare in: 3, 5, 8, 13, mdb, onset; several with commas "
                  "(default: 5, for idmt 3)")
      ->type_name("LIST")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(kGroup);
  command
      .add_option("--window", arguments.windows_ms,
                  "Largest distance of a pair in milliseconds, 0.1 to 1000; several with commas "
                  "(default: 50)")
      ->type_name("LIST")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(number_between(0.1, 1000.0))
      ->group(kGroup);
  command.add_flag("--beats", scoring.beats, "Score beats and downbeats too")->group(kGroup);
  command.add_flag("--slots", scoring.slots, "Score drum, bar and place in the bar too")
      ->group(kGroup);
  command
      .add_option("--map", scoring.reference_map,
                  "Meaning of the reference's labels: fyr, mdb, idmt, egmd, gm, a drum map as in "
                  "fyr transcribe --drum-map or a .json file (default: by suffix and labels)")
      ->type_name("MAP")
      ->check(such_as(map_names()))
      ->group(kGroup);
  command
      .add_option("--estimate-map", scoring.estimate_map,
                  "The same for the estimate, such as fyr, ezdrummer or a .json file")
      ->type_name("MAP")
      ->check(such_as(map_names()))
      ->group(kGroup);
  command.add_flag("--ignore-unknown", scoring.ignore_unknown, "Drop labels that no map knows")
      ->group(kGroup);
}

void add_output_options(CLI::App& command, EvaluateArguments& arguments) {
  constexpr const char* kGroup = "Output";
  CLI::Option* json =
      command.add_flag("--json", arguments.json, "One JSON document")->group(kGroup);
  command.add_flag("--csv", arguments.csv, "Counts as CSV")->excludes(json)->group(kGroup);
  command.add_flag("--per-recording", arguments.per_recording, "A line a recording")->group(kGroup);
  command.add_flag("--confusion", arguments.confusion, "What was heard instead")->group(kGroup);
  command
      .add_option("--worst", arguments.n_worst, "The N passages with the most mistakes, 1 to 10000")
      ->type_name("N")
      ->transform(whole_number_between(1, 10000))
      ->group(kGroup);
  command.add_option("--baseline", arguments.baseline, "Compare with an earlier --json")
      ->type_name("FILE")
      ->group(kGroup);
  command
      .add_option("--tolerance", arguments.tolerance,
                  "Fall of sum-F below the baseline, 0 to 1, that is still no failure")
      ->type_name("F")
      ->check(number_between(0.0, 1.0))
      ->capture_default_str()
      ->group(kGroup);
  command
      .add_option(
          "--show-map", arguments.show_map,
          "Print these maps, such as fyr, ezdrummer or a .json file (default: all label maps)")
      ->type_name("MAP")
      ->expected(0, 16)
      ->check(such_as(map_names()))
      ->group(kGroup);
  command.add_flag("-q,--quiet", arguments.quiet, "Print errors only")->group(kGroup);
}

/// The maps are all that --show-map prints, so everything else was typed in vain.
void check_only_maps(const CLI::App& command) {
  for (const CLI::Option* option : command.parse_order()) {
    if (option->check_name("--show-map")) continue;
    throw UsageError(option->get_name() + ": --show-map prints label maps only; leave it out");
  }
}

}  // namespace

void add_evaluate_options(CLI::App& command, EvaluateArguments& arguments) {
  add_input_options(command, arguments);
  add_scoring_options(command, arguments);
  add_output_options(command, arguments);
}

void check_of_use(const CLI::App& command, const EvaluateArguments& arguments) {
  if (command.count("--show-map") > 0) check_only_maps(command);
  const auto refuse = [&](std::initializer_list<const char*> options, const std::string& why) {
    for (const char* option : options) {
      if (on_command_line(command, option)) {
        throw UsageError(option + (": " + why) + "; leave it out");
      }
    }
  };
  const std::string& dataset = arguments.dataset;
  if (dataset.empty()) {
    refuse({"--part", "--annotations", "--split", "--partial", "--estimates", "--given", "--model",
            "--weights", "--threshold", "--jobs"},
           "without --dataset two files or folders are scored as they are");
  }
  if (dataset != "mdb") refuse({"--part", "--annotations"}, dataset + " has none, only mdb");
  if (dataset == "mdb" || dataset == "idmt") {
    refuse({"--split"}, dataset + " has none, only egmd and groove");
  }
  if (!arguments.estimates.empty()) {
    refuse({"--model", "--weights", "--threshold", "--jobs"}, "nothing is heard with --estimates");
  } else if (!dataset.empty()) {
    refuse({"--estimate-map"}, "what fyr hears has fyr's own labels");
  }
  if (!arguments.given.empty()) {
    refuse({"--threshold", "--jobs"}, "nothing is heard with --given");
  }
  if (arguments.given == "beats") {
    refuse({"--model", "--weights"}, "no model is asked with --given beats");
  }
  if (arguments.csv) {
    refuse({"--per-recording", "--confusion", "--worst", "--slots", "--beats"},
           "the CSV has every recording's hits and no more");
  }
  if (arguments.json) refuse({"--per-recording"}, "the JSON has every recording");
  if (arguments.baseline.empty()) refuse({"--tolerance"}, "nothing is compared without --baseline");
}

}  // namespace fyr::app
