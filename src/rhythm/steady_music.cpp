// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/steady_music.hpp"

#include <cmath>

#include "rhythm/counted_steps.hpp"

namespace fyr::rhythm {
namespace {

// By hand (docs/rhythm.md, "Steady music").
constexpr double kStepNear = 0.03;           ///< Of the tempo: a quarter that is at it …
constexpr double kStretchNear = 0.004;       ///< … and the mean of a stretch of them, …
constexpr std::size_t kShortestStretch = 8;  ///< … which has so many.
constexpr std::size_t kFewestSteady = 32;    ///< Quarters in stretches: a tempo that lasts.
constexpr double kShareOfHits = 0.9;  ///< Of all, in stretches: the rest is at their tempo …
constexpr int kFewestSlower = 4;      ///< … but for so many steps …
constexpr double kSlower = 0.03;      ///< … that are so much slower in the mean (logarithm) …
constexpr double kDense = 0.5;        ///< … and have so much of the usual hits.
constexpr double kShareOfTime = 0.8;  ///< Of what is played, if stretches lie apart …
constexpr double kLongestSlip = 16;   ///< … by so many quarters at most, …
constexpr double kNearHalf = 0.08;    ///< … so near to half of one too many.

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

  /// That of the stretches. There is one.
  double bpm() const {
    double length_s = 0;
    for (const Stretch& stretch : stretches_) {
      length_s += steps_[stretch.last - 1].end_s - steps_[stretch.first].begin_s;
    }
    return 60 * static_cast<double>(n_steady()) / length_s;
  }

  bool is_steady() const {
    const auto n_hits = [](const CountedStep& step) { return double(step.n_hits); };
    return n_steady() >= kFewestSteady && share_in_stretches(n_hits) >= kShareOfHits &&
           !slows_down();
  }

  bool slips() const {
    const auto played_s = [](const CountedStep& step) {
      return step.played() ? step.length_s() : 0;
    };
    if (share_in_stretches(played_s) < kShareOfTime) return false;
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

  /// Quarters in stretches.
  std::size_t n_steady() const {
    std::size_t n = 0;
    for (const Stretch& stretch : stretches_) n += stretch.last - stretch.first;
    return n;
  }

  /// 0 if there are none.
  template <typename Amount>
  double share_in_stretches(const Amount& amount) const {
    double in_stretches = 0;
    double all = 0;
    for (const CountedStep& step : steps_) all += amount(step);
    for (const Stretch& stretch : stretches_) {
      for (std::size_t i = stretch.first; i < stretch.last; ++i) in_stretches += amount(steps_[i]);
    }
    return all > 0 ? in_stretches / all : 0;
  }

  /// Whether the music slows down in the end, or between two stretches where it is as dense as in
  /// them: sparse music is only counted so.
  bool slows_down() const {
    double n_hits = 0;
    for (const Stretch& stretch : stretches_) {
      for (std::size_t i = stretch.first; i < stretch.last; ++i) n_hits += steps_[i].n_hits;
    }
    const double dense = kDense * n_hits / static_cast<double>(n_steady());
    for (std::size_t i = 1; i < stretches_.size(); ++i) {
      if (is_slower(stretches_[i - 1].last, stretches_[i].first, dense)) return true;
    }
    return is_slower(stretches_.back().last, steps_.size(), 1);
  }

  /// In the mean of the steps that have so many hits.
  bool is_slower(std::size_t first, std::size_t last, double fewest_hits) const {
    int n = 0;
    double slower = 0;
    for (std::size_t i = first; i < last; ++i) {
      if (steps_[i].n_hits < fewest_hits) continue;
      ++n;
      slower += std::log(bpm_ / steps_[i].bpm());
    }
    return n >= kFewestSlower && slower > kSlower * n;
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

std::optional<double> tempo_of_steady(const BarPlan& plan, const std::vector<Onset>& onsets) {
  if (counted_meter(plan.bars).beat_ticks() != kTicksPerQuarter) return std::nullopt;
  const SteadyMusic music(plan, onsets);
  return music.is_steady() || music.slips() ? std::optional(music.bpm()) : std::nullopt;
}

}  // namespace fyr::rhythm
