// SPDX-License-Identifier: GPL-3.0-or-later

/// What drummers play where in a bar: the rates at which a tracked bar expects its hits.
#pragma once

#include <array>
#include <vector>

#include "fyr/onset.hpp"
#include "fyr/rhythm.hpp"

namespace fyr::rhythm {

/// What a hit says about the bar. A ghost note is a soft snare hit, a cymbal keeps the time.
enum class Part { Kick, Snare, Ghost, Cymbal, Pedal, Crash, Tom };
inline constexpr int kNParts = 7;

/// The part of every onset. A snare hit is a ghost note below .55 of the recording's strong snare
/// hits (85th percentile), and a pedal a cymbal where it stands for a soft hi-hat
/// (soft_hihats.hpp).
std::vector<Part> parts_of(const std::vector<Onset>& onsets);

/// The role of a step in its bar, by the beat of a 4/4 bar that it resembles.
enum class Role { Down, Back, Middle, LastBack, CompoundDown, CompoundBack };

/// The pulse that the tracker counts: a quarter, a dotted quarter (6/8 …) or, at the end of an odd
/// number of eighths, an eighth.
struct Step {
  Tick ticks = kTicksPerQuarter;
  Role role = Role::Down;
};

/// The steps of a bar; they add up to `meter.bar_ticks()`.
std::vector<Step> steps_of(const Meter& meter);

/// The step in which the tracker's tempi are told: a quarter or a dotted quarter, in 7/8 as well.
Tick tempo_step(const Meter& meter);

/// Bins of a full step's phase in a rate table. Divisible by 2, 3, 4, 6, 8 and 12.
inline constexpr int kBins = 24;

/// Half a step holds half the bins, so that a bin lasts equally long in all steps of a bar.
constexpr int bins_of(const Step& step) {
  return step.ticks < kTicksPerQuarter ? kBins / 2 : kBins;
}

/// Expected hits of every part in every bin of one step: `rates[part][bin]`.
using StepRates = std::array<std::array<double, kBins>, kNParts>;

/// The rates of all steps of a bar when hits scatter around their places with a standard deviation
/// of `spread` steps. What scatters before or after a step is counted in its neighbour, in a
/// circle. `pattern`: one of kPatterns (groove_patterns.hpp).
std::vector<StepRates> bar_rates(const std::vector<Step>& steps, double spread, int pattern);

}  // namespace fyr::rhythm
