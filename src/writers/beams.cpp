// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/beams.hpp"

#include <algorithm>
#include <bit>

#include "score/spans.hpp"
#include "score/voice.hpp"

namespace fyr {
namespace {

/// Whether all beams but the outer one begin anew: with a 32nd in the middle of a beat that starts
/// at `start`, as MuseScore has it.
bool breaks_inner_beams(const Chord& chord, Tick start) {
  return n_flags(chord) >= 3 && (chord.tick - start) % kTicksPerQuarter == kTicksPerQuarter / 2;
}

/// Chords [first, last) are joined, in the group that starts at `start`.
void join(std::vector<std::vector<Beam>>& beams, const std::vector<Chord>& chords,
          std::size_t first, std::size_t last, Tick start) {
  const auto joins_before = [&](std::size_t i, int level) {
    return i > first && i < last && n_flags(chords[i - 1]) >= level &&
           n_flags(chords[i]) >= level && (level == 1 || !breaks_inner_beams(chords[i], start));
  };
  for (std::size_t i = first; i < last; ++i) {
    for (int level = 1; level <= n_flags(chords[i]); ++level) {
      const bool before = joins_before(i, level);
      const bool after = joins_before(i + 1, level);
      beams[i].push_back(before && after ? Beam::Continue
                         : after         ? Beam::Begin
                         : before        ? Beam::End
                         : i == first    ? Beam::ForwardHook
                                         : Beam::BackwardHook);
    }
  }
}

bool holds(const Span& span, const Chord& chord) {
  return chord.tick >= span.start && chord.tick < span.end;
}

/// The stretches that have beams of their own.
std::vector<Span> groups_of(const Measure& measure, const Voice& voice) {
  Bar bar;
  bar.meter = measure.meter;
  bar.length = measure.length;
  std::vector<Span> groups;
  bool eighths_before = false;
  for (const Span& span : spans_of(bar, !measure.numbered)) {
    const bool eighths = only_eighths(voice, span.start, span.end);
    if (pairs_quarters(bar.meter) && !span.begins_half && eighths && eighths_before) {
      groups.back().end = span.end;
    } else {
      groups.push_back(span);
    }
    eighths_before = eighths;
  }
  return groups;
}

}  // namespace

int n_flags(const Chord& chord) {
  if (chord.notes.empty()) return 0;
  return std::max(0, std::countr_zero(static_cast<unsigned>(chord.value.denominator)) - 2);
}

std::vector<std::vector<Beam>> beams_of(const Measure& measure, const Voice& voice) {
  const std::vector<Chord>& chords = voice.chords;
  std::vector<std::vector<Beam>> beams(chords.size());
  for (const Span& group : groups_of(measure, voice)) {
    std::size_t first = 0;
    for (std::size_t i = 0; i <= chords.size(); ++i) {
      const bool joins = i < chords.size() && n_flags(chords[i]) > 0 && holds(group, chords[i]);
      if (joins) continue;
      if (i - first > 1) join(beams, chords, first, i, group.start);
      first = i + 1;
    }
  }
  return beams;
}

}  // namespace fyr
