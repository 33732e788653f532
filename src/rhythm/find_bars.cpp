// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "fyr/rhythm.hpp"
#include "rhythm/compound.hpp"
#include "rhythm/evidence.hpp"
#include "rhythm/lay_bars.hpp"
#include "rhythm/refine.hpp"
#include "rhythm/steady_music.hpp"
#include "rhythm/tempo.hpp"
#include "rhythm/tempo_octave.hpp"
#include "rhythm/track_bars.hpp"

namespace fyr {
namespace {

using namespace rhythm;

/// A tempo that the user names may drift by this ratio.
constexpr double kGivenTempoDrift = 1.08;

/// Of a tempo: well above it, well below its double.
constexpr double kBetweenOctaves = 1.5;

/// Keeps music that strayed to another octave out of that and out of two thirds of the tempo.
constexpr double kAroundTempo = 1.3;

/// How many tempi of the tracker's scale on each side of that of steady music are tried, by hand.
constexpr int kTempiAround = 2;

/// The tracker's steps in the beats of the user's words.
TrackerOptions tracker_options(const RhythmOptions& options) {
  TrackerOptions result;
  if (options.meter) result.meters = in_all_patterns(*options.meter, 0);
  const Meter meter = options.meter.value_or(Meter{});
  if (options.tempo_bpm) {
    const double step_bpm = *options.tempo_bpm * meter.beat_ticks() / tempo_step(meter);
    result.slowest_bpm = step_bpm / kGivenTempoDrift;
    result.fastest_bpm = step_bpm * kGivenTempoDrift;
    // The steps of 7/8 are quarters: with a tempo in eighths they would need bounds of their own.
    const auto counts_less = [](const MeterChoice& choice) {
      return choice.meter.beat_ticks() < steps_of(choice.meter).front().ticks;
    };
    if (!options.meter) std::erase_if(result.meters, counts_less);
  }
  return result;
}

/// None where nothing is heard.
std::optional<BarPlan> plan_of(const Evidence& evidence, const TrackerOptions& tracking,
                               const std::vector<Onset>& onsets) {
  const std::vector<Pulse> pulses = track_bars(evidence, tracking);
  if (pulses.empty()) return std::nullopt;
  BarPlan plan = lay_bars(pulses, tracking.meters);
  refine(plan.knots, onsets);
  return plan;
}

/// Bounds the tempi to those of the octave where the music is, if the plan is in another. Returns
/// whether it is.
bool leave_octave(TrackerOptions& tracking, const BarPlan& plan, const std::vector<Onset>& onsets) {
  if (const std::optional<double> bpm = half_tempo(plan, onsets)) {
    tracking.slowest_bpm = kBetweenOctaves * *bpm;
    return true;
  }
  if (const std::optional<double> bpm = double_tempo(plan, onsets)) {
    tracking.fastest_bpm = *bpm / kBetweenOctaves;
    return true;
  }
  if (const std::optional<double> bpm = tempo_of_most(plan, onsets)) {
    tracking.slowest_bpm = *bpm / kAroundTempo;
    tracking.fastest_bpm = *bpm * kAroundTempo;
    return true;
  }
  return false;
}

/// A tracker frame of which the beat has a whole number: else where nothing is heard the steps,
/// which have, would drift.
double frame_of(double bpm) {
  const double beat_s = 60 / bpm;
  return beat_s / std::round(beat_s / kFrame_s);
}

/// Has the tracker stay with a tempo.
void stay_with(double bpm, TrackerOptions& tracking) {
  const double ratio = std::pow(kTempoRatio, kTempiAround);  // So that `bpm` lies on the scale.
  tracking.slowest_bpm = bpm / ratio;
  tracking.fastest_bpm = bpm * ratio;
  tracking.steady = true;
}

}  // namespace

BarPlan find_bars(const std::vector<Onset>& onsets, const Activations& activations,
                  double duration_s, const RhythmOptions& options, Pass pass) {
  check(options);
  check(onsets);
  if (!options.beats.empty()) {
    std::optional<Meter> meter = options.meter;
    if (!meter && is_compound_duple(options.beats, onsets)) meter = Meter{6, 8};
    return lay_given_beats(options.beats, meter ? &*meter : nullptr);
  }
  TrackerOptions tracking = tracker_options(options);
  Evidence evidence = gather_evidence(onsets, activations, duration_s);
  if (std::optional<BarPlan> plan = plan_of(evidence, tracking, onsets)) {
    const auto track_again = [&] {
      if (auto again = plan_of(evidence, tracking, onsets)) plan = std::move(again);
    };
    if (!options.tempo_bpm && leave_octave(tracking, *plan, onsets)) track_again();
    if (pass == Pass::Last) {
      if (const std::optional<double> bpm = tempo_of_steady(*plan, onsets)) {
        stay_with(*bpm, tracking);
        evidence = gather_evidence(onsets, activations, duration_s, frame_of(*bpm));
        track_again();
      }
    }
    if (!options.meter) name_four_beats(*plan, onsets);
    // Dotted quarters would be fewer than the tempo asked for.
    if (!options.meter && !options.tempo_bpm) name_three_quarters(*plan, onsets);
    return *std::move(plan);
  }
  // Nothing to track: one bar at the tempo asked for.
  BarPlan plan;
  const Meter only = options.meter.value_or(Meter{});
  const double beat_s = 60 / options.tempo_bpm.value_or(120);
  const double start_s = onsets.empty() ? 0 : onsets.front().time_s;
  plan.bars.push_back({only, only.bar_ticks(), 0, 0, {}});
  plan.knots = {{0, start_s}, {only.bar_ticks(), start_s + only.n_beats() * beat_s}};
  return plan;
}

Rhythm analyse_rhythm(const std::vector<Onset>& onsets, const Activations& activations,
                      double duration_s, const RhythmOptions& options) {
  return place_in_bars(find_bars(onsets, activations, duration_s, options), onsets, options);
}

}  // namespace fyr
