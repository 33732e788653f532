// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/chokes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace fyr {
namespace {

constexpr double kAttack_s = 0.06;  ///< What L does from the stroke until then does not count.
constexpr double kStop_s = 0.08;    ///< In which the sound stops.
constexpr double kSilence_s = 0.2;  ///< For which it stays so.
constexpr double kLongest_s = 1.2;
constexpr double kLeastFall_db = 12;
/// Lower values tell their rounding more than the sound.
constexpr double kLeastValue = 2;

std::size_t frames_in(double seconds, double hop_s) {
  return static_cast<std::size_t>(std::lround(std::max(0.0, seconds) / hop_s));
}

/// L of the frames from `first` to before `end`.
std::vector<double> levels_db(const Timbre& timbre, std::size_t first, std::size_t end) {
  const double exponent = std::log1p(timbre.log_multiplier) / kTimbreFullScale;
  const double floor = std::expm1(kLeastValue * exponent);
  std::vector<double> levels;
  for (std::size_t frame = first; frame < std::min(end, timbre.n_frames()); ++frame) {
    const auto row = timbre.values.begin() + static_cast<std::ptrdiff_t>(frame * kNTimbreValues);
    const double sum = std::accumulate(row + kFirstCymbalValue, row + kNTimbreValues, 0.0);
    const double mean = sum / (kNTimbreValues - kFirstCymbalValue);
    levels.push_back(20 * std::log10(std::expm1(mean * exponent) + floor));
  }
  return levels;
}

/// Onset::choked_after_s of a crash at `time_s` that is looked at until `end_s`.
double choked_after(double time_s, double end_s, const Timbre& timbre) {
  const std::size_t n_silent = frames_in(kSilence_s, timbre.hop_s);
  const std::size_t to_silence = frames_in(kStop_s, timbre.hop_s);
  const std::size_t first = frames_in(time_s + kAttack_s, timbre.hop_s);
  const std::size_t end = frames_in(end_s, timbre.hop_s) + to_silence + n_silent;
  const std::vector<double> levels = levels_db(timbre, first, end);
  double lowest_db = std::numeric_limits<double>::infinity();
  double largest_fall_db = kLeastFall_db;
  double after_s = 0;
  for (std::size_t k = 0; k + to_silence + n_silent < levels.size(); ++k) {
    lowest_db = std::min(lowest_db, levels[k]);
    const auto silence = levels.begin() + static_cast<std::ptrdiff_t>(k + to_silence);
    const double highest_db =
        *std::max_element(silence, silence + static_cast<std::ptrdiff_t>(n_silent));
    const double fall_db = lowest_db - highest_db;
    if (fall_db >= largest_fall_db) {
      largest_fall_db = fall_db;
      after_s = static_cast<double>(first + k) * timbre.hop_s - time_s;
    }
  }
  return after_s;
}

}  // namespace

std::vector<Onset> with_chokes(std::vector<Onset> onsets, const Timbre& timbre) {
  if (timbre.log_multiplier <= 0) return onsets;
  double next_s = std::numeric_limits<double>::infinity();
  for (auto hit = onsets.rbegin(); hit != onsets.rend(); ++hit) {
    if (hit->drum != Drum::Crash) continue;
    hit->choked_after_s =
        choked_after(hit->time_s, std::min(hit->time_s + kLongest_s, next_s), timbre);
    next_s = hit->time_s;
  }
  return onsets;
}

}  // namespace fyr
