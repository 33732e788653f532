// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/rhythm.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "fyr/error.hpp"
#include "median.hpp"
#include "rhythm/compound.hpp"
#include "rhythm/evidence.hpp"
#include "rhythm/foot_lead.hpp"
#include "rhythm/lay_bars.hpp"
#include "rhythm/ornaments.hpp"
#include "rhythm/quantise.hpp"
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
    const Tick step = std::max(steps_of(meter).front().ticks, kTicksPerQuarter);
    const double step_bpm = *options.tempo_bpm * meter.beat_ticks() / step;
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

/// Of a bar, as far as it is known before the tracking.
int most_beats(const RhythmOptions& options) {
  if (options.meter) return options.meter->n_beats();
  int most = 0;
  for (const MeterChoice& choice : usual_meters()) most = std::max(most, choice.meter.n_beats());
  return most;
}

/// Fills in when the bars begin and end; returns the beats.
std::vector<Beat> number_beats(std::vector<Bar>& bars, const TimeMap& map) {
  std::vector<Beat> beats;
  Tick tick = 0;
  for (Bar& bar : bars) {
    bar.start_s = map.time_at(tick);
    const Tick beat = bar.meter.beat_ticks();
    int number = bar.meter.n_beats() - bar.length / beat + 1;
    for (Tick inside = bar.length % beat; inside < bar.length; inside += beat, ++number) {
      beats.push_back({map.time_at(tick + inside), number});
    }
    tick += bar.length;
    bar.end_s = map.time_at(tick);
  }
  return beats;
}

/// Of the beats of counted_meter: the median of quarters and eighths would be a tempo of neither.
/// Bars without hits have no tempo of their own.
double median_tempo_bpm(const Rhythm& rhythm) {
  std::vector<Bar> bars;
  for (const QuantisedHit& hit : rhythm.hits) {
    const Bar& bar = rhythm.bars[static_cast<std::size_t>(hit.bar)];
    if (bars.empty() || bars.back().start_s < bar.start_s) bars.push_back(bar);
  }
  if (bars.empty()) bars = rhythm.bars;
  const Tick counted = counted_meter(bars).beat_ticks();
  std::vector<double> lengths_s;
  auto beat = rhythm.beats.begin();
  for (const Bar& bar : bars) {
    beat = std::ranges::lower_bound(beat, rhythm.beats.end(), bar.start_s, {}, &Beat::time_s);
    while (beat != rhythm.beats.end() && beat->time_s < bar.end_s) {
      const double time_s = beat->time_s;
      const double next_s = ++beat != rhythm.beats.end() ? beat->time_s : bar.end_s;
      if (bar.meter.beat_ticks() == counted) lengths_s.push_back(next_s - time_s);
    }
  }
  // All that there is may be a pickup of less than a beat.
  const Bar& first = bars.front();
  if (lengths_s.empty()) return 60 * first.length / (counted * (first.end_s - first.start_s));
  return 60 / median(std::move(lengths_s));
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

/// The score ends with the last hit's bar; after a pickup one whole bar stays. The beats go on.
void drop_silent_end(Rhythm& rhythm) {
  if (rhythm.hits.empty()) return;
  const Bar& first = rhythm.bars.front();
  const bool pickup = first.length < first.meter.bar_ticks();
  const std::size_t n_played = static_cast<std::size_t>(rhythm.hits.back().bar) + 1;
  const std::size_t n_kept = std::max<std::size_t>(n_played, pickup ? 2 : 1);
  if (n_kept < rhythm.bars.size()) rhythm.bars.resize(n_kept);
}

}  // namespace

void check_beat(const Beat& beat, const Beat* before) {
  if (beat.number < 1 || beat.number > 32) throw UsageError("beat numbers must be from 1 to 32");
  if (before == nullptr) return;
  const double distance_s = beat.time_s - before->time_s;
  if (!(distance_s >= 0.02 && distance_s <= 60)) {
    throw UsageError("beats must be in time order, from 20 ms to 60 s apart");
  }
  if (beat.number != 1 && beat.number != before->number + 1) {
    throw UsageError("a beat's number must be one more than the last, or 1 where a bar begins");
  }
}

