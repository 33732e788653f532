// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/evaluate_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>

#include "app/console.hpp"
#include "app/evaluate_table.hpp"
#include "app/model_options.hpp"
#include "app/model_path.hpp"
#include "app/option_sources.hpp"
#include "app/option_values.hpp"
#include "app/value_checks.hpp"
#include "fyr/drum_map.hpp"
#include "fyr/error.hpp"
#include "fyr/evaluate.hpp"
#include "fyr/transcribe.hpp"

namespace fyr::app {
namespace {

constexpr const char* kFooter = R"(Examples:
  fyr evaluate reference.txt song.csv                    two files
  fyr evaluate references/ estimates/ --per-recording    folders, paired by stem
  fyr evaluate --dataset mdb MDBDrums/ --vocabulary 3,5,13 --window 50,20
  fyr evaluate --dataset mdb --part full_mix --json > before.json     (from $FYR_DATA)
  fyr evaluate --dataset mdb --part full_mix --baseline before.json --tolerance 0.005

Reads .csv and .json (fyr), .txt (MDB, ADTOF, Audacity), .xml (IDMT), .mid. docs/evaluation.md
defines all figures.
Exit codes: 0 done, 1 problems or a fall below the baseline, 2 wrong usage, 3 nothing could be
read.)";

struct Arguments {
  std::vector<std::filesystem::path> paths;
  std::string dataset;
  DatasetOptions layout;
  std::filesystem::path estimates;
  std::string given;
  ModelArguments model;
  std::vector<std::string> thresholds;
  std::vector<double> windows_ms{50};
  EvaluateOptions scoring;
  bool json = false;
  bool csv = false;
  bool per_recording = false;
  bool confusion = false;
  int n_worst = 0;
  std::filesystem::path baseline;
  double tolerance = 0.005;
  std::vector<std::string> show_map;
  bool quiet = false;
  int n_jobs = 0;
};

/// Of label maps and of drum maps, which --map takes too.
std::vector<std::string> map_names() {
  std::vector<std::string> names = label_map_ids();
  for (const DrumMapPreset& preset : drum_map_presets()) {
    if (std::ranges::find(names, preset.name) == names.end()) names.emplace_back(preset.name);
  }
  return names;
}

void add_input_options(CLI::App& command, Arguments& arguments) {
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
                  "With --dataset: write down the annotated hits, or hits and beats, instead of "
                  "listening: measures what comes after it")
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
      ->check(whole_number_between(1, 256));
}

void add_scoring_options(CLI::App& command, Arguments& arguments) {
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
                  "The same for the estimate, such as ezdrummer or gm")
      ->type_name("MAP")
      ->check(such_as(map_names()))
      ->group(kGroup);
  command.add_flag("--ignore-unknown", scoring.ignore_unknown, "Drop labels that no map knows")
      ->group(kGroup);
}

void add_output_options(CLI::App& command, Arguments& arguments) {
  constexpr const char* kGroup = "Output";
  CLI::Option* json =
      command.add_flag("--json", arguments.json, "One JSON document")->group(kGroup);
  command.add_flag("--csv", arguments.csv, "Counts as CSV")->excludes(json)->group(kGroup);
  command.add_flag("--per-recording", arguments.per_recording, "A line a recording")->group(kGroup);
  command.add_flag("--confusion", arguments.confusion, "What was heard instead")->group(kGroup);
  command
      .add_option("--worst", arguments.n_worst, "The N passages with the most mistakes, 1 to 10000")
      ->type_name("N")
      ->check(whole_number_between(1, 10000))
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
      .add_option("--show-map", arguments.show_map, "Print these maps (default: all label maps)")
      ->type_name("MAP")
      ->expected(0, 16)
      ->check(such_as(map_names()))
      ->group(kGroup);
  command.add_flag("-q,--quiet", arguments.quiet, "No progress")->group(kGroup);
}

/// Refuses what was typed in vain. Variables and settings are for every call.
void check_of_use(const CLI::App& command, const Arguments& arguments) {
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
    refuse({"--per-recording", "--confusion", "--worst"},
           "the CSV has every recording and no more");
  }
  if (arguments.json) refuse({"--per-recording"}, "the JSON has every recording");
  if (arguments.baseline.empty()) refuse({"--tolerance"}, "nothing is compared without --baseline");
}

