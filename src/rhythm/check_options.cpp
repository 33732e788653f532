// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string>

#include "fyr/error.hpp"
#include "fyr/rhythm.hpp"
#include "number.hpp"
#include "rhythm/lay_bars.hpp"
#include "rhythm/track_bars.hpp"

namespace fyr {
namespace {

using namespace rhythm;

/// Of a bar, as far as it is known before the tracking.
int most_beats(const RhythmOptions& options) {
  if (options.meter) return options.meter->n_beats();
  int most = 0;
  for (const MeterChoice& choice : usual_meters()) most = std::max(most, choice.meter.n_beats());
  return most;
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
  if (options.tempo_bpm &&
      !(*options.tempo_bpm >= kSlowestTempo_bpm && *options.tempo_bpm <= kFastestTempo_bpm)) {
    throw UsageError("tempo: must be from " + to_text(kSlowestTempo_bpm) + " to " +
                     to_text(kFastestTempo_bpm) + " beats a minute");
  }
  if (options.meter && !is_known(*options.meter)) {
    throw UsageError("time signature: must be 1 to 32 over 2, 4, 8 or 16, such as 4/4 or 7/8");
  }
  constexpr Tick kEighth = kTicksPerQuarter / 2;
  if (options.meter && options.meter->bar_ticks() % kEighth != 0 && options.beats.empty()) {
    throw UsageError(
        "time signature: bars of an odd number of sixteenths are not found by ear; give "
        "their beats as well (--beats)");
  }
  if (options.pickup_beats) {
    const int most = most_beats(options) - 1;
    if (!(*options.pickup_beats >= 0 && *options.pickup_beats <= most)) {
      throw UsageError("pickup: must be from 0 to " + std::to_string(most) +
                       ", less than the beats of a bar" +
                       (options.meter ? "" : "; give the time signature if its bars have more"));
    }
  }
  if (options.swing && !(*options.swing >= 0.5 && *options.swing <= 0.75)) {
    throw UsageError("swing: must be from 0.5 (straight) to 0.75 of the beat");
  }
  if (options.swing > 0.5 && options.meter && options.meter->grid_ticks() != kTicksPerQuarter) {
    throw UsageError("swing: divides a quarter in two, and bars of " +
                     std::to_string(options.meter->numerator) + "/" +
                     std::to_string(options.meter->denominator) +
                     " are not counted in quarters; leave swing or the time signature out");
  }
  if (!options.beats.empty() && (options.tempo_bpm || options.pickup_beats)) {
    throw UsageError("beats: have a tempo and a pickup of their own; leave those options out");
  }
  if (options.beats.size() == 1) throw UsageError("beats: at least two are needed");
  for (std::size_t i = 0; i < options.beats.size(); ++i) {
    check_beat(options.beats[i], i > 0 ? &options.beats[i - 1] : nullptr);
  }
  if (!options.beats.empty() && options.meter) lay_given_beats(options.beats, &*options.meter);
}

}  // namespace fyr
