// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/beams.hpp"

#include <algorithm>
#include <bit>

#include "score/spans.hpp"

namespace fyr {
namespace {

/// Flags that the chord would have alone: 1 for an eighth.
int n_flags(const Chord& chord) {
  if (chord.notes.empty()) return 0;
  return std::max(0, std::countr_zero(static_cast<unsigned>(chord.value.denominator)) - 2);
}

/// Chords [first, last) are joined.
void join(std::vector<std::vector<Beam>>& beams, const std::vector<Chord>& chords,
          std::size_t first, std::size_t last) {
  for (std::size_t i = first; i < last; ++i) {
    for (int level = 1; level <= n_flags(chords[i]); ++level) {
      const bool before = i > first && n_flags(chords[i - 1]) >= level;
      const bool after = i + 1 < last && n_flags(chords[i + 1]) >= level;
      beams[i].push_back(before && after ? Beam::Continue
                         : after         ? Beam::Begin
                         : before        ? Beam::End
                         : i == first    ? Beam::ForwardHook
                                         : Beam::BackwardHook);
    }
  }
}

}  // namespace

std::vector<std::vector<Beam>> beams_of(const Measure& measure, const Voice& voice) {
  const std::vector<Chord>& chords = voice.chords;
  std::vector<std::vector<Beam>> beams(chords.size());
  Bar bar;
  bar.meter = measure.meter;
  bar.length = measure.length;
  for (const Span& span : spans_of(bar, !measure.numbered)) {
    std::size_t first = 0;
    for (std::size_t i = 0; i <= chords.size(); ++i) {
      const bool joins = i < chords.size() && n_flags(chords[i]) > 0 &&
                         chords[i].tick >= span.start && chords[i].tick < span.end;
      if (joins) continue;
      if (i - first > 1) join(beams, chords, first, i);
      first = i + 1;
    }
  }
  return beams;
}

}  // namespace fyr
