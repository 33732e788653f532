// SPDX-License-Identifier: GPL-3.0-or-later

/// Doing what `fyr transcribe` planned: one recording after the other, or several at once.
#pragma once

#include <vector>

#include "app/command.hpp"
#include "app/console.hpp"
#include "app/output_plan.hpp"
#include "fyr/model.hpp"
#include "fyr/transcribe.hpp"

namespace fyr::app {

struct JobSettings {
  const Model& model;
  const Network& network;
  TranscribeOptions options;  ///< An empty title stands for the recording's name.
  bool force = false;
  bool timings = false;
  bool json_events = false;  ///< A line on standard output for each recording, see job_events.hpp.
  unsigned n_threads = 1;
};

/// Transcribes and writes every job.
///
/// A single job throws what goes wrong. Of several, a failed one is reported, the others go on and
/// the result is ExitCode::SomeFailed.
ExitCode run_jobs(const std::vector<Job>& jobs, const JobSettings& settings, Console& console);

}  // namespace fyr::app
