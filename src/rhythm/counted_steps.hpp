// SPDX-License-Identifier: GPL-3.0-or-later

/// The steps of a plan, one by one.
#pragma once

#include <vector>

#include "fyr/onset.hpp"
#include "fyr/rhythm.hpp"

namespace fyr::rhythm {

/// What lies between two knots.
struct CountedStep {
  double begin_s;
  double end_s;
  double n_quarters;
  int n_hits;

  bool played() const { return n_hits > 0; }
  double length_s() const { return end_s - begin_s; }
  double bpm() const { return 60 * n_quarters / length_s(); }  ///< Quarters a minute.
};

std::vector<CountedStep> counted_steps(const std::vector<Knot>& knots,
                                       const std::vector<Onset>& onsets);

/// The median of the time that is played, not of the steps: fast passages have more of them. 0 if
/// nothing is played.
double bpm_of_most(const std::vector<CountedStep>& steps);

}  // namespace fyr::rhythm
