// SPDX-License-Identifier: GPL-3.0-or-later

/// Rhythm: from hits in seconds to bars, beats and positions on a grid.
///
/// Where a hit stands on the grid is decided here alone: the score makes tempi of the bars' times,
/// and a MIDI file its ticks of those.
#pragma once

#include <optional>
#include <vector>

#include "fyr/activations.hpp"
#include "fyr/context.hpp"
#include "fyr/drum.hpp"
#include "fyr/onset.hpp"

namespace fyr {

/// Musical time: 480 a quarter note, as MuseScore writes it. Divisible by 2..6, 8, 12, 16.
using Tick = int;
inline constexpr Tick kTicksPerQuarter = 480;
inline constexpr Tick kThirtySecond = kTicksPerQuarter / 8;

/// A time signature.
struct Meter {
  int numerator = 4;
  int denominator = 4;  ///< 2, 4, 8 or 16.

  Tick bar_ticks() const { return 4 * kTicksPerQuarter * numerator / denominator; }
  /// A dotted quarter in 6/8, 9/8 and 12/8, else the note that the denominator names.
  Tick beat_ticks() const;
  /// What a grid divides: the beat, but quarters in x/2, where triplets and swing are of those.
  Tick grid_ticks() const { return denominator == 2 ? kTicksPerQuarter : beat_ticks(); }
  int n_beats() const { return bar_ticks() / beat_ticks(); }
  bool operator==(const Meter&) const = default;
};

/// Whether fyr reads and writes such bars: 1 to 32 over 2, 4, 8 or 16.
bool is_known(const Meter& meter);

/// Beats a minute that a user may name.
inline constexpr double kSlowestTempo_bpm = 20;
inline constexpr double kFastestTempo_bpm = 400;

/// One beat of the recording.
struct Beat {
  double time_s = 0;
  int number = 1;  ///< 1 = downbeat.
  bool operator==(const Beat&) const = default;
};

/// How a beat, or a quarter in x/2, is divided: the grid its hits stand on.
enum class Grid {
  Straight,  ///< Halves, quarters and eighths of it: binary note values.
  Triplet,   ///< Three (or six) equal parts of a quarter: written as a tuplet.
};

/// One bar of the score.
struct Bar {
  Meter meter;
  Tick length = 0;          ///< Shorter than meter.bar_ticks() only for a pickup bar.
  double start_s = 0;       ///< When it begins in the recording; negative: before.
  double end_s = 0;         ///< When the next one begins.
  std::vector<Grid> grids;  ///< One for each Meter::grid_ticks.
};

/// Pairs of notes that are written even and played long-short.
struct Swing {
  double share = 0.5;  ///< Of the pair's time that the first note takes; .5: straight.
  Tick unit = kTicksPerQuarter / 2;  ///< Of the notes: eighths, or sixteenths (half of it).
  bool swings() const { return share > 0.5; }
  bool of_eighths() const { return swings() && unit == kTicksPerQuarter / 2; }
  bool operator==(const Swing&) const = default;
};

enum class Ornament { None, Flam, Drag, Roll };

/// One hit on the grid.
struct QuantisedHit {
  int bar = 0;    ///< Index into Rhythm::bars.
  Tick tick = 0;  ///< From the start of the bar, in [0, Bar::length).
  Drum drum = Drum::Kick;
  int velocity = 0;       ///< 1..127.
  double time_s = 0;      ///< As heard.
  double confidence = 0;  ///< As heard.
  Ornament ornament = Ornament::None;
  int n_strokes = 1;  ///< Onsets that it stands for; more than one wherever there is an ornament.
  double choked_after_s = 0;  ///< From time_s; as Onset::choked_after_s of its last stroke.
};

/// What the rhythm stage found.
struct Rhythm {
  /// Beats of the counted_meter of the played_bars a minute: their median.
  double tempo_bpm = 120;
  /// Of all bars and those found after them, in time order. A pickup that begins inside a beat has
  /// the whole ones only.
  std::vector<Beat> beats;
  std::vector<Bar> bars;  ///< At least one; none after the last hit's but one after a pickup.
  std::vector<QuantisedHit> hits;  ///< By bar, tick, drum; no drum twice at one place.
  Swing swing;
};

/// Where a hit sounds in its bar, in ticks: in swing the second of two notes of its unit later than
/// it is written. A pair with anything finer or in triplets is straight, as MuseScore plays it
/// where that is in the same voice.
double played_tick(const Rhythm& rhythm, const QuantisedHit& hit);

/// The meter in whose beats (Meter::beat_ticks) the tempo is told: of the bars with the beat that
/// most have, what most of them are in. `bars` must not be empty.
Meter counted_meter(const std::vector<Bar>& bars);

/// Those that have hits, in order, as bars without have no tempo of their own; all if none has.
std::vector<Bar> played_bars(const Rhythm& rhythm);

/// What the user already knows.
struct RhythmOptions {
  /// Of the beats, kSlowestTempo_bpm to kFastestTempo_bpm; music within 8 % of it is looked for.
  /// Without `meter`, 7/8 is then not considered: its steps are quarters, its beats eighths.
  std::optional<double> tempo_bpm;
  std::optional<Meter> meter;       ///< Bars of whole eighths, if no beats are given.
  std::optional<int> pickup_beats;  ///< Before the first full bar, fewer than it has.
  std::optional<double> swing;      ///< Of eighths, share .5 to .75; only of quarters.
  /// Given beats replace the tracker when not empty. They number their bars themselves, so that
  /// tempo and pickup contradict them; `meter`, if given too, must have as many as some of them.
  std::vector<Beat> beats;
};

/// Throws UsageError for a given beat that is out of range or does not follow `before` (null: it is
/// the first): by 20 ms to 60 s, for slower beats would have no tempo, and with the next number
/// or 1.
void check_beat(const Beat& beat, const Beat* before);

/// Throws UsageError for options out of range or that contradict each other, as find_bars does.
void check(const RhythmOptions& options);

/// A tick whose time is known.
struct Knot {
  Tick tick = 0;
  double time_s = 0;
};

/// Bars whose times and grids are still to come, and where in time their ticks lie.
struct BarPlan {
  std::vector<Bar> bars;  ///< At least one.
  /// Ticks from the start of the first bar; at least two, both values rising.
  std::vector<Knot> knots;
};

/// Bars are found twice: for the context, by the hits heard without it, and for the score. In the
/// last pass music at exactly one tempo is tracked again with that known.
enum class Pass { First, Last };

/// Finds the beats and bars. Here and below onsets are in time order.
///
/// `activations.beats` may be empty: the hits alone then decide. No hits give one empty bar. Given
/// beats, two a bar, are dotted quarters (6/8) where the hits divide them in three.
/// Throws what `check` throws, of the options and the onsets.
BarPlan find_bars(const std::vector<Onset>& onsets, const Activations& activations,
                  double duration_s, const RhythmOptions& options = {}, Pass pass = Pass::Last);

/// The beats of the plan's bars, and how many the median bar has.
BeatGrid beat_grid(const BarPlan& plan);

/// Finds the hits' places in as many bars as they need, whose lines move where kick and crash or
/// the backbeat of half time say so. Throws UsageError if the pickup does not fit before a bar of
/// the meter that was found.
Rhythm place_in_bars(BarPlan plan, const std::vector<Onset>& onsets,
                     const RhythmOptions& options = {});

/// Both: the bars of the hits, and the hits in them.
Rhythm analyse_rhythm(const std::vector<Onset>& onsets, const Activations& activations,
                      double duration_s, const RhythmOptions& options = {});

}  // namespace fyr
