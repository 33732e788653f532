// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <string>

#include "rhythm/fraction_text.hpp"
#include "score/spans.hpp"
#include "score/voice.hpp"
#include "writers/beams.hpp"
#include "writers/mscx.hpp"
#include "writers/names.hpp"
#include "writers/strokes.hpp"

namespace fyr {
namespace {

using tinyxml2::XMLPrinter;

/// What the unseen rest and bar line of a lead-in take from the room before the first note, in
/// staff spaces: with less, the first bar begins as if nothing were there.
constexpr const char* kLeadInSpace = "-5";

/// A length as MuseScore writes it: in the meter's terms when it is full bars, else reduced.
std::string fraction(const Measure& measure, Tick ticks) {
  Meter fraction = measure.meter;
  if (ticks % fraction.bar_ticks() != 0) return fraction_text(as_fraction(ticks));
  fraction.numerator *= ticks / fraction.bar_ticks();
  return fraction_text(fraction);
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

void write_tuplet(XMLPrinter& xml, const Tuplet& tuplet) {
  const Element element(xml, "Tuplet");
  if (!tuplet.numbered) {
    leaf(xml, "numberType", 2);
    leaf(xml, "bracketType", 2);
  } else if (tuplet.bracketed) {
    leaf(xml, "bracketType", 1);
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
  for (const Tempo& tempo : measure.tempi) write_mscx_tempo(xml, tempo, {}, {});
  const Element sign(xml, "RepeatMeasure");
  leaf(xml, "durationType", "measure");
  leaf(xml, "duration", std::string_view(fraction(measure, measure.length)));
}

/// What stands over a silent measure has its double over the rest that is drawn.
MscxTie tie_of(const Measure& measure, const Swing& swing, MscxTie::Role role) {
  MscxTie tie;
  tie.role = role;
  tie.n_tied = static_cast<int>(measure.tempi.size()) + (measure.shows_meter ? 1 : 0) +
               (measure.rehearsal.empty() ? 0 : 1) + (swing.swings() ? 1 : 0);
  return tie;
}

void write_line_break(XMLPrinter& xml) {
  const Element layout(xml, "LayoutBreak");
  leaf(xml, "subtype", "line");
}

void write_meter(XMLPrinter& xml, const Meter& meter, const MscxTie& tie) {
  const Element element(xml, "TimeSig");
  write_mscx_tie(xml, tie);
  leaf(xml, "sigN", meter.numerator);
  leaf(xml, "sigD", meter.denominator);
  write_groups(xml, meter);
}

void write_chords(XMLPrinter& xml, const Measure& measure, std::size_t index, const Swing& swing,
                  const MscxTie& tie) {
  const Voice& voice = measure.voices[index];
  std::vector<std::vector<Beam>> beams;  // None where MuseScore finds them itself.
  if (tells_beams(measure)) beams = beams_of(measure, voice);
  for (std::size_t i = 0; i < voice.chords.size(); ++i) {
    const Chord& chord = voice.chords[i];
    for (const Tempo& tempo : measure.tempi) {
      if (index == 0 && tempo.tick == chord.tick) write_mscx_tempo(xml, tempo, swing, tie);
    }
    if (is_dynamic_at(measure, index, i)) write_mscx_dynamic(xml, measure.dynamic->level);
    const Tuplet* tuplet = tuplet_at(voice, i);
    if (tuplet != nullptr && tuplet->first == i) write_tuplet(xml, *tuplet);
    if (chord.notes.empty()) {
      write_mscx_rest(xml, chord, fraction(measure, chord.duration));
    } else {
      write_mscx_chord(xml, chord, voice.stems, beams.empty() ? nullptr : &beams[i]);
    }
    if (tuplet != nullptr && tuplet->last == i) leaf(xml, "endTuplet");
  }
}

void write_measure(XMLPrinter& xml, const Measure& measure, const Swing& swing,
                   const MscxTie& tie) {
  Element element(xml, "Measure");
  if (measure.length != measure.meter.bar_ticks()) {
    element.with("len", fraction(measure, measure.length).c_str());
  }
  if (!measure.numbered) leaf(xml, "irregular", 1);
  if (measure.lead_in) leaf(xml, "stretch", "0.1");
  if (measure.line_break) write_line_break(xml);
  if (measure.repeats) {
    const Element voice(xml, "voice");
    write_repeat(xml, measure);
    return;
  }
  for (std::size_t i = 0; i < measure.voices.size(); ++i) {
    const Element voice(xml, "voice");
    if (i == 0 && measure.shows_meter) write_meter(xml, measure.meter, tie);
    if (i == 0) write_mscx_marks(xml, measure, swing, tie);
    write_chords(xml, measure, i, swing, tie);
    if (i == 0 && measure.lead_in) {
      {
        const Element segment(xml, "Segment");  // Of the rest.
        leaf(xml, "leadingSpace", kLeadInSpace);
      }
      const Element line(xml, "BarLine");
      leaf(xml, "visible", 0);
    }
  }
}

/// The rest that is drawn for all of `silent`.
void write_long_rest(XMLPrinter& xml, std::span<const Measure> silent, const Swing& swing) {
  const auto n_bars = static_cast<int>(silent.size());
  Measure rest = silent.front();
  const MscxTie tie = tie_of(rest, swing, MscxTie::Role::Double);
  rest.length *= n_bars;
  rest.voices.front().chords.front().duration = rest.length;
  Element element(xml, "Measure");
  element.with("len", fraction(rest, rest.length).c_str());
  leaf(xml, "multiMeasureRest", n_bars);
  if (silent.back().line_break) write_line_break(xml);
  const Element voice(xml, "voice");
  if (rest.shows_meter) write_meter(xml, rest.meter, tie);
  write_mscx_marks(xml, rest, swing, tie);
  write_chords(xml, rest, 0, swing, tie);
}

}  // namespace

void write_mscx_measures(XMLPrinter& xml, std::span<const Measure> measures, const Swing& swing) {
  if (measures.size() == 1) return write_measure(xml, measures.front(), swing, {});
  write_measure(xml, measures.front(), swing,
                tie_of(measures.front(), swing, MscxTie::Role::Original));
  write_long_rest(xml, measures, swing);
  for (const Measure& measure : measures.subspan(1)) write_measure(xml, measure, {}, {});
}

}  // namespace fyr
