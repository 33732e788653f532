// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/strokes.hpp"

#include <algorithm>
#include <utility>

#include "writers/beams.hpp"

namespace fyr {
namespace {

/// A roll is of 32nds.
constexpr int kRollBeams = 3;

GraceStroke grace_stroke(const Chord& chord, Ornament ornament) {
  GraceStroke stroke{ornament, {}};
  for (Note note : by_height(chord.notes)) {
    if (note.ornament != ornament) continue;
    note.velocity = (note.velocity + 1) / 2;
    note.ghost = false;
    stroke.notes.push_back(note);
  }
  return stroke;
}

}  // namespace

std::vector<GraceStroke> grace_strokes(const Chord& chord) {
  std::vector<GraceStroke> strokes;
  if (has(chord, Ornament::Flam)) strokes.push_back(grace_stroke(chord, Ornament::Flam));
  if (has(chord, Ornament::Drag))
    strokes.insert(strokes.end(), 2, grace_stroke(chord, Ornament::Drag));
  return strokes;
}

int n_slashes(const Chord& chord) {
  if (!has(chord, Ornament::Roll)) return 0;
  return std::max(1, kRollBeams - n_flags(chord));
}

bool is_dynamic_at(const Measure& measure, std::size_t voice, std::size_t chord) {
  return measure.dynamic && measure.dynamic->voice == voice && measure.dynamic->chord == chord;
}

bool has(const Chord& chord, Ornament ornament) {
  return std::ranges::find(chord.notes, ornament, &Note::ornament) != chord.notes.end();
}

bool is_choked(const Chord& chord) { return std::ranges::any_of(chord.notes, &Note::choked); }

std::vector<Note> by_height(std::vector<Note> notes) {
  std::ranges::sort(notes, {}, [](const Note& note) {
    return std::pair(-note.place.line, info(note.drum).midi_key);
  });
  return notes;
}

}  // namespace fyr