/// The maps are all that --show-map prints, so everything else was typed in vain.
void check_only_maps(const CLI::App& command) {
  for (const CLI::Option* option : command.parse_order()) {
    if (option->check_name("--show-map")) continue;
    throw UsageError(option->get_name() + ": --show-map prints label maps only; leave it out");
  }
}

std::filesystem::path dataset_path(const Arguments& arguments) {
  if (arguments.paths.size() > 1) throw UsageError("with --dataset give one path, not two");
  if (!arguments.paths.empty()) return arguments.paths.front();
  const char* data = std::getenv("FYR_DATA");
  if (!data || !*data) throw UsageError("give the data set's path or set FYR_DATA");
  return data;
}

std::vector<EvaluationPair> transcribed(const Dataset& dataset, const Arguments& arguments,
                                        Console& console, std::string& model_id) {
  const Model model = load_model(model_path(arguments.model.path));
  model_id = model.id;
  TranscribeOptions options;
  options.peak_picking = model.peak_picking;
  apply_thresholds(arguments.thresholds, options.peak_picking);
  const bool with_rhythm = arguments.scoring.beats || arguments.scoring.slots;
  const int n_jobs = arguments.n_jobs > 0
                         ? arguments.n_jobs
                         : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const auto total = std::to_string(dataset.recordings.size());
  console.progress("0 of " + total + " recordings");
  const Listener listener =
      listen_with(model, make_network(model, arguments.model), options, with_rhythm);
  return transcribe_dataset(dataset, listener, n_jobs, [&](int n) {
    console.progress(std::to_string(n) + " of " + total + " recordings");
  });
}

std::vector<EvaluationPair> written_down(const Dataset& dataset, const Arguments& arguments,
                                         std::string& model_id) {
  const Model model = load_model(model_path(arguments.model.path));
  model_id = model.id;
  return write_down_dataset(dataset, Given::Hits,
                            read_hits_with(model, make_network(model, arguments.model)));
}

std::vector<EvaluationPair> dataset_pairs(const Dataset& dataset, const Arguments& arguments,
                                          Console& console, std::string& model_id) {
  if (!arguments.estimates.empty()) return pair_dataset(dataset, arguments.estimates);
  if (arguments.given == "hits") return written_down(dataset, arguments, model_id);
  if (arguments.given == "beats") return write_down_dataset(dataset, Given::HitsAndBeats, {});
  return transcribed(dataset, arguments, console, model_id);
}

/// Beats and places need files that tell them, which most kinds of file cannot.
void warn_of_missing(const std::vector<EvaluationPair>& pairs, const EvaluateOptions& scoring,
                     Console& console) {
  const auto check = [&](const char* option, const char* what, auto tells) {
    const auto none = [&](auto side) {
      return std::ranges::none_of(pairs, [&](const auto& pair) { return tells(pair.*side); });
    };
    const char* const end = "; .mid and fyr's .json do";
    if (none(&EvaluationPair::reference)) {
      console.warning(std::string(option) + ": no reference tells its " + what +
                      ", so none are scored" + end);
    } else if (none(&EvaluationPair::estimate)) {
      console.warning(std::string(option) + ": no estimate tells its " + what +
                      ", so they score 0" + end);
    }
  };
  if (std::ranges::none_of(pairs, [](const auto& pair) { return pair.problems.empty(); })) return;
  if (scoring.beats) check("--beats", "beats", [](const auto& a) { return !a.beats.empty(); });
  if (scoring.slots) check("--slots", "bars", [](const auto& a) { return !a.bar_ticks.empty(); });
}

Report dataset_report(const Arguments& arguments, Console& console) {
  DatasetOptions layout = arguments.layout;
  layout.needs_audio = arguments.given.empty();
  const Dataset dataset = list_dataset(arguments.dataset, dataset_path(arguments), layout);
  EvaluateOptions scoring = arguments.scoring;
  if (scoring.reference_map.empty()) scoring.reference_map = dataset.label_map;
  std::string model_id;
  const auto pairs = dataset_pairs(dataset, arguments, console, model_id);
  if (arguments.estimates.empty()) scoring.estimate_map = "fyr";
  warn_of_missing(pairs, scoring, console);
  Report report = evaluate(pairs, scoring);
  report.source = dataset.description;
  report.model = model_id;
  report.problems.insert(report.problems.begin(), dataset.problems.begin(), dataset.problems.end());
  return report;
}

