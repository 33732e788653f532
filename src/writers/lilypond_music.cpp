// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "rhythm/fraction_text.hpp"
#include "score/bar_numbers.hpp"
#include "score/rest_runs.hpp"
#include "score/voice.hpp"
#include "writers/beams.hpp"
#include "writers/lilypond.hpp"
#include "writers/names.hpp"
#include "writers/strokes.hpp"

namespace fyr {
namespace {

std::string text_of(const NoteValue& value) {
  return std::to_string(value.denominator) + std::string(static_cast<std::size_t>(value.dots), '.');
}

std::string head_of(const Note& note) {
  std::string text;
  if (note.doubtful) text += "\\tweak NoteHead.color #(rgb-color 0.78 0 0) ";
  if (note.ghost) text += "\\parenthesize ";
  return text + lilypond_drum(note.drum);
}

std::string heads_of(const std::vector<Note>& notes) {
  std::string text;
  for (const Note& note : notes) text += (text.empty() ? "" : " ") + head_of(note);
  return "<" + text + ">";
}

const char* grace_value(Ornament ornament) { return ornament == Ornament::Flam ? "8" : "16"; }

/// The two strokes of a drag hang on one beam.
std::string graces_of(const Chord& chord) {
  std::string text;
  const char* beam = "[";
  for (const GraceStroke& stroke : grace_strokes(chord)) {
    text += " " + heads_of(stroke.notes) + grace_value(stroke.ornament);
    if (stroke.ornament != Ornament::Drag) continue;
    text += beam;
    beam = "]";
  }
  if (text.empty()) return {};
  return std::string(has(chord, Ornament::Drag) ? "\\grace {" : "\\slashedGrace {") + text + " } ";
}

/// Skips as long as the grace strokes of the other voice: without them LilyPond would let the
/// voices drift apart there.
std::string silent_graces(const std::vector<GraceStroke>& strokes) {
  std::string text;
  for (const GraceStroke& stroke : strokes)
    text += std::string(" s") + grace_value(stroke.ornament);
  return text.empty() ? "" : "\\grace {" + text + " } ";
}

/// Whether the inner beams of a 32nd begin anew while the outer one goes on.
bool begins_inner_beams(const std::vector<Beam>& beams) {
  return beams.size() >= 3 && beams[0] != Beam::Begin && beams[1] == Beam::Begin;
}

/// LilyPond finds out by itself how many beams a note has, but not where inner ones break.
std::string inner_beams(const std::vector<std::vector<Beam>>& beams, std::size_t i) {
  std::string text;
  if (begins_inner_beams(beams[i])) text += "\\set stemLeftBeamCount = #1 ";
  if (i + 1 < beams.size() && beams[i].size() > 1 && begins_inner_beams(beams[i + 1])) {
    text += "\\set stemRightBeamCount = #1 ";
  }
  return text;
}

/// `beams` are those of beams_of().
std::string symbol_of(const Chord& chord, const std::vector<Beam>& beams) {
  if (chord.full_bar)
    return (chord.hidden ? "s1*" : "R1*") + fraction_text(as_fraction(chord.duration));
  if (chord.notes.empty()) return (chord.hidden ? "s" : "r") + text_of(chord.value);
  std::string text = heads_of(by_height(chord.notes)) + text_of(chord.value);
  if (const int slashes = n_slashes(chord); slashes > 0) {
    text += ":" + std::to_string(std::max(4, chord.value.denominator) << slashes);
  }
  if (!beams.empty() && beams.front() == Beam::Begin) text += "[";
  if (!beams.empty() && beams.front() == Beam::End) text += "]";
  if (chord.accent) text += "^>";
  if (is_choked(chord)) {
    text += R"(-\tweak self-alignment-X #CENTER -\tweak parent-alignment-X #CENTER )"
            R"(^\markup { \musicglyph "scripts.rcomma" })";
  }
  return text;
}

/// Only what is seen: LilyPond plays whole beats a minute, so it can't follow a recording anyway.
std::string tempo_text(const Tempo& tempo, const Swing& swing) {
  if (!tempo.mark) return {};
  return std::string("\\tempo ") +
         (swing.swings() ? std::string("\"") + swing_name(swing) + "\" " : "") +
         text_of(tempo.mark->beat) + " = " + std::to_string(tempo.mark->beats_per_minute) + " ";
}

std::string tuplet_begin(const Tuplet& tuplet) {
  const std::string ratio = std::to_string(tuplet.actual) + "/" + std::to_string(tuplet.normal);
  const char* hidden =
      tuplet.numbered ? "" : "\\once \\omit TupletNumber \\once \\omit TupletBracket ";
  return hidden + ("\\tuplet " + ratio + " { ");
}

/// The grace strokes that another voice plays before `tick`.
std::vector<GraceStroke> other_graces(const Measure& measure, std::size_t index, Tick tick) {
  for (std::size_t other = 0; other < measure.voices.size(); ++other) {
    if (other == index) continue;
    for (const Chord& chord : measure.voices[other].chords) {
      if (chord.tick == tick) return grace_strokes(chord);
    }
  }
  return {};
}

/// Whether the other voice shows anything while the chord lasts.
bool has_company(const Measure& measure, std::size_t index, const Chord& chord) {
  for (std::size_t other = 0; other < measure.voices.size(); ++other) {
    if (other == index) continue;
    for (const Chord& there : measure.voices[other].chords) {
      const bool together =
          there.tick < chord.tick + chord.duration && chord.tick < there.tick + there.duration;
      if (together && !there.hidden) return true;
    }
  }
  return false;
}

/// A rest that has the staff to itself stands in its middle, as MuseScore draws it.
std::string rest_place(const Measure& measure, std::size_t index, const Chord& chord) {
  const bool seen = chord.notes.empty() && !chord.hidden && !chord.full_bar;
  const bool pushed = measure.voices.size() > 1 && !has_company(measure, index, chord);
  return seen && pushed ? "\\tweak staff-position 0 " : "";
}

void write_voice(const Measure& measure, std::size_t index, const Swing& swing, std::ostream& out) {
  const Voice& voice = measure.voices[index];
  const std::vector<std::vector<Beam>> beams = beams_of(measure, voice);
  for (std::size_t i = 0; i < voice.chords.size(); ++i) {
    const Chord& chord = voice.chords[i];
    for (const Tempo& tempo : measure.tempi) {
      if (index == 0 && tempo.tick == chord.tick) out << tempo_text(tempo, swing);
    }
    const Tuplet* tuplet = tuplet_at(voice, i);
    if (tuplet != nullptr && tuplet->first == i) out << tuplet_begin(*tuplet);
    const std::string graces = graces_of(chord);
    out << (graces.empty() ? silent_graces(other_graces(measure, index, chord.tick)) : graces);
    out << inner_beams(beams, i) << rest_place(measure, index, chord) << symbol_of(chord, beams[i]);
    if (is_dynamic_at(measure, index, i)) out << '\\' << dynamic_name(measure.dynamic->level);
    out << ' ';
    if (tuplet != nullptr && tuplet->last == i) out << "} ";
  }
}

/// Stems and rests as the measure's number of voices asks.
std::string posture(const Measure& measure) {
  if (measure.voices.size() > 1) return "\\voiceOne ";
  return measure.voices.front().stems == Stems::Up ? "\\oneVoice \\stemUp "
                                                   : "\\oneVoice \\stemDown ";
}

/// The meter where it is new, and the length of a bar that is shorter than it says.
std::string meter_text(const Measure& measure, Tick length_before, bool first) {
  const bool shows_meter = first || measure.shows_meter;
  std::string text;
  if (shows_meter) {
    text += "\\time " + fraction_text(measure.meter) + " ";
  }
  if (measure.length != (shows_meter ? measure.meter.bar_ticks() : length_before)) {
    text += "\\set Timing.measureLength = #(ly:make-moment " +
            fraction_text(as_fraction(measure.length)) + ") ";
  }
  return text;
}

void write_letter(const Measure& measure, std::ostream& out) {
  if (!measure.rehearsal.empty()) out << "\\mark \\markup \\box \"" << measure.rehearsal << "\" ";
}

/// `n_bars` silent ones as the one that LilyPond draws for them.
Measure drawn_rest(Measure silent, std::size_t n_bars) {
  silent.voices.front().chords.front().duration *= static_cast<Tick>(n_bars);
  return silent;
}

}  // namespace

void write_lilypond_first_voice(const Score& score, std::ostream& out) {
  const std::vector<int> numbers = bar_numbers(score);
  Tick length_before = 0;
  bool first = true;
  bool recount = false;
  std::string posture_before;
  std::size_t n_bars = 1;
  for (std::size_t i = 0; i < score.measures.size(); i += n_bars) {
    const Measure& measure = score.measures[i];
    n_bars = rest_run(score.measures, i);
    if (measure.lead_in) continue;
    out << "  " << meter_text(measure, length_before, first);
    length_before = measure.length;
    // LilyPond counts every bar, and a pickup does not count.
    if (recount) out << "\\set Score.currentBarNumber = #" << std::to_string(numbers[i]) << ' ';
    recount = !measure.numbered;
    if (const std::string now = posture(measure); now != posture_before) {
      out << now;
      posture_before = now;
    }
    write_letter(measure, out);
    const Swing swing = first ? score.swing : Swing{};
    write_voice(n_bars > 1 ? drawn_rest(measure, n_bars) : measure, 0, swing, out);
    out << (score.measures[i + n_bars - 1].line_break ? "| \\break\n" : "|\n");
    first = false;
  }
  out << "  \\bar \"|.\"\n";
}

void write_lilypond_second_voice(const Score& score, std::ostream& out) {
  std::size_t n_bars = 1;
  for (std::size_t i = 0; i < score.measures.size(); i += n_bars) {
    const Measure& measure = score.measures[i];
    n_bars = rest_run(score.measures, i);
    if (measure.lead_in) continue;
    out << "  ";
    if (measure.voices.size() > 1) {
      write_voice(measure, 1, {}, out);
    } else {
      out << silent_graces(other_graces(measure, 1, 0)) << "s1*"
          << fraction_text(as_fraction(measure.length * static_cast<Tick>(n_bars))) << ' ';
    }
    out << "|\n";
  }
}

}  // namespace fyr
