// SPDX-License-Identifier: GPL-3.0-or-later

/// Writing what a job asked for.
#pragma once

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "app/output_plan.hpp"
#include "app/transcribe_jobs.hpp"

namespace fyr::app {

/// What one call reads and writes, which no page of a picture may replace.
std::set<std::filesystem::path> files_used(const std::vector<Job>& jobs,
                                           const JobSettings& settings);

/// Writes the job's targets and the list of doubts. Gives what was written: of a picture each page.
/// Throws OutputError.
std::vector<Target> write_outputs(const Job& job, const Transcription& result,
                                  const JobSettings& settings,
                                  const std::set<std::filesystem::path>& used);

/// What to say of pages that an earlier, longer score left behind `n_pages` of this one; empty:
/// nothing. Their names may be another recording's, so they stay.
std::string pages_left(const Target& target, std::size_t n_pages,
                       const std::set<std::filesystem::path>& used);

}  // namespace fyr::app
