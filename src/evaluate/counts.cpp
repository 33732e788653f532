// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/scoring.hpp"

namespace fyr {
namespace {

std::optional<double> ratio(int numerator, int denominator) {
  if (denominator == 0) return std::nullopt;
  return static_cast<double>(numerator) / denominator;
}

}  // namespace

std::optional<double> Counts::precision() const { return ratio(tp, tp + fp); }
std::optional<double> Counts::recall() const { return ratio(tp, tp + fn); }
std::optional<double> Counts::f() const { return ratio(2 * tp, 2 * tp + fp + fn); }

Counts& Counts::operator+=(const Counts& other) {
  tp += other.tp;
  fp += other.fp;
  fn += other.fn;
  return *this;
}

Counts RecordingScore::total() const {
  Counts sum;
  for (const ClassScore& score : classes) sum += score.counts;
  return sum;
}

}  // namespace fyr