Report file_report(const Arguments& arguments, Console& console) {
  if (arguments.paths.size() != 2) throw UsageError("give REFERENCE and ESTIMATE, or --dataset");
  const auto pairs = pair_files(arguments.paths[0], arguments.paths[1]);
  warn_of_missing(pairs, arguments.scoring, console);
  Report report = evaluate(pairs, arguments.scoring);
  report.source = arguments.paths[0].string() + " against " + arguments.paths[1].string();
  return report;
}

std::size_t n_scored(const Report& report) { return report.sheets.front().recordings.size(); }

void print_report(const Report& report, const Arguments& arguments) {
  if (arguments.json) {
    std::cout << to_json(report, {arguments.confusion, arguments.n_worst});
  } else if (arguments.csv) {
    std::cout << to_csv(report);
  } else {
    print_table(report, {arguments.per_recording, arguments.confusion, arguments.n_worst},
                std::cout);
  }
}

/// Prints the comparison and says whether it passes.
bool passes(const Report& baseline, const Report& report, const Arguments& arguments,
            Console& console) {
  const Comparison comparison = compare(baseline, report);
  // With --json or --csv standard output belongs to the document.
  const bool to_error = arguments.json || arguments.csv;
  print_comparison(comparison, arguments.tolerance, to_error ? std::cerr : std::cout);
  for (const std::string& problem : comparison.problems) console.error(problem);
  return comparison.problems.empty() && !comparison.is_regression(arguments.tolerance);
}

ExitCode run_evaluate(const Arguments& given, bool show_maps) {
  if (show_maps) {
    // CLI11 makes an empty name of no name.
    const bool all = given.show_map.empty() || given.show_map == std::vector<std::string>{""};
    const auto ids = all ? label_map_ids() : given.show_map;
    for (const std::string& id : ids) print_map(load_label_map(id), std::cout);
    return ExitCode::Done;
  }
  Arguments arguments = given;
  EvaluateOptions& scoring = arguments.scoring;
  if (scoring.vocabularies.empty()) {
    scoring.vocabularies = {arguments.dataset == "idmt" ? "3" : "5"};
  }
  for (const std::string& id : scoring.vocabularies) vocabulary(id);
  scoring.windows_s.clear();
  for (const double window_ms : arguments.windows_ms) scoring.windows_s.push_back(window_ms / 1000);

  // A mistyped baseline shows before the slow part.
  std::optional<Report> baseline;
  if (!arguments.baseline.empty()) baseline = read_report(arguments.baseline);

  Console console(arguments.quiet ? Verbosity::Quiet : Verbosity::Normal);
  const Report report = arguments.dataset.empty() ? file_report(arguments, console)
                                                  : dataset_report(arguments, console);
  for (const std::string& problem : report.problems) console.error(problem);
  if (n_scored(report) == 0) {
    if (report.problems.empty()) console.error("there is nothing to score in " + report.source);
    return ExitCode::Input;
  }
  print_report(report, arguments);
  const bool good = !baseline || passes(*baseline, report, arguments, console);
  return report.problems.empty() && good ? ExitCode::Done : ExitCode::SomeFailed;
}

}  // namespace

void add_evaluate_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  arguments->scoring.vocabularies.clear();
  CLI::App* command =
      app.add_subcommand("evaluate", "Score transcriptions against references and baselines");
  command->footer(kFooter);
  add_input_options(*command, *arguments);
  add_scoring_options(*command, *arguments);
  add_output_options(*command, *arguments);
  command->callback([arguments, command, &action] {
    const bool show_maps = command->count("--show-map") > 0;
    if (show_maps) check_only_maps(*command);
    check_of_use(*command, *arguments);
    action = [arguments, show_maps] { return run_evaluate(*arguments, show_maps); };
  });
}

}  // namespace fyr::app
