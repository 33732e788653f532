// SPDX-License-Identifier: GPL-3.0-or-later

/// The options that `fyr transcribe` and `fyr decode` share.
#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/console.hpp"
#include "app/hearing_options.hpp"
#include "app/model_options.hpp"
#include "app/output_plan.hpp"
#include "fyr/score.hpp"

namespace fyr::app {

struct TranscribeArguments {
  OutputRequest outputs;
  ModelArguments model;
  HearingArguments hearing;
  ScoreOptions score;
  std::filesystem::path activations;
  std::filesystem::path plot;
  std::string drum_map;
  std::string midi_timing = "heard";
  std::vector<std::string> typed_midi_options;  ///< Those on the command line.
  std::optional<double> mark_doubtful;
  std::filesystem::path doubts;
  int n_threads = 0;
  bool json = false;
  bool timings = false;
  bool quiet = false;
  bool verbose = false;
};

/// All but the input and the model.
void add_transcribe_options(CLI::App& command, TranscribeArguments& arguments);

/// To be called once all is parsed: the ending of -o and typed options go before formats and
/// verbosity from the environment or the settings file, which is read and never written. Throws
/// UsageError for what contradicts.
void settle_sources(CLI::App& command, TranscribeArguments& arguments);

Verbosity verbosity(const TranscribeArguments& arguments);

}  // namespace fyr::app
