// SPDX-License-Identifier: GPL-3.0-or-later

/// The options of `fyr evaluate`, and which of them go together.
#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "app/model_options.hpp"
#include "fyr/evaluate.hpp"

namespace fyr::app {

struct EvaluateArguments {
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

void add_evaluate_options(CLI::App& command, EvaluateArguments& arguments);

/// To be called once all is parsed. Throws UsageError for what was typed in vain; variables and
/// settings are for every call.
void check_of_use(const CLI::App& command, const EvaluateArguments& arguments);

}  // namespace fyr::app
