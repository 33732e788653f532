// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/repeats.hpp"

#include <algorithm>

namespace fyr {
namespace {

bool reads_alike(const Note& one, const Note& two) {
  return one.drum == two.drum && one.ghost == two.ghost && one.ornament == two.ornament &&
         one.choked == two.choked && !one.doubtful && !two.doubtful;
}

bool reads_alike(const Chord& one, const Chord& two) {
  return one.tick == two.tick && one.duration == two.duration && one.value == two.value &&
         one.accent == two.accent && one.hidden == two.hidden &&
         std::ranges::equal(one.notes, two.notes,
                            [](const Note& a, const Note& b) { return reads_alike(a, b); });
}

bool reads_alike(const Voice& one, const Voice& two) {
  return one.stems == two.stems &&
         std::ranges::equal(one.chords, two.chords,
                            [](const Chord& a, const Chord& b) { return reads_alike(a, b); });
}

bool has_notes(const Measure& measure) {
  return std::ranges::any_of(measure.voices, [](const Voice& voice) {
    return std::ranges::any_of(voice.chords,
                               [](const Chord& chord) { return !chord.notes.empty(); });
  });
}

/// A repeat sign has no place inside where a speed could change.
bool keeps_its_speed(const Measure& measure) {
  return std::ranges::all_of(measure.tempi, [](const Tempo& tempo) { return tempo.tick == 0; });
}

bool can_repeat(const Measure& before, const Measure& measure) {
  return measure.numbered && measure.length == before.length && !measure.shows_meter &&
         measure.rehearsal.empty() && !measure.dynamic && keeps_its_speed(measure) &&
         has_notes(measure) &&
         std::ranges::equal(before.voices, measure.voices,
                            [](const Voice& a, const Voice& b) { return reads_alike(a, b); });
}

}  // namespace

void mark_repeats(Score& score) {
  for (std::size_t i = 1; i < score.measures.size(); ++i) {
    const Measure& before = score.measures[i - 1];
    score.measures[i].repeats = !before.line_break && can_repeat(before, score.measures[i]);
  }
}

}  // namespace fyr
