// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/counted_steps.hpp"

#include <algorithm>
#include <iterator>

namespace fyr::rhythm {

std::vector<CountedStep> counted_steps(const std::vector<Knot>& knots,
                                       const std::vector<Onset>& onsets) {
  std::vector<CountedStep> steps;
  for (std::size_t i = 1; i < knots.size(); ++i) {
    const Knot& begin = knots[i - 1];
    const Knot& end = knots[i];
    const auto first = std::ranges::lower_bound(onsets, begin.time_s, {}, &Onset::time_s);
    const auto last = std::ranges::lower_bound(onsets, end.time_s, {}, &Onset::time_s);
    const double n_quarters = static_cast<double>(end.tick - begin.tick) / kTicksPerQuarter;
    steps.push_back({begin.time_s, end.time_s, n_quarters, static_cast<int>(last - first)});
  }
  return steps;
}

double bpm_of_most(const std::vector<CountedStep>& steps) {
  std::vector<CountedStep> played;
  std::ranges::copy_if(steps, std::back_inserter(played), &CountedStep::played);
  std::ranges::sort(played, {}, &CountedStep::bpm);
  double rest_s = 0;
  for (const CountedStep& step : played) rest_s += step.length_s() / 2;
  for (const CountedStep& step : played) {
    rest_s -= step.length_s();
    if (rest_s < 0) return step.bpm();
  }
  return 0;
}

}  // namespace fyr::rhythm
