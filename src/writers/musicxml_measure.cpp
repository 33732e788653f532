// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "number.hpp"
#include "score/voice.hpp"
#include "writers/musicxml.hpp"
#include "writers/names.hpp"
#include "writers/strokes.hpp"

namespace fyr {
namespace {

using tinyxml2::XMLPrinter;

constexpr int kTempoDecimals = 6;
constexpr Tick kWholeNote = 4 * kTicksPerQuarter;

void write_attributes(XMLPrinter& xml, const Measure& measure, const MusicXmlPlace& place) {
  const bool new_meter = place.first || measure.shows_meter;
  if (!new_meter && place.n_silent < 2) return;
  const Element attributes(xml, "attributes");
  if (place.first) leaf(xml, "divisions", kTicksPerQuarter);
  if (new_meter) {
    const Element time(xml, "time");
    leaf(xml, "beats", measure.meter.numerator);
    leaf(xml, "beat-type", measure.meter.denominator);
  }
  if (place.first) {
    const Element clef(xml, "clef");
    leaf(xml, "sign", "percussion");
    leaf(xml, "line", 2);
  }
  if (place.n_silent < 2) return;
  const Element style(xml, "measure-style");
  leaf(xml, "multiple-rest", static_cast<int>(place.n_silent));
}

/// A mark that is seen.
class Direction {
 public:
  Direction(XMLPrinter& xml, const char* placement) : direction_(xml, "direction") {
    direction_.with("placement", placement);
  }

 private:
  Element direction_;
};

void write_metronome(XMLPrinter& xml, const MetronomeMark& mark) {
  const Element type(xml, "direction-type");
  const Element metronome(xml, "metronome");
  leaf(xml, "beat-unit", duration_name(mark.beat.denominator));
  if (mark.beat.dots > 0) leaf(xml, "beat-unit-dot");
  leaf(xml, "per-minute", mark.beats_per_minute);
}

void write_sound(XMLPrinter& xml, const Tempo& tempo) {
  const std::string quarters_per_min = to_text({60 * tempo.quarters_per_s, kTempoDecimals});
  Element(xml, "sound").with("tempo", quarters_per_min.c_str());
}

/// MuseScore draws a sound that stands alone as a metronome mark of its own. In a direction it
/// draws the words instead; `print-object`, which would hide them, is not allowed there.
void write_hidden_tempo(XMLPrinter& xml, const Tempo& tempo) {
  const Element direction(xml, "direction");
  {
    const Element type(xml, "direction-type");
    leaf(xml, "words", " ");
  }
  write_sound(xml, tempo);
}

/// Swing as words only: MusicXML 4.0 could say how far, but MuseScore 3 then calls the file
/// invalid.
void write_tempo(XMLPrinter& xml, const Tempo& tempo, const Swing& swing) {
  if (!tempo.mark) return write_hidden_tempo(xml, tempo);
  const Direction direction(xml, "above");
  if (swing.swings()) {
    const Element type(xml, "direction-type");
    leaf(xml, "words", std::string_view(std::string(swing_name(swing)) + "  "));
  }
  write_metronome(xml, *tempo.mark);
  write_sound(xml, tempo);
}

void write_marks(XMLPrinter& xml, const Measure& measure) {
  if (!measure.rehearsal.empty()) {
    const Direction direction(xml, "above");
    const Element type(xml, "direction-type");
    leaf(xml, "rehearsal", std::string_view(measure.rehearsal));
  }
}

void write_dynamic(XMLPrinter& xml, Dynamic level) {
  const Direction direction(xml, "below");
  const Element type(xml, "direction-type");
  const Element dynamics(xml, "dynamics");
  leaf(xml, dynamic_name(level));
}

void write_voice(XMLPrinter& xml, const Measure& measure, const Voice& voice, std::size_t index,
                 const Swing& swing) {
  const std::vector<std::vector<Beam>> beams = beams_of(measure, voice);
  for (std::size_t i = 0; i < voice.chords.size(); ++i) {
    const Chord& chord = voice.chords[i];
    for (const Tempo& tempo : measure.tempi) {
      if (index == 0 && tempo.tick == chord.tick) write_tempo(xml, tempo, swing);
    }
    if (is_dynamic_at(measure, index, i)) write_dynamic(xml, measure.dynamic->level);
    MusicXmlContext context;
    context.voice = static_cast<int>(index) + 1;
    context.stems = voice.stems;
    context.beams = beams[i];
    context.tuplet = tuplet_at(voice, i);
    context.tuplet_starts = context.tuplet != nullptr && context.tuplet->first == i;
    context.tuplet_ends = context.tuplet != nullptr && context.tuplet->last == i;
    write_musicxml_chord(xml, chord, context);
  }
}

void write_backup(XMLPrinter& xml, Tick duration) {
  const Element backup(xml, "backup");
  leaf(xml, "duration", duration);
}

/// MuseScore 3 heeds no `placement` of an accent: it sets it at the heads, below the staff under
/// stems that point up, unless the bar has two voices.
bool needs_silent_voice(const Measure& measure) {
  const Voice& voice = measure.voices.front();
  return measure.voices.size() == 1 && voice.stems == Stems::Up &&
         std::ranges::any_of(voice.chords, &Chord::accent);
}

Voice silent_voice(const Measure& measure) {
  Chord rest;
  rest.duration = measure.length;
  rest.hidden = true;
  rest.full_bar = true;
  return {Stems::Down, {rest}, {}};
}

/// Verovio gives the rest of a whole measure no time where the measure is shorter than its meter.
Voice with_typed_rest(Voice voice) {
  Chord& rest = voice.chords.front();
  if (kWholeNote % rest.duration == 0) {
    rest.full_bar = false;
    rest.value = {kWholeNote / rest.duration, 0};
  }
  return voice;
}

}  // namespace

void write_musicxml_measure(XMLPrinter& xml, const Measure& measure, const MusicXmlPlace& place) {
  Element element(xml, "measure");
  element.with("number", place.number.c_str());
  if (!measure.numbered) element.with("implicit", "yes");
  if (place.new_system) Element(xml, "print").with("new-system", "yes");
  write_attributes(xml, measure, place);
  write_marks(xml, measure);
  for (std::size_t i = 0; i < measure.voices.size(); ++i) {
    if (i > 0) write_backup(xml, measure.length);
    const Voice& voice = measure.voices[i];
    write_voice(xml, measure, measure.lead_in ? with_typed_rest(voice) : voice, i, place.swing);
  }
  if (needs_silent_voice(measure)) {
    write_backup(xml, measure.length);
    write_voice(xml, measure, silent_voice(measure), 1, place.swing);
  }
  if (measure.lead_in || place.last) {
    Element line(xml, "barline");
    line.with("location", "right");
    leaf(xml, "bar-style", place.last ? "light-heavy" : "none");
  }
}

}  // namespace fyr
