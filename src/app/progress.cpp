// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/terminal.hpp"

namespace fyr::app {
namespace {

constexpr std::size_t kBarColumns = 24;
/// Before that, the remaining time would be a guess.
constexpr double kFirstEstimateS = 1.0;

std::string bar(double fraction) {
  const auto filled = static_cast<std::size_t>(std::lround(fraction * kBarColumns));
  return "[" + std::string(filled, '#') + std::string(kBarColumns - filled, ' ') + "]";
}

std::string clock_time(double seconds) {
  const long total = std::lround(seconds);
  const std::string rest = std::to_string(total % 60);
  return std::to_string(total / 60) + (rest.size() < 2 ? ":0" : ":") + rest;
}

}  // namespace

std::string progress_line(const ProgressState& state, std::size_t n_columns) {
  const double fraction = std::clamp(state.fraction, 0.0, 1.0);
  std::string percent = std::to_string(std::lround(100 * fraction));
  percent.insert(0, 3 - percent.size(), ' ');
  std::string line = bar(fraction) + " " + percent + " %";
  if (state.n > 1) line += "  " + std::to_string(state.n_done) + "/" + std::to_string(state.n);
  if (state.heard_s > 0 && state.elapsed_s > 0) {
    line += "  " + std::to_string(std::lround(state.heard_s / state.elapsed_s)) + "x";
  }
  if (state.elapsed_s >= kFirstEstimateS && fraction > 0) {
    line += "  " + clock_time(state.elapsed_s * (1 - fraction) / fraction) + " left";
  }
  return shortened(line + "  " + state.current, n_columns);
}

Progress::Progress(Console& console, std::vector<double> weights)
    : console_(console),
      weights_(std::move(weights)),
      fractions_(weights_.size(), 0.0),
      heard_s_(weights_.size(), 0.0) {
  state_.n = weights_.size();
}

void Progress::advance(std::size_t index, double fraction, double heard_s, std::string_view what) {
  if (!console_.shows_progress()) return;
  const std::lock_guard lock(mutex_);
  fractions_[index] = fraction;
  heard_s_[index] = heard_s;
  const bool other = state_.current != what;
  state_.current = what;
  show(other && state_.n == 1);
}

void Progress::finish(std::size_t index, double sound_s) {
  if (!console_.shows_progress()) return;
  const std::lock_guard lock(mutex_);
  fractions_[index] = 1;
  heard_s_[index] = sound_s;
  ++state_.n_done;
  show(true);
}

void Progress::show(bool always) {
  const auto now = std::chrono::steady_clock::now();
  if (!always && now - shown_ < std::chrono::milliseconds(100)) return;
  shown_ = now;
  const double total = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  const double done = std::inner_product(weights_.begin(), weights_.end(), fractions_.begin(), 0.0);
  state_.fraction = total > 0 ? done / total : 0;
  state_.heard_s = std::accumulate(heard_s_.begin(), heard_s_.end(), 0.0);
  state_.elapsed_s = std::chrono::duration<double>(now - start_).count();
  console_.progress(progress_line(state_, n_columns(STDERR_FILENO) - 1));
}

}  // namespace fyr::app
