// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/context.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "onsets/highest_near.hpp"
#include "rhythm/alike.hpp"
#include "rhythm/log_odds.hpp"
#include "rhythm/time_map.hpp"

namespace fyr {
namespace {

constexpr double kLowest = 0.01;
constexpr double kHighest = 0.97;
constexpr std::size_t kNHighest = 5;
constexpr double kNoneShown = 0.05;  ///< x_2 where there are none.
constexpr float kClear = 0.3F;       ///< Peaks that count in x_3.
constexpr int kMostBars = 16;        ///< To each side, in x_6.
constexpr double kShortestGap_s = 0.02;
constexpr double kLongestGap_s = 2;
/// Fewer beats make no bars to compare.
constexpr std::size_t kFewestBeats = 8;
constexpr double kFromStart_s = 0.01;  ///< Added to the time in x_34, …
constexpr double kLongSince_s = 2;     ///< … which is at most this.
/// How far before the first beat, in beats, a place still counts.
constexpr double kMargin = 0.1;

/// Where in ContextFeatures they begin.
constexpr std::size_t kProminence = 1;
constexpr std::size_t kBars = kProminence + 3;
constexpr std::size_t kSteps = kBars + 3;
constexpr std::size_t kNSteps = 2 * (kContextSteps_beats.size() + 1);
constexpr std::size_t kOthers = kSteps + kNSteps;
constexpr std::size_t kGaps = kOthers + kNDrums;
constexpr std::size_t kStart = kGaps + 2;
constexpr std::size_t kAlike = kStart + 1;
static_assert(kAlike + 1 == kNContextFeatures);

double logit(double confidence) { return rhythm::log_odds(confidence, kLowest, kHighest); }

/// From seconds to beats, counted from 0, and back.
rhythm::TimeMap beat_map(const std::vector<double>& times_s) {
  std::vector<Knot> knots;
  knots.reserve(times_s.size());
  for (const double time_s : times_s) knots.push_back({static_cast<Tick>(knots.size()), time_s});
  return rhythm::TimeMap(std::move(knots));
}

/// The recording-wide features of one drum, x_1 to x_3.
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
    if (peak.confidence >= rhythm::kShown) {
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

/// What is near a time, of one drum.
double near(const std::vector<Peak>& peaks, double time_s, const Context& context) {
  return highest_near(peaks, time_s, context.near_s);
}

/// Those that count.
Peaks not_below(double least, const Peaks& peaks) {
  Peaks kept;
  for (std::size_t drum = 0; drum < peaks.size(); ++drum) {
    std::ranges::copy_if(peaks[drum], std::back_inserter(kept[drum]), [least](const Peak& peak) {
      return static_cast<double>(peak.confidence) >= least;
    });
  }
  return kept;
}

/// x_4 to x_6, means over bars: of the first, of the second, and of all before and after `at`.
std::array<double, 3> repeated(const std::vector<Peak>& peaks, const rhythm::TimeMap& map,
                               double at, int beats_per_bar, const Context& context,
                               double otherwise) {
  struct Mean {
    double sum = 0;
    int n = 0;
  };
  std::array<Mean, 3> means;
  const auto end = static_cast<double>(map.knots().back().tick);
  for (int bars = 1; bars <= kMostBars; ++bars) {
    for (const int beats : {-bars * beats_per_bar, bars * beats_per_bar}) {
      const double place = at + beats;
      if (place < -kMargin || place > end) continue;
      const double found = near(peaks, map.time_at(place), context);
      const auto count = [found](Mean& mean) {
        mean.sum += found;
        ++mean.n;
      };
      if (bars <= 2) count(means[static_cast<std::size_t>(bars - 1)]);
      count(means[2]);
    }
  }
  std::array<double, 3> x{};
  std::ranges::transform(means, x.begin(), [&](const Mean& mean) {
    return logit(mean.n > 0 ? mean.sum / mean.n : otherwise);
  });
  return x;
}

/// x_7 to x_18.
std::array<double, kNSteps> in_step(const std::vector<Peak>& peaks, const rhythm::TimeMap& map,
                                    double at, int beats_per_bar, const Context& context) {
  std::array<double, kNSteps> x{};
  auto next = x.begin();
  const auto look = [&](double beats) {
    for (const double place : {at - beats, at + beats}) {
      *next++ = logit(near(peaks, map.time_at(place), context));
    }
  };
  for (const double beats : kContextSteps_beats) look(beats);
  look(0.5 * beats_per_bar);
  return x;
}

/// x_32 and x_33 of each peak.
std::vector<std::array<double, 2>> gaps(const std::vector<Peak>& peaks) {
  const auto x = [](double gap_s) {
    return std::log(std::clamp(gap_s, kShortestGap_s, kLongestGap_s));
  };
  std::vector<std::array<double, 2>> result(peaks.size());
  double shown_s = -kLongestGap_s;
  for (std::size_t i = 0; i < peaks.size(); ++i) {
    result[i][0] = x(peaks[i].time_s - shown_s);
    if (peaks[i].confidence >= rhythm::kShown) shown_s = peaks[i].time_s;
  }
  shown_s = std::numeric_limits<double>::infinity();
  for (std::size_t i = peaks.size(); i-- > 0;) {
    result[i][1] = x(shown_s - peaks[i].time_s);
    if (peaks[i].confidence >= rhythm::kShown) shown_s = peaks[i].time_s;
  }
  return result;
}

/// x_35, for every peak of a recording.
class Likeness {
 public:
  Likeness(const Peaks& peaks, const Timbre& timbre) {
    if (timbre.values.empty()) return;
    moments_ = rhythm::moments_of(peaks);
    full_ = rhythm::alike_moments(moments_, timbre, 0);
    high_ = rhythm::alike_moments(moments_, timbre, kFirstCymbalValue);
  }

  double of(const Peak& peak, Drum drum) const {
    const auto after =
        std::ranges::upper_bound(moments_, peak.time_s, {}, &rhythm::Moment::first_s);
    const auto& alike = is_cymbal(drum) ? high_ : full_;
    // Peaks that do not count may be of none.
    const auto n_begun = static_cast<std::size_t>(after - moments_.begin());
    const bool known = n_begun > 0 && alike[n_begun - 1] &&
                       peak.time_s - moments_[n_begun - 1].first_s < rhythm::kTogether_s;
    return logit(known ? (*alike[n_begun - 1])[index_of(drum)]
                       : static_cast<double>(peak.confidence));
  }

 private:
  std::vector<rhythm::Moment> moments_;
  std::vector<std::optional<PerDrum<double>>> full_;  ///< By all of the timbre, …
  std::vector<std::optional<PerDrum<double>>> high_;  ///< … and by its upper third.
};

/// What is added to a peak's log-odds.
double shift_of(const ContextFeatures& x, std::size_t drum, const Context& context) {
  double shift = context.drums[drum].own * x[0] + context.drums[drum].constant;
  for (const ContextUnit& unit : context.units) {
    const double input = std::inner_product(x.begin(), x.end(), unit.weights.begin(), 0.0);
    shift += unit.outputs[drum] * std::max(0.0, unit.biases[drum] + input);
  }
  return shift;
}

/// What the features of every drum are made of.
struct Recording {
  Recording(const Peaks& peaks, const BeatGrid& beats, const Timbre& timbre, double length_s,
            const Context& settings)
      : counting(not_below(settings.least, peaks)),
        grid(beats),
        duration_s(length_s),
        context(settings),
        map(beat_map(beats.times_s)),
        likeness(counting, timbre) {}

  Peaks counting;
  const BeatGrid& grid;
  double duration_s;
  const Context& context;
  rhythm::TimeMap map;
  Likeness likeness;
};

/// Of each of the drum's peaks.
std::vector<ContextFeatures> features_of(Drum drum, const std::vector<Peak>& own,
                                         const Recording& recording) {
  const auto& [counting, grid, duration_s, context, map, likeness] = recording;
  const bool has_bars = grid.times_s.size() >= kFewestBeats;
  const std::vector<Peak>& counting_own = counting[index_of(drum)];
  const auto prominent = prominence(counting_own, duration_s);
  const auto between = gaps(own);
  std::vector<ContextFeatures> features(own.size());
  for (std::size_t i = 0; i < own.size(); ++i) {
    ContextFeatures& x = features[i];
    const auto confidence = static_cast<double>(own[i].confidence);
    x[0] = logit(confidence);
    std::ranges::copy(prominent, x.begin() + kProminence);
    std::fill(x.begin() + kBars, x.begin() + kOthers, x[0]);
    if (has_bars) {
      const double at = map.tick_at(own[i].time_s);
      std::ranges::copy(repeated(counting_own, map, at, grid.beats_per_bar, context, confidence),
                        x.begin() + kBars);
      std::ranges::copy(in_step(counting_own, map, at, grid.beats_per_bar, context),
                        x.begin() + kSteps);
    }
    for (std::size_t other = 0; other < kNDrums; ++other) {
      x[kOthers + other] = logit(near(counting[other], own[i].time_s, context));
    }
    std::ranges::copy(between[i], x.begin() + kGaps);
    x[kStart] = std::log(kFromStart_s + std::clamp(own[i].time_s, 0.0, kLongSince_s));
    x[kAlike] = likeness.of(own[i], drum);
  }
  return features;
}

}  // namespace

PerDrum<std::vector<ContextFeatures>> context_features(const Peaks& peaks, const BeatGrid& grid,
                                                       const Timbre& timbre, double duration_s,
                                                       const Context& context) {
  const Recording recording(peaks, grid, timbre, duration_s, context);
  PerDrum<std::vector<ContextFeatures>> features;
  for (const DrumInfo& of : kDrums) {
    features[index_of(of.drum)] = features_of(of.drum, peaks[index_of(of.drum)], recording);
  }
  return features;
}

float confidence_in_context(float confidence, const ContextFeatures& x, std::size_t drum,
                            const Context& context) {
  const double shift = shift_of(x, drum, context);
  if (shift == 0) return confidence;  // A drum without weights keeps its confidences to the bit.
  const double own = std::clamp(static_cast<double>(confidence), 1e-6, 1 - 1e-6);
  return static_cast<float>(1 / (1 + (1 - own) / own * std::exp(-shift)));
}

Peaks in_context(const Peaks& peaks, const BeatGrid& grid, const Timbre& timbre, double duration_s,
                 const Context& context) {
  const Recording recording(peaks, grid, timbre, duration_s, context);
  Peaks result = peaks;
  for (const DrumInfo& of : kDrums) {
    const std::size_t drum = index_of(of.drum);
    // A drum at a time: features take twenty times the memory of their peaks.
    const std::vector<ContextFeatures> features = features_of(of.drum, peaks[drum], recording);
    for (std::size_t i = 0; i < features.size(); ++i) {
      float& confidence = result[drum][i].confidence;
      confidence = confidence_in_context(confidence, features[i], drum, context);
    }
  }
  return result;
}

}  // namespace fyr
