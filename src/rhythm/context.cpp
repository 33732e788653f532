// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/context.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "onsets/highest_near.hpp"
#include "rhythm/log_odds.hpp"
#include "rhythm/time_map.hpp"

namespace fyr {
namespace {

constexpr double kLowest = 0.01;
constexpr double kHighest = 0.97;
constexpr std::size_t kNHighest = 5;
constexpr float kShown = 0.1F;       ///< Peaks that count in x_1 …
constexpr double kNoneShown = 0.05;  ///< … which is that where there are none …
constexpr float kClear = 0.3F;       ///< … and those in x_2.
/// Fewer beats make no bars to compare.
constexpr std::size_t kFewestBeats = 8;
/// How far before the first beat, in beats, a place still counts.
constexpr double kMargin = 0.1;

double logit(double confidence) { return rhythm::log_odds(confidence, kLowest, kHighest); }

/// From seconds to beats, counted from 0, and back.
rhythm::TimeMap beat_map(const std::vector<double>& times_s) {
  std::vector<Knot> knots;
  knots.reserve(times_s.size());
  for (const double time_s : times_s) knots.push_back({static_cast<Tick>(knots.size()), time_s});
  return rhythm::TimeMap(std::move(knots));
}

/// The recording-wide features of one drum, x_0 to x_2.
std::array<double, 3> prominence(const std::vector<Peak>& peaks, double duration_s) {
  std::array<float, kNHighest> highest{};
  double shown_sum = 0;
  int n_shown = 0;
  int n_clear = 0;
  for (const Peak& peak : peaks) {
    if (peak.confidence > highest.back()) {
      highest.back() = peak.confidence;
      std::sort(highest.begin(), highest.end(), std::greater<>());
    }
    if (peak.confidence >= kShown) {
      shown_sum += static_cast<double>(peak.confidence);
      ++n_shown;
    }
    if (peak.confidence > kClear) ++n_clear;
  }
  const std::size_t n_highest = std::clamp(peaks.size(), std::size_t{1}, kNHighest);
  const double highest_sum = std::accumulate(highest.begin(), highest.end(), 0.0);
  return {logit(highest_sum / static_cast<double>(n_highest)),
          logit(n_shown > 0 ? shown_sum / n_shown : kNoneShown),
          std::log(0.02 + n_clear / std::max(duration_s, 0.01))};
}

/// Mean of the confidences `beats` before and after the place `at`, as log-odds.
double repeated(const std::vector<Peak>& peaks, const rhythm::TimeMap& map, double at, double beats,
                const Context& context, double otherwise) {
  double sum = 0;
  int n = 0;
  for (const double place : {at - beats, at + beats}) {
    if (place < -kMargin || place > map.knots().back().tick) continue;
    const double highest = highest_near(peaks, map.time_at(place), context.near_s);
    sum += highest < context.least ? 0 : highest;
    ++n;
  }
  return logit(n > 0 ? sum / n : otherwise);
}

}  // namespace

std::vector<ContextFeatures> context_features(const std::vector<Peak>& peaks, const BeatGrid& grid,
                                              double duration_s, const Context& context) {
  const bool has_bars = grid.times_s.size() >= kFewestBeats;
  const rhythm::TimeMap map = beat_map(grid.times_s);
  const auto [highest, shown, rate] = prominence(peaks, duration_s);
  std::vector<ContextFeatures> features;
  features.reserve(peaks.size());
  for (const Peak& peak : peaks) {
    const auto own = static_cast<double>(peak.confidence);
    ContextFeatures x = {highest, shown, rate, logit(own), logit(own)};
    if (has_bars) {
      const double at = map.tick_at(peak.time_s);
      x[3] = repeated(peaks, map, at, grid.beats_per_bar, context, own);
      x[4] = repeated(peaks, map, at, 2 * grid.beats_per_bar, context, own);
    }
    features.push_back(x);
  }
  return features;
}

Peaks in_context(Peaks peaks, const BeatGrid& grid, double duration_s, const Context& context) {
  for (std::size_t drum = 0; drum < kNDrums; ++drum) {
    const DrumContext& fitted = context.drums[drum];
    const auto features = context_features(peaks[drum], grid, duration_s, context);
    for (std::size_t i = 0; i < features.size(); ++i) {
      double shift = 0;
      for (std::size_t j = 0; j < kNContextFeatures; ++j) {
        shift += fitted.weights[j] * (features[i][j] - fitted.means[j]);
      }
      if (shift == 0) continue;  // A drum without weights keeps its confidences to the bit.
      float& confidence = peaks[drum][i].confidence;
      const double own = std::clamp(static_cast<double>(confidence), 1e-6, 1 - 1e-6);
      confidence = static_cast<float>(1 / (1 + (1 - own) / own * std::exp(-shift)));
    }
  }
  return peaks;
}

}  // namespace fyr
