// SPDX-License-Identifier: GPL-3.0-or-later
#include "number.hpp"
#include "writers/musicxml.hpp"
#include "writers/names.hpp"
#include "writers/strokes.hpp"

namespace fyr {
namespace {

using tinyxml2::XMLPrinter;

constexpr const char* kDoubtColour = "#C80000";
constexpr double kForte = 90;  ///< MIDI velocity that MusicXML calls 100 %.

const char* head_name(NoteHead head) {
  switch (head) {
    case NoteHead::Normal:
      return "normal";
    case NoteHead::Cross:
      return "x";
    case NoteHead::CircledCross:
      return "circle-x";
    case NoteHead::Diamond:
      return "diamond";
    case NoteHead::Triangle:
      return "inverted triangle";
  }
  return "normal";
}

const char* beam_name(Beam beam) {
  switch (beam) {
    case Beam::Begin:
      return "begin";
    case Beam::Continue:
      return "continue";
    case Beam::End:
      return "end";
    case Beam::ForwardHook:
      return "forward hook";
    case Beam::BackwardHook:
      return "backward hook";
  }
  return "begin";
}

/// The note that a percussion clef has there; the top line is F5.
void write_unpitched(XMLPrinter& xml, int line) {
  constexpr int kTopLine = 5 * 7 + 3;  // Diatonic steps above C0.
  const int place = kTopLine - line;
  const Element element(xml, "unpitched");
  leaf(xml, "display-step",
       std::string_view("CDEFGAB").substr(static_cast<std::size_t>(place % 7), 1));
  leaf(xml, "display-octave", place / 7);
}

void write_value(XMLPrinter& xml, const NoteValue& value) {
  leaf(xml, "type", duration_name(value.denominator));
  for (int dot = 0; dot < value.dots; ++dot) leaf(xml, "dot");
}

void write_time_modification(XMLPrinter& xml, const Tuplet& tuplet) {
  const Element element(xml, "time-modification");
  leaf(xml, "actual-notes", tuplet.actual);
  leaf(xml, "normal-notes", tuplet.normal);
  leaf(xml, "normal-type", duration_name(tuplet.base.denominator));
}

void write_tuplet_ends(XMLPrinter& xml, const MusicXmlContext& context) {
  if (context.tuplet_starts) {
    Element start(xml, "tuplet");
    start.with("type", "start");
    if (!context.tuplet->numbered) {
      start.with("bracket", "no").with("show-number", "none");
    } else if (context.tuplet->bracketed) {
      start.with("bracket", "yes");
    }
  }
  if (context.tuplet_ends) Element(xml, "tuplet").with("type", "stop");
}

void write_notations(XMLPrinter& xml, const Chord& chord, const MusicXmlContext& context) {
  const int slashes = n_slashes(chord);
  if (!context.tuplet_starts && !context.tuplet_ends && slashes == 0 && !chord.accent &&
      !is_choked(chord)) {
    return;
  }
  const Element notations(xml, "notations");
  write_tuplet_ends(xml, context);
  if (slashes > 0) {
    const Element ornaments(xml, "ornaments");
    Element tremolo(xml, "tremolo");
    tremolo.with("type", "single");
    xml.PushText(slashes);
  }
  if (!chord.accent && !is_choked(chord)) return;
  const Element articulations(xml, "articulations");
  if (chord.accent) Element(xml, "accent").with("placement", "above");
  if (is_choked(chord)) {
    Element choke(xml, "other-articulation");
    choke.with("placement", "above").with("smufl", kChokeGlyph);
    xml.PushText("choke");
  }
}

void write_beams(XMLPrinter& xml, const std::vector<Beam>& beams) {
  for (std::size_t level = 0; level < beams.size(); ++level) {
    Element element(xml, "beam");
    element.with("number", static_cast<int>(level) + 1);
    xml.PushText(beam_name(beams[level]));
  }
}

void write_head(XMLPrinter& xml, const Note& note) {
  Element head(xml, "notehead");
  if (note.ghost) head.with("parentheses", "yes");
  xml.PushText(head_name(note.place.head));
}

void set_sound(Element& element, const Note& note) {
  element.with("dynamics", to_text({100 * note.velocity / kForte, 2}).c_str());
  if (note.doubtful) element.with("color", kDoubtColour);
}

const char* stem_name(Stems stems) { return stems == Stems::Up ? "up" : "down"; }

void write_grace(XMLPrinter& xml, const GraceStroke& stroke, const std::vector<Beam>& beams,
                 const MusicXmlContext& context) {
  const bool flam = stroke.ornament == Ornament::Flam;
  for (const Note& note : stroke.notes) {
    const bool first = &note == &stroke.notes.front();
    Element element(xml, "note");
    set_sound(element, note);
    Element(xml, "grace").with("slash", flam ? "yes" : "no");
    if (!first) leaf(xml, "chord");
    write_unpitched(xml, note.place.line);
    Element(xml, "instrument").with("id", musicxml_instrument(note.drum).c_str());
    leaf(xml, "voice", context.voice);
    leaf(xml, "type", flam ? "eighth" : "16th");
    leaf(xml, "stem", stem_name(context.stems));
    write_head(xml, note);
    if (first) write_beams(xml, beams);
  }
}

/// The two strokes of a drag hang on one pair of beams.
void write_graces(XMLPrinter& xml, const Chord& chord, const MusicXmlContext& context) {
  bool drag_began = false;
  for (const GraceStroke& stroke : grace_strokes(chord)) {
    std::vector<Beam> beams;
    if (stroke.ornament == Ornament::Drag) {
      beams.assign(2, drag_began ? Beam::End : Beam::Begin);
      drag_began = true;
    }
    write_grace(xml, stroke, beams, context);
  }
}

void write_note(XMLPrinter& xml, const Chord& chord, const Note& note, bool first,
                const MusicXmlContext& context) {
  Element element(xml, "note");
  set_sound(element, note);
  if (!first) leaf(xml, "chord");
  write_unpitched(xml, note.place.line);
  leaf(xml, "duration", chord.duration);
  Element(xml, "instrument").with("id", musicxml_instrument(note.drum).c_str());
  leaf(xml, "voice", context.voice);
  write_value(xml, chord.value);
  if (context.tuplet != nullptr) write_time_modification(xml, *context.tuplet);
  leaf(xml, "stem", stem_name(context.stems));
  write_head(xml, note);
  if (!first) return;
  write_beams(xml, context.beams);
  write_notations(xml, chord, context);
}

void write_rest(XMLPrinter& xml, const Chord& rest, const MusicXmlContext& context) {
  Element element(xml, "note");
  if (rest.hidden) element.with("print-object", "no");
  {
    Element mark(xml, "rest");
    if (rest.full_bar) mark.with("measure", "yes");
  }
  leaf(xml, "duration", rest.duration);
  leaf(xml, "voice", context.voice);
  if (rest.full_bar) return;
  write_value(xml, rest.value);
  if (context.tuplet != nullptr) write_time_modification(xml, *context.tuplet);
  write_notations(xml, rest, context);
}

}  // namespace

void write_musicxml_chord(XMLPrinter& xml, const Chord& chord, const MusicXmlContext& context) {
  if (chord.notes.empty()) return write_rest(xml, chord, context);
  write_graces(xml, chord, context);
  const std::vector<Note> notes = by_height(chord.notes);
  for (const Note& note : notes) write_note(xml, chord, note, &note == &notes.front(), context);
}

}  // namespace fyr
