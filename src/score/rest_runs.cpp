// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/rest_runs.hpp"

#include <algorithm>

namespace fyr {
namespace {

bool is_silent(const Measure& measure) {
  if (!measure.numbered || measure.dynamic || measure.voices.size() != 1) return false;
  const std::vector<Chord>& chords = measure.voices.front().chords;
  return chords.size() == 1 && chords.front().full_bar;
}

/// Whether something stands over the measure that must be seen there.
bool has_marks(const Measure& measure) {
  return !measure.rehearsal.empty() || measure.shows_meter ||
         std::ranges::any_of(measure.tempi,
                             [](const Tempo& tempo) { return tempo.mark.has_value(); });
}

}  // namespace

std::size_t rest_run(const std::vector<Measure>& measures, std::size_t first) {
  std::size_t last = first;
  if (!is_silent(measures[first])) return 1;
  while (last + 1 < measures.size() && is_silent(measures[last + 1]) &&
         !has_marks(measures[last + 1])) {
    ++last;
  }
  return last - first + 1;
}

}  // namespace fyr
