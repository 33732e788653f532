// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <string>

#include "rhythm/fraction_text.hpp"
#include "score/spans.hpp"
#include "writers/beams.hpp"
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

/// A length as MuseScore writes it: in the meter's terms when it is a full bar, else reduced.
std::string fraction(const Measure& measure, Tick ticks) {
  return fraction_text(ticks == measure.meter.bar_ticks() ? measure.meter : as_fraction(ticks));
}

/// Whether every chord must say how it is beamed: MuseScore counts a pickup from the start of its
/// meter, and in x/2 it joins eighths to the 16ths of the quarter before.
bool tells_beams(const Measure& measure) {
  return !measure.numbered || measure.meter.denominator == 2;
}

/// Whether MuseScore beams the meter by its beats, unasked or told by every chord; of others it
/// makes one beam or two.
bool beams_by_beats(const Meter& meter) {
  constexpr std::array kEighths{3, 5, 6, 7, 9, 12};
  return meter.denominator == 2 || (meter.denominator == 4 && meter.numerator <= 4) ||
         (meter.denominator == 8 && std::ranges::find(kEighths, meter.numerator) != kEighths.end());
}

/// Where beams end, as 32nds from the start of the bar; three hexadecimal digits tell what becomes
/// of 32nds, 16ths and eighths there: 1 begins a new beam, 2 leaves the one of eighths alone
/// (MuseScore 3, libmscore/groups.h).
void write_groups(XMLPrinter& xml, const Meter& meter) {
  if (beams_by_beats(meter)) return;
  constexpr Tick kTicksPer32nd = kTicksPerQuarter / 8;
  constexpr int kNewBeam = 0x111;
  constexpr int kHalf = 0x200;
  Bar bar;
  bar.meter = meter;
  bar.length = meter.bar_ticks();
  const Element groups(xml, "Groups");
  const auto node = [&](Tick tick, int action) {
    Element(xml, "Node").with("pos", tick / kTicksPer32nd).with("action", action);
  };
  for (const Span& span : spans_of(bar, false)) {
    if (span.start > 0) node(span.start, kNewBeam);
    if (span.end - span.start == kTicksPerQuarter) node(span.start + kTicksPerQuarter / 2, kHalf);
  }
}

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

void write_grace(XMLPrinter& xml, const GraceStroke& stroke, Stems stems) {
  const bool flam = stroke.ornament == Ornament::Flam;
  const Element element(xml, "Chord");
  leaf(xml, "durationType", flam ? "eighth" : "16th");
  leaf(xml, flam ? "acciaccatura" : "grace16");
  write_stems(xml, stems);
  for (const Note& note : stroke.notes) write_note(xml, note, false);
}

/// `beams`: null where MuseScore finds them itself.
void write_chord(XMLPrinter& xml, const Chord& chord, Stems stems, const std::vector<Beam>* beams) {
  for (const GraceStroke& stroke : grace_strokes(chord)) write_grace(xml, stroke, stems);
  const Element element(xml, "Chord");
  if (beams != nullptr) write_beam_mode(xml, chord, *beams);
  write_value(xml, chord.value);
  if (chord.accent) {
    const Element articulation(xml, "Articulation");
    leaf(xml, "subtype", "articAccentAbove");
    leaf(xml, "anchor", 3);  // Above the chord; else it drops below the staff in one-voice bars.
  }
  write_stems(xml, stems);
  for (const Note& note : by_height(chord.notes)) write_note(xml, note, chord.value.dots > 0);
  if (const int slashes = n_slashes(chord); slashes > 0) {
    const Element tremolo(xml, "Tremolo");
    leaf(xml, "subtype", ("r" + std::to_string(4 << slashes)).c_str());
  }
}

void write_rest(XMLPrinter& xml, const Measure& measure, const Chord& rest) {
  const Element element(xml, "Rest");
  if (rest.hidden) leaf(xml, "visible", 0);
  if (rest.full_bar) {
    leaf(xml, "durationType", "measure");
    leaf(xml, "duration", std::string_view(fraction(measure, rest.duration)));
  } else {
    write_value(xml, rest.value);
    if (rest.hidden && rest.value.dots > 0) {
      const Element dot(xml, "NoteDot");
      leaf(xml, "visible", 0);
    }
  }
}

void write_tuplet(XMLPrinter& xml, const Tuplet& tuplet) {
  const Element element(xml, "Tuplet");
  if (!tuplet.numbered) {
    leaf(xml, "numberType", 2);
    leaf(xml, "bracketType", 2);
  }
  leaf(xml, "normalNotes", tuplet.normal);
  leaf(xml, "actualNotes", tuplet.actual);
  leaf(xml, "baseNote", duration_name(tuplet.base.denominator));
  if (!tuplet.numbered) return;
  const Element number(xml, "Number");
  leaf(xml, "style", "Tuplet");
  leaf(xml, "text", tuplet.actual);
}

/// MuseScore draws the sign across both voices and plays the bar before again.
void write_repeat(XMLPrinter& xml, const Measure& measure) {
  for (const Tempo& tempo : measure.tempi) write_mscx_tempo(xml, tempo);
  const Element sign(xml, "RepeatMeasure");
  leaf(xml, "durationType", "measure");
  leaf(xml, "duration", std::string_view(fraction(measure, measure.length)));
}

void write_chords(XMLPrinter& xml, const Measure& measure, std::size_t index) {
  const Voice& voice = measure.voices[index];
  std::vector<std::vector<Beam>> beams;  // None where MuseScore finds them itself.
  if (tells_beams(measure)) beams = beams_of(measure, voice);
  auto tuplet = voice.tuplets.begin();
  for (std::size_t i = 0; i < voice.chords.size(); ++i) {
    const Chord& chord = voice.chords[i];
    for (const Tempo& tempo : measure.tempi) {
      if (index == 0 && tempo.tick == chord.tick) write_mscx_tempo(xml, tempo);
    }
    if (tuplet != voice.tuplets.end() && tuplet->first == i) write_tuplet(xml, *tuplet);
    if (chord.notes.empty()) {
      write_rest(xml, measure, chord);
    } else {
      write_chord(xml, chord, voice.stems, beams.empty() ? nullptr : &beams[i]);
    }
    if (tuplet != voice.tuplets.end() && tuplet->last == i) {
      leaf(xml, "endTuplet");
      ++tuplet;
    }
  }
}

}  // namespace

void write_mscx_measure(XMLPrinter& xml, const Measure& measure, double swing) {
  Element element(xml, "Measure");
  if (measure.length != measure.meter.bar_ticks()) {
    element.with("len", fraction(measure, measure.length).c_str());
  }
  if (!measure.numbered) leaf(xml, "irregular", 1);
  if (measure.lead_in) leaf(xml, "stretch", "0.1");
  if (measure.line_break) {
    const Element layout(xml, "LayoutBreak");
    leaf(xml, "subtype", "line");
  }
  if (measure.repeats) {
    const Element voice(xml, "voice");
    write_repeat(xml, measure);
    return;
  }
  for (std::size_t i = 0; i < measure.voices.size(); ++i) {
    const Element voice(xml, "voice");
    if (i == 0 && measure.shows_meter) {
      const Element meter(xml, "TimeSig");
      leaf(xml, "sigN", measure.meter.numerator);
      leaf(xml, "sigD", measure.meter.denominator);
      write_groups(xml, measure.meter);
    }
    if (i == 0) write_mscx_marks(xml, measure, swing);
    write_chords(xml, measure, i);
    if (i == 0 && measure.lead_in) {
      const Element line(xml, "BarLine");
      leaf(xml, "visible", 0);
    }
  }
}

}  // namespace fyr
