// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/evaluate_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "app/console.hpp"
#include "app/evaluate_options.hpp"
#include "app/evaluate_table.hpp"
#include "app/model_path.hpp"
#include "app/option_values.hpp"
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
read, 4 output refused, 5 internal error, 130 interrupted.)";

std::filesystem::path dataset_path(const EvaluateArguments& arguments) {
  if (arguments.paths.size() > 1) throw UsageError("with --dataset give one path, not two");
  if (!arguments.paths.empty()) return arguments.paths.front();
  const char* data = std::getenv("FYR_DATA");
  if (!data || !*data) throw UsageError("give the data set's path or set FYR_DATA");
  return data;
}

std::vector<EvaluationPair> transcribed(const Dataset& dataset, const EvaluateArguments& arguments,
                                        Console& console, std::string& model_id) {
  const Model model = load_model(model_path(arguments.model.path));
  model_id = model.id;
  TranscribeOptions options;
  options.peak_picking = with_thresholds(model.peak_picking, arguments.thresholds);
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

std::vector<EvaluationPair> written_down(const Dataset& dataset, const EvaluateArguments& arguments,
                                         const EvaluateOptions& scoring, std::string& model_id) {
  const Model model = load_model(model_path(arguments.model.path));
  model_id = model.id;
  return write_down_dataset(dataset, Given::Hits,
                            read_hits_with(model, make_network(model, arguments.model)), scoring);
}

std::vector<EvaluationPair> dataset_pairs(const Dataset& dataset,
                                          const EvaluateArguments& arguments,
                                          const EvaluateOptions& scoring, Console& console,
                                          std::string& model_id) {
  if (!arguments.estimates.empty()) {
    return pair_dataset(dataset, arguments.estimates, arguments.layout.partial);
  }
  if (arguments.given == "hits") return written_down(dataset, arguments, scoring, model_id);
  if (arguments.given == "beats")
    return write_down_dataset(dataset, Given::HitsAndBeats, {}, scoring);
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

Report dataset_report(const EvaluateArguments& arguments, Console& console) {
  DatasetOptions layout = arguments.layout;
  layout.needs_audio = arguments.given.empty() && arguments.estimates.empty();
  const Dataset dataset = list_dataset(arguments.dataset, dataset_path(arguments), layout);
  EvaluateOptions scoring = arguments.scoring;
  if (scoring.reference_map.empty()) scoring.reference_map = dataset.label_map;
  std::string model_id;
  const auto pairs = dataset_pairs(dataset, arguments, scoring, console, model_id);
  if (arguments.estimates.empty()) scoring.estimate_map = "fyr";
  warn_of_missing(pairs, scoring, console);
  Report report = evaluate(pairs, scoring);
  report.source = dataset.description;
  report.model = model_id;
  report.problems.insert(report.problems.begin(), dataset.problems.begin(), dataset.problems.end());
  return report;
}

Report file_report(const EvaluateArguments& arguments, Console& console) {
  if (arguments.paths.size() != 2) throw UsageError("give REFERENCE and ESTIMATE, or --dataset");
  const auto pairs = pair_files(arguments.paths[0], arguments.paths[1]);
  warn_of_missing(pairs, arguments.scoring, console);
  Report report = evaluate(pairs, arguments.scoring);
  report.source = arguments.paths[0].string() + " against " + arguments.paths[1].string();
  return report;
}

/// In a vocabulary that is finer than a recording's labels it is not scored.
bool is_empty(const Report& report) {
  return std::ranges::all_of(report.sheets,
                             [](const ScoreSheet& sheet) { return sheet.recordings.empty(); });
}

void print_report(const Report& report, const EvaluateArguments& arguments) {
  const ClearLine clear;
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
bool passes(const Report& baseline, const Report& report, const EvaluateArguments& arguments,
            Console& console) {
  const Comparison comparison = compare(baseline, report);
  if (!arguments.dataset.empty() && baseline.source != report.source) {
    console.warning("the baseline is of \"" + baseline.source + "\", what was scored of \"" +
                    report.source + "\"");
  }
  // With --json or --csv standard output belongs to the document.
  const bool to_error = arguments.json || arguments.csv;
  print_comparison(comparison, arguments.tolerance, to_error ? std::cerr : std::cout);
  for (const std::string& problem : comparison.problems) console.error(problem);
  return comparison.problems.empty() && !comparison.is_regression(arguments.tolerance);
}

/// What stands twice would be printed twice.
template <class Value>
void check_each_once(const std::string& option, const std::vector<Value>& values) {
  for (auto value = values.begin(); value != values.end(); ++value) {
    if (std::find(values.begin(), value, *value) == value) continue;
    std::ostringstream text;
    text << *value;
    throw UsageError(option + ": " + text.str() + " stands more than once; keep one");
  }
}

ExitCode run_evaluate(const EvaluateArguments& given, bool show_maps) {
  if (show_maps) {
    // CLI11 makes an empty name of no name.
    const bool all = given.show_map.empty() || given.show_map == std::vector<std::string>{""};
    const auto ids = all ? label_map_ids() : given.show_map;
    for (const std::string& id : ids) print_map(load_label_map(id), std::cout);
    return ExitCode::Done;
  }
  EvaluateArguments arguments = given;
  EvaluateOptions& scoring = arguments.scoring;
  if (scoring.vocabularies.empty()) {
    scoring.vocabularies = {arguments.dataset == "idmt" ? "3" : "5"};
  }
  for (const std::string& id : scoring.vocabularies) vocabulary(id);
  check_each_once("--vocabulary", scoring.vocabularies);
  check_each_once("--window", arguments.windows_ms);
  scoring.windows_s.clear();
  for (const double window_ms : arguments.windows_ms) scoring.windows_s.push_back(window_ms / 1000);

  // What is mistyped shows before the slow part.
  for (const std::string& map : {scoring.reference_map, scoring.estimate_map}) {
    if (!map.empty()) load_label_map(map);
  }
  std::optional<Report> baseline;
  if (!arguments.baseline.empty()) baseline = read_report(arguments.baseline);

  Console console(arguments.quiet ? Verbosity::Quiet : Verbosity::Normal);
  const Report report = arguments.dataset.empty() ? file_report(arguments, console)
                                                  : dataset_report(arguments, console);
  for (const std::string& problem : report.problems) console.error(problem);
  if (is_empty(report)) {
    if (report.problems.empty()) console.error("there is nothing to score in " + report.source);
    return ExitCode::Input;
  }
  print_report(report, arguments);
  const bool good = !baseline || passes(*baseline, report, arguments, console);
  return report.problems.empty() && good ? ExitCode::Done : ExitCode::SomeFailed;
}

}  // namespace

void add_evaluate_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<EvaluateArguments>();
  arguments->scoring.vocabularies.clear();
  CLI::App* command =
      app.add_subcommand("evaluate", "Score transcriptions against references and baselines");
  command->footer(kFooter);
  add_evaluate_options(*command, *arguments);
  command->callback([arguments, command, &action] {
    const bool show_maps = command->count("--show-map") > 0;
    check_of_use(*command, *arguments);
    action = [arguments, show_maps] { return run_evaluate(*arguments, show_maps); };
  });
}

}  // namespace fyr::app
