// SPDX-License-Identifier: GPL-3.0-or-later

/// What `--timings` prints.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "fyr/transcribe.hpp"

namespace fyr::app {

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Puts `more` to `times`; what is in both was done in two parts.
void add_times(const std::vector<StageTime>& more, std::vector<StageTime>& times);

/// A line a stage, then `total_s` of this recording and how many times faster than playing it.
std::string timings_text(const std::filesystem::path& input, const Transcription& result,
                         double total_s);

/// Seconds since the process was started by the system, and the most memory it held; empty where
/// the system does not tell.
std::string total_text();

}  // namespace fyr::app
