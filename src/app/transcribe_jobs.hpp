// SPDX-License-Identifier: GPL-3.0-or-later

/// Doing what `fyr transcribe` planned: one recording after the other, or several at once.
#pragma once

#include <functional>
#include <vector>

#include "app/command.hpp"
#include "app/console.hpp"
#include "app/output_plan.hpp"
#include "fyr/transcribe.hpp"

namespace fyr::app {

/// Gives a job's transcription: by listening to its recording or from kept activations.
using Transcriber = std::function<Transcription(const Job&, const TranscribeOptions&)>;

struct JobSettings {
  Transcriber transcriber;
  TranscribeOptions options;
  FormatSettings formats;
  bool force = false;
  bool timings = false;
  std::filesystem::path doubts;  ///< Where the doubtful hits are listed; empty: nowhere.
  double doubts_below = 0.5;
  std::vector<Extra> extras;
  /// What is read, and written besides the jobs' targets: no page may replace it.
  std::vector<std::filesystem::path> also_used;
  bool json_events = false;  ///< A line on standard output for each recording, see job_events.hpp.
  unsigned n_threads = 1;    ///< In all: for recordings at once, and what is left inside each.
};

/// Transcribes and writes every job; what it says about them comes in their order.
///
/// A single job throws what goes wrong. Of several, a failed one is reported, the others go on and
/// the result is ExitCode::SomeFailed, or, if no recording could be read or none be written, that
/// of one.
ExitCode run_jobs(const std::vector<Job>& jobs, const JobSettings& settings, Console& console);

}  // namespace fyr::app
