// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <string>

#include "writers/mscx.hpp"
#include "writers/names.hpp"
#include "writers/strokes.hpp"

namespace fyr {
namespace {

using tinyxml2::XMLPrinter;

/// Red, so that a doubtful note is also darker than white in a grey print.
constexpr std::array<int, 3> kDoubtColour{{200, 0, 0}};

/// Tonal pitch class by semitone above C. Drums have none, but MuseScore writes it.
constexpr std::array<int, 12> kTonalPitchClass{{14, 21, 16, 23, 18, 13, 20, 15, 22, 17, 24, 19}};

void write_value(XMLPrinter& xml, const NoteValue& value) {
  if (value.dots > 0) leaf(xml, "dots", value.dots);  // MuseScore loses dots after the type.
  leaf(xml, "durationType", duration_name(value.denominator));
}

/// MuseScore puts the right one where a note's dot is; there it moves by a dot's width, in staff
/// spaces.
void write_parentheses(XMLPrinter& xml, bool dotted) {
  {
    const Element left(xml, "Symbol");
    leaf(xml, "name", "noteheadParenthesisLeft");
  }
  const Element right(xml, "Symbol");
  leaf(xml, "name", "noteheadParenthesisRight");
  if (dotted) Element(xml, "offset").with("x", "0.9").with("y", 0);
}

void write_note(XMLPrinter& xml, const Note& note, bool dotted) {
  const int key = info(note.drum).midi_key;
  const Element element(xml, "Note");
  if (note.doubtful) {
    Element(xml, "color")
        .with("r", kDoubtColour[0])
        .with("g", kDoubtColour[1])
        .with("b", kDoubtColour[2])
        .with("a", 255);
  }
  if (note.ghost) write_parentheses(xml, dotted);
  leaf(xml, "pitch", key);
  leaf(xml, "tpc", kTonalPitchClass[static_cast<std::size_t>(key % 12)]);
  const NoteHead head = note.place.head;
  if (head != NoteHead::Normal) leaf(xml, "head", mscx_head(head));
  leaf(xml, "velocity", note.velocity);
  leaf(xml, "veloType", "user");
}

void write_stems(XMLPrinter& xml, Stems stems) {
  leaf(xml, "StemDirection", stems == Stems::Up ? "up" : "down");
}

void write_beam_mode(XMLPrinter& xml, const Chord& chord, const std::vector<Beam>& beams) {
  if (chord.value.denominator < 8) return;
  leaf(xml, "BeamMode", beams.empty() ? "no" : beams.front() == Beam::Begin ? "begin" : "mid");
}

void write_articulation(XMLPrinter& xml, const char* name) {
  const Element articulation(xml, "Articulation");
  leaf(xml, "subtype", name);
  leaf(xml, "anchor", 3);  // Above the chord; else it drops below the staff in one-voice bars.
}

void write_grace(XMLPrinter& xml, const GraceStroke& stroke, Stems stems) {
  const bool flam = stroke.ornament == Ornament::Flam;
  const Element element(xml, "Chord");
  leaf(xml, "durationType", flam ? "eighth" : "16th");
  leaf(xml, flam ? "acciaccatura" : "grace16");
  write_stems(xml, stems);
  for (const Note& note : stroke.notes) write_note(xml, note, false);
}

}  // namespace

void write_mscx_chord(XMLPrinter& xml, const Chord& chord, Stems stems,
                      const std::vector<Beam>* beams) {
  for (const GraceStroke& stroke : grace_strokes(chord)) write_grace(xml, stroke, stems);
  const Element element(xml, "Chord");
  if (beams != nullptr) write_beam_mode(xml, chord, *beams);
  write_value(xml, chord.value);
  if (chord.accent) write_articulation(xml, "articAccentAbove");
  if (is_choked(chord)) write_articulation(xml, kChokeGlyph);
  write_stems(xml, stems);
  for (const Note& note : by_height(chord.notes)) write_note(xml, note, chord.value.dots > 0);
  if (const int slashes = n_slashes(chord); slashes > 0) {
    const Element tremolo(xml, "Tremolo");
    leaf(xml, "subtype", ("r" + std::to_string(4 << slashes)).c_str());
  }
}

void write_mscx_rest(XMLPrinter& xml, const Chord& rest, std::string_view length) {
  const Element element(xml, "Rest");
  if (rest.hidden) leaf(xml, "visible", 0);
  if (rest.full_bar) {
    leaf(xml, "durationType", "measure");
    leaf(xml, "duration", length);
  } else {
    write_value(xml, rest.value);
    if (rest.hidden && rest.value.dots > 0) {
      const Element dot(xml, "NoteDot");
      leaf(xml, "visible", 0);
    }
  }
}

}  // namespace fyr