void check(const RhythmOptions& options) {
  if (options.tempo_bpm && !(*options.tempo_bpm >= 10 && *options.tempo_bpm <= 1000)) {
    throw UsageError("tempo: must be from 10 to 1000 beats a minute");
  }
  if (options.meter && (options.meter->numerator < 1 || options.meter->numerator > 32 ||
                        (options.meter->denominator != 2 && options.meter->denominator != 4 &&
                         options.meter->denominator != 8 && options.meter->denominator != 16))) {
    throw UsageError("time signature: must be 1 to 32 over 2, 4, 8 or 16, such as 4/4 or 7/8");
  }
  constexpr Tick kEighth = kTicksPerQuarter / 2;
  if (options.meter && options.meter->bar_ticks() % kEighth != 0 && options.beats.empty()) {
    throw UsageError(
        "time signature: bars of an odd number of sixteenths are not found by ear; give "
        "their beats as well");
  }
  if (options.pickup_beats) {
    if (*options.pickup_beats != std::floor(*options.pickup_beats)) {
      throw UsageError(
          "pickup: must be whole beats, such as 0, 1 or 2; one that begins inside a beat has that "
          "beat too");
    }
    const int most = most_beats(options) - 1;
    if (!(*options.pickup_beats >= 0 && *options.pickup_beats <= most)) {
      throw UsageError("pickup: must be from 0 to " + std::to_string(most) +
                       ", less than the beats of a bar");
    }
  }
  if (options.swing && !(*options.swing >= 0.5 && *options.swing <= 0.75)) {
    throw UsageError("swing: must be from 0.5 (straight) to 0.75 of the beat");
  }
  if (options.swing > 0.5 && options.meter && options.meter->grid_ticks() != kTicksPerQuarter) {
    throw UsageError("swing: is of two eighths in a quarter, and bars of " +
                     std::to_string(options.meter->numerator) + "/" +
                     std::to_string(options.meter->denominator) +
                     " are not counted in quarters; leave swing or the time signature out");
  }
  if (options.beats.size() == 1) throw UsageError("beats: at least two are needed");
  for (std::size_t i = 0; i < options.beats.size(); ++i) {
    check_beat(options.beats[i], i > 0 ? &options.beats[i - 1] : nullptr);
  }
  if (!options.beats.empty() && options.meter) lay_given_beats(options.beats, &*options.meter);
}

double played_tick(const Rhythm& rhythm, const QuantisedHit& hit) {
  const Bar& bar = rhythm.bars[static_cast<std::size_t>(hit.bar)];
  constexpr Tick kEighth = kTicksPerQuarter / 2;
  const bool quarters = bar.meter.grid_ticks() == kTicksPerQuarter;
  if (rhythm.swing <= 0.5 || !quarters || hit.tick % kTicksPerQuarter != kEighth) return hit.tick;
  const Tick beat = hit.tick - kEighth;
  const std::pair from(hit.bar, beat);
  const auto place = [](const QuantisedHit& other) { return std::pair(other.bar, other.tick); };
  auto other = std::ranges::lower_bound(rhythm.hits, from, {}, place);
  for (; other != rhythm.hits.end() && place(*other) < std::pair(hit.bar, beat + kTicksPerQuarter);
       ++other) {
    if (other->tick % kEighth != 0) return hit.tick;
  }
  return beat + rhythm.swing * kTicksPerQuarter;
}

BarPlan find_bars(const std::vector<Onset>& onsets, const Activations& activations,
                  double duration_s, const RhythmOptions& options, Care care) {
  check(options);
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
    if (care == Care::Full) {
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

BeatGrid beat_grid(const BarPlan& plan) {
  BeatGrid grid;
  std::vector<int> lengths;  // Of the bars, in beats.
  int last_number = 0;
  std::vector<Bar> bars = plan.bars;
  for (const Beat& beat : number_beats(bars, TimeMap(plan.knots))) {
    grid.times_s.push_back(beat.time_s);
    if (beat.number == 1 && last_number > 0) lengths.push_back(last_number);
    last_number = beat.number;
  }
  if (lengths.empty()) return grid;
  grid.beats_per_bar = median(std::move(lengths));
  return grid;
}

Rhythm place_in_bars(BarPlan plan, const std::vector<Onset>& onsets, const RhythmOptions& options) {
  const std::vector<Stroke> strokes = gather_strokes(onsets);
  if (!onsets.empty()) {
    const double first_s = onsets.front().time_s;
    const double last_s = onsets.back().time_s;
    cover(plan, first_s, last_s);
    if (options.pickup_beats && options.beats.empty()) {
      // A flam counts where it is written, at its main stroke.
      const double written_s = strokes.front().onset.time_s;
      set_pickup(plan, written_s, last_s, static_cast<int>(*options.pickup_beats));
      cover(plan, written_s, last_s);
    }
  }
  const TimeMap map(plan.knots);
  std::vector<double> positions;
  positions.reserve(strokes.size());
  for (const Stroke& stroke : strokes) {
    positions.push_back(map.tick_at(meant_s(stroke.onset)));
  }

  Rhythm rhythm;
  const bool in_quarters = counted_meter(plan.bars).grid_ticks() == kTicksPerQuarter;
  rhythm.swing = !options.swing ? find_swing(positions, plan.bars)
                 : in_quarters  ? *options.swing
                                : 0.5;
  std::vector<Tick> ticks = quantise(strokes, positions, plan, rhythm.swing);
  if (!ticks.empty() && std::ranges::max(ticks) == end_tick(plan)) {
    // A hit before the last bar line is written on it.
    cover(plan, map.time_at(0), map.time_at(end_tick(plan)));
    ticks = quantise(strokes, positions, plan, rhythm.swing);
  }
  rhythm.bars = plan.bars;
  const Tick finest = rhythm.swing > 0.5 ? kFinestSwung : kTicksPerQuarter / 8;
  rhythm.hits = place_hits(strokes, ticks, positions, rhythm.bars, finest);
  rhythm.beats = number_beats(rhythm.bars, map);
  rhythm.tempo_bpm = median_tempo_bpm(rhythm);
  drop_silent_end(rhythm);
  return rhythm;
}

Rhythm analyse_rhythm(const std::vector<Onset>& onsets, const Activations& activations,
                      double duration_s, const RhythmOptions& options) {
  return place_in_bars(find_bars(onsets, activations, duration_s, options), onsets, options);
}

}  // namespace fyr
