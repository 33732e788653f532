// SPDX-License-Identifier: GPL-3.0-or-later

/// The bridge between the recording's seconds and the score's ticks.
#pragma once

#include <utility>
#include <vector>

#include "fyr/rhythm.hpp"

namespace fyr::rhythm {

/// Linear between knots, and beyond the outer ones at their tempo. At least two knots, both
/// strictly rising.
class TimeMap {
 public:
  explicit TimeMap(std::vector<Knot> knots) : knots_(std::move(knots)) {}

  double time_at(double tick) const;
  double tick_at(double time_s) const;
  const std::vector<Knot>& knots() const { return knots_; }

 private:
  std::vector<Knot> knots_;
};

}  // namespace fyr::rhythm
