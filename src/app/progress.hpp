// SPDX-License-Identifier: GPL-3.0-or-later

/// How far several pieces of work are, as a bar with rate and remaining time.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "app/console.hpp"

namespace fyr::app {

/// What a bar says.
struct ProgressState {
  double fraction = 0;  ///< Of the work that is done, 0 to 1.
  double elapsed_s = 0;
  double heard_s = 0;  ///< Of all recordings together.
  std::size_t n_done = 0;
  std::size_t n = 1;
  std::string current;  ///< What is being worked on.
};

/// One line of at most `n_columns`: "[####    ]  50 %  3/12  61x  0:41 left  song.wav".
///
/// The rate is seconds of sound a second; it and the remaining time stay out until they mean
/// something.
std::string progress_line(const ProgressState& state, std::size_t n_columns);

/// Shows a progress_line at most ten times a second. Safe to use from several threads.
class Progress {
 public:
  /// `weights`: the share of each piece in the work, in any unit.
  Progress(Console& console, std::vector<double> weights);

  /// Piece `index`, a recording, is done to that fraction, and that much of it heard.
  void advance(std::size_t index, double fraction, double heard_s, std::string_view what);

  /// Piece `index`, a recording of that length, is done.
  void finish(std::size_t index, double sound_s);

 private:
  void show(bool always);

  Console& console_;
  std::vector<double> weights_;
  std::vector<double> fractions_;
  std::vector<double> heard_s_;
  std::mutex mutex_;
  ProgressState state_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point shown_;
};

}  // namespace fyr::app
