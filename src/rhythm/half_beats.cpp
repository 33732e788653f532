// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/half_beats.hpp"

#include <algorithm>
#include <cmath>

#include "rhythm/counted_steps.hpp"

namespace fyr::rhythm {
namespace {

// By hand (docs/rhythm.md, "Half beats").
constexpr double kStepNear = 0.03;           ///< Of the tempo: a quarter that is at it …
constexpr double kStretchNear = 0.004;       ///< … and the mean of a stretch of them, …
constexpr std::size_t kShortestStretch = 8;  ///< … which has so many, …
constexpr double kShareSteady = 0.8;         ///< … if so much of the music lies in stretches.
constexpr double kLongestSlip = 16;          ///< Quarters between two stretches …
constexpr double kNearHalf = 0.08;           ///< … that are so near to half of one too many.

/// Steps of one tempo, from the first to before the last.
struct Stretch {
  std::size_t first;
  std::size_t last;
};

/// A plan's stretches at the tempo of most of it.
class SteadyMusic {
 public:
  SteadyMusic(const BarPlan& plan, const std::vector<Onset>& onsets)
      : steps_(counted_steps(plan.knots, onsets)), bpm_(bpm_of_most(steps_)) {
    for (std::size_t first = 0, i = 0; i <= steps_.size(); ++i) {
      if (i < steps_.size() && steps_[i].n_quarters == 1 && off(steps_[i].bpm()) < kStepNear) {
        continue;
      }
      if (i >= first + kShortestStretch && off(mean_bpm(first, i)) < kStretchNear) {
        stretches_.push_back({first, i});
      }
      first = i + 1;
    }
  }

  double bpm() const { return bpm_; }

  bool is_steady() const {
    double steady_s = 0;
    for (const Stretch& stretch : stretches_) steady_s += played_s(stretch.first, stretch.last);
    return bpm_ > 0 && steady_s >= kShareSteady * played_s(0, steps_.size());
  }

  bool slips() const {
    for (std::size_t i = 1; i < stretches_.size(); ++i) {
      if (is_slip(stretches_[i - 1].last, stretches_[i].first)) return true;
    }
    return false;
  }

 private:
  double off(double bpm) const { return std::abs(bpm / bpm_ - 1); }

  double mean_bpm(std::size_t first, std::size_t last) const {
    return 60 * static_cast<double>(last - first) /
           (steps_[last - 1].end_s - steps_[first].begin_s);
  }

  double played_s(std::size_t first, std::size_t last) const {
    double length_s = 0;
    for (std::size_t i = first; i < last; ++i) {
      if (steps_[i].played) length_s += steps_[i].length_s();
    }
    return length_s;
  }

  bool is_slip(std::size_t first, std::size_t last) const {
    const double quarters = (steps_[last].begin_s - steps_[first - 1].end_s) * bpm_ / 60;
    const double from_half = std::abs(quarters - std::floor(quarters) - 0.5);
    return quarters < kLongestSlip && from_half < kNearHalf;
  }

  std::vector<CountedStep> steps_;
  double bpm_;
  std::vector<Stretch> stretches_;
};

}  // namespace

std::optional<double> tempo_of_slips(const BarPlan& plan, const std::vector<Onset>& onsets) {
  if (counted_meter(plan.bars).beat_ticks() != kTicksPerQuarter) return std::nullopt;
  const SteadyMusic music(plan, onsets);
  return music.is_steady() && music.slips() ? std::optional(music.bpm()) : std::nullopt;
}

}  // namespace fyr::rhythm
