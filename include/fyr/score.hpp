// SPDX-License-Identifier: GPL-3.0-or-later

/// Score: from rhythm to the symbols on the page. The rules are explained in docs/notation.md.
///
/// A score is plain data: everything a writer needs is decided here, nothing is left to a format.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fyr/drum.hpp"
#include "fyr/rhythm.hpp"

namespace fyr {

/// Where the drums stand and with which heads (docs/notation.md names the sources).
enum class NotationStyle { Weinberg, MuseScore, Agostini };

/// How the page should look, and what stands above the music.
struct ScoreOptions {
  std::string title;
  std::string subtitle;
  std::string composer;
  int n_voices = 2;        ///< 2: hands stems up, feet stems down; 1: everything stems up.
  double doubt_below = 0;  ///< Hits less confident than this are coloured; 0 colours none.
  NotationStyle style = NotationStyle::Weinberg;
  bool repeat_signs = false;  ///< Bars like the one before become repeat signs.
};

/// The shape of a note head.
enum class NoteHead { Normal, Cross, CircledCross, Diamond, Triangle };

/// Where a drum stands on the five-line staff.
struct StaffPlace {
  /// 0 = top line, +1 a half space down, 8 = bottom line, negative = above the staff.
  int line = 0;
  NoteHead head = NoteHead::Normal;
};

const PerDrum<StaffPlace>& staff_places(NotationStyle style);

/// A written duration: 1/denominator of a whole note, lengthened by dots.
struct NoteValue {
  int denominator = 4;  ///< 1, 2, 4, .. 64.
  int dots = 0;         ///< 0 or 1.

  Tick ticks() const;
  bool operator==(const NoteValue&) const = default;
};

/// One drum's note inside a chord.
struct Note {
  Drum drum = Drum::Kick;
  int velocity = 0;  ///< 1..127.
  bool ghost = false;
  bool doubtful = false;
  Ornament ornament = Ornament::None;
  StaffPlace place;
  bool choked = false;  ///< A hand stops it.
};

/// A chord, or a rest when it has no notes.
struct Chord {
  Tick tick = 0;      ///< From the start of the measure.
  Tick duration = 0;  ///< As it sounds: inside a tuplet less than the written value.
  NoteValue value;
  std::vector<Note> notes;  ///< By drum.
  bool accent = false;
  bool hidden = false;    ///< A rest that keeps the count but is not drawn.
  bool full_bar = false;  ///< A rest that fills the measure whatever its length.
};

/// Consecutive chords of a voice in which `actual` base notes sound in the time of `normal`.
struct Tuplet {
  std::size_t first = 0;  ///< Index of the first chord.
  std::size_t last = 0;   ///< Index of the last chord.
  int actual = 3;
  int normal = 2;
  NoteValue base{8, 0};
  bool numbered = true;    ///< False where another voice or the bar before tells the number.
  bool bracketed = false;  ///< Even over a beam, which goes on beyond the tuplet.
};

enum class Stems { Up, Down };

/// Its chords follow each other without gaps and fill the measure.
struct Voice {
  Stems stems = Stems::Up;
  std::vector<Chord> chords;
  std::vector<Tuplet> tuplets;  ///< In order, not nested.
};

/// What the reader sees of a tempo: `beat` = `beats_per_minute`.
struct MetronomeMark {
  NoteValue beat;
  int beats_per_minute = 120;
};

/// A change of the playing speed.
struct Tempo {
  Tick tick = 0;  ///< From the start of the measure; a chord of the first voice begins there.
  double quarters_per_s = 2;
  std::optional<MetronomeMark> mark;  ///< Nothing: heard, not drawn.
};

enum class Dynamic { P, Mp, Mf, F, Ff };

/// A dynamic, from a chord of a voice on.
struct DynamicMark {
  Dynamic level = Dynamic::Mf;
  std::size_t voice = 0;
  std::size_t chord = 0;
};

struct Measure {
  Meter meter;
  Tick length = 0;       ///< Differs from meter.bar_ticks() in pickups and lead-ins.
  bool numbered = true;  ///< Counts as a bar of the piece.
  bool shows_meter = false;
  bool lead_in = false;      ///< Silence before the first bar that nobody should see.
  std::vector<Tempo> tempi;  ///< In order; without one the speed stays.
  std::string rehearsal;     ///< Letter in a box; empty for none.
  /// At its first note: where one begins with the measure, at the first chord or rest.
  std::optional<DynamicMark> dynamic;
  bool line_break = false;    ///< The next measure starts a line.
  bool repeats = false;       ///< Reads like the measure before: a repeat sign will do.
  std::vector<Voice> voices;  ///< One or two; the first is always full.
};

/// Between two lines of an ordinary staff: small enough for four bars of 16ths on a line of A4,
/// large enough to read on a stand.
inline constexpr double kStaffSpace_mm = 1.6;

struct Score {
  std::string title;
  std::string subtitle;
  std::string composer;
  Swing swing;
  PerDrum<StaffPlace> places;     ///< Where every drum stands.
  std::vector<Measure> measures;  ///< At least one.
  std::size_t n_silent = 0;       ///< The first measures, which are before the rhythm's first bar.
  std::vector<Drum> key;          ///< The drums to explain: those that are used, in model order.
  double staff_space_mm = kStaffSpace_mm;  ///< Between two lines of the staff, down to 1.5.
};

/// Lays the hits out as a drum part.
///
/// Total: hits off their beat's grid move to its nearest place, a rhythm without bars gives one
/// empty bar. Every hit is one note of exactly one chord, but for two of a drum that move to one
/// place: the louder stays. Throws UsageError if `n_voices` is
/// neither 1 nor 2.
Score build_score(const Rhythm& rhythm, const ScoreOptions& options = {});

}  // namespace fyr
