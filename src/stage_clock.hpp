// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#include "fyr/transcription.hpp"

namespace fyr {

/// Notes how long each stage takes, however often the work moves on from one to another.
class StageClock {
 public:
  explicit StageClock(std::vector<StageTime>& timings) : timings_(timings) {}

  /// From now on `stage` runs.
  void start(const char* stage) {
    stop();
    const auto found = std::find_if(timings_.begin(), timings_.end(),
                                    [&](const StageTime& time) { return time.stage == stage; });
    running_ = found - timings_.begin();
    if (found == timings_.end()) timings_.push_back({stage, 0});
  }

  void stop() {
    const auto now = std::chrono::steady_clock::now();
    if (running_ >= 0) {
      const std::chrono::duration<double> elapsed = now - since_;
      timings_[static_cast<std::size_t>(running_)].seconds += elapsed.count();
    }
    since_ = now;
    running_ = -1;
  }

 private:
  std::vector<StageTime>& timings_;
  std::ptrdiff_t running_ = -1;
  std::chrono::steady_clock::time_point since_;
};

}  // namespace fyr
