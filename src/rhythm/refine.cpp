// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/refine.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace fyr::rhythm {
namespace {

// By hand.
constexpr int kRounds = 3;
constexpr double kHit_s = 0.015;       ///< Standard deviation of a hit around its place.
constexpr double kKnot_s = 0.020;      ///< Of the tracker's boundaries: a frame.
constexpr double kTempoChange = 0.02;  ///< Of the step's length relative to the one before.
constexpr double kNear_s = 0.045;      ///< Hits farther from a place say nothing about it.

constexpr double kOtherDrums = 0.6;    ///< What they weigh, where kick and snare weigh 1.
constexpr double kShortest_s = 0.020;  ///< Steps that come out shorter are none.

/// Places that pull, as a share of the step, and how much: the beat most, sixteenths little, since
/// triplets and swing lie near them.
struct Pull {
  double place;
  double weight;
};
constexpr std::array<Pull, 5> kInQuarter{{{0, 1}, {0.25, 0.1}, {0.5, 0.4}, {0.75, 0.1}, {1, 1}}};
constexpr std::array<Pull, 4> kInDotted{{{0, 1}, {1. / 3, 0.4}, {2. / 3, 0.4}, {1, 1}}};
constexpr std::array<Pull, 3> kInEighth{{{0, 1}, {0.5, 0.1}, {1, 1}}};

/// None in a pause.
std::span<const Pull> pulls_in(Tick step) {
  if (step == kTicksPerQuarter) return kInQuarter;
  if (step == kTicksPerQuarter * 3 / 2) return kInDotted;
  if (step == kTicksPerQuarter / 2) return kInEighth;
  return {};
}

/// A symmetric positive definite system with two diagonals on each side, solved by LDL^T.
struct Banded {
  explicit Banded(std::size_t n) : main(n, 0.0), next(n, 0.0), second(n, 0.0), right(n, 0.0) {}

  void add(std::size_t i, std::size_t j, double value) {
    const auto low = std::min(i, j);
    (i == j ? main : (i + j - 2 * low == 1 ? next : second))[low] += value;
  }

  std::vector<double> solve() {
    const std::size_t n = main.size();
    for (std::size_t i = 0; i < n; ++i) {
      const double one = next[i] / main[i];
      const double two = second[i] / main[i];
      if (i + 1 < n) {
        main[i + 1] -= one * next[i];
        next[i + 1] -= one * second[i];
        right[i + 1] -= one * right[i];
      }
      if (i + 2 < n) {
        main[i + 2] -= two * second[i];
        right[i + 2] -= two * right[i];
      }
    }
    std::vector<double> x(n);
    for (std::size_t i = n; i-- > 0;) {
      double value = right[i];
      if (i + 1 < n) value -= next[i] * x[i + 1];
      if (i + 2 < n) value -= second[i] * x[i + 2];
      x[i] = value / main[i];
    }
    return x;
  }

  std::vector<double> main, next, second, right;
};

void add_hits(Banded& system, const std::vector<Knot>& knots, const std::vector<Onset>& onsets) {
  std::size_t i = 0;
  for (const Onset& onset : onsets) {
    while (i + 2 < knots.size() && onset.time_s >= knots[i + 1].time_s) ++i;
    const double step_s = knots[i + 1].time_s - knots[i].time_s;
    const std::span<const Pull> pulls = pulls_in(knots[i + 1].tick - knots[i].tick);
    const double position = (onset.time_s - knots[i].time_s) / step_s;
    if (pulls.empty() || position < -0.5 || position > 1.5) continue;
    const double step = std::floor(position);
    const Pull& nearest = *std::ranges::min_element(
        pulls, {}, [&](const Pull& pull) { return std::abs(position - step - pull.place); });
    const double target = step + nearest.place;
    const double off_s = onset.time_s - knots[i].time_s - target * step_s;
    if (std::abs(off_s) > kNear_s) continue;
    const bool tells_most = onset.drum == Drum::Kick || onset.drum == Drum::Snare;
    const double strength = tells_most ? 1.0 : kOtherDrums;
    // A hit far off weighs less (Tukey's biweight).
    const double closeness = 1 - (off_s / kNear_s) * (off_s / kNear_s);
    const double w = nearest.weight * strength * closeness * closeness / (kHit_s * kHit_s);
    const double a = 1 - target;
    system.add(i, i, w * a * a);
    system.add(i, i + 1, w * a * target);
    system.add(i + 1, i + 1, w * target * target);
    system.right[i] += w * a * onset.time_s;
    system.right[i + 1] += w * target * onset.time_s;
  }
}

void add_smoothness(Banded& system, const std::vector<Knot>& knots) {
  for (std::size_t i = 0; i < knots.size(); ++i) {
    const double w = 1 / (kKnot_s * kKnot_s);
    system.add(i, i, w);
    system.right[i] += w * knots[i].time_s;
  }
  for (std::size_t i = 1; i + 1 < knots.size(); ++i) {
    const double before = knots[i].tick - knots[i - 1].tick;
    const double after = knots[i + 1].tick - knots[i].tick;
    // Seconds a tick before minus after, scaled to the length of the shorter step.
    const double ticks = std::min(before, after);
    const double allowed_s = kTempoChange * (knots[i + 1].time_s - knots[i - 1].time_s) / 2;
    const std::array<double, 3> c{-ticks / before, ticks / before + ticks / after, -ticks / after};
    const double w = 1 / (allowed_s * allowed_s);
    for (std::size_t p = 0; p < 3; ++p) {
      for (std::size_t q = p; q < 3; ++q) system.add(i - 1 + p, i - 1 + q, w * c[p] * c[q]);
    }
  }
}

}  // namespace

void refine(std::vector<Knot>& knots, const std::vector<Onset>& onsets) {
  for (int round = 0; round < kRounds; ++round) {
    Banded system(knots.size());
    add_hits(system, knots, onsets);
    add_smoothness(system, knots);
    const std::vector<double> times_s = system.solve();
    for (std::size_t i = 0; i + 1 < times_s.size(); ++i) {
      if (times_s[i + 1] - times_s[i] < kShortest_s) return;
    }
    for (std::size_t i = 0; i < knots.size(); ++i) knots[i].time_s = times_s[i];
  }
}

}  // namespace fyr::rhythm
