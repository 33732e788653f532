// SPDX-License-Identifier: GPL-3.0-or-later

/// What follows from the options of `fyr transcribe` and `fyr decode` before anything slow begins.
#pragma once

#include <vector>

#include "app/output_plan.hpp"
#include "app/transcribe_jobs.hpp"
#include "app/transcribe_options.hpp"

namespace fyr::app {

/// All but the transcriber. Throws UsageError for mistyped options.
JobSettings job_settings(const TranscribeArguments& arguments);

/// The jobs, their outputs checked. With --dry-run prints them instead and returns none.
/// Throws UsageError for outputs that are unclear or would mix, OutputError for refused ones.
std::vector<Job> plan_jobs(const TranscribeArguments& arguments);

/// Warns of options on the command line that change nothing in what the jobs write.
void warn_of_idle_options(const TranscribeArguments& arguments, const std::vector<Job>& jobs,
                          Console& console);

}  // namespace fyr::app
