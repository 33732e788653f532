// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/bar_patterns.hpp"

#include <algorithm>
#include <cmath>

#include "rhythm/groove_patterns.hpp"
#include "rhythm/soft_hihats.hpp"

namespace fyr::rhythm {
namespace {

/// Bins of the columns of the Groove tables: sixteenths and triplets of the beat.
static_assert(kBins % 12 == 0);
constexpr std::array<int, 6> kPlaces{0,         kBins / 4,     kBins / 3,
                                     kBins / 2, 2 * kBins / 3, 3 * kBins / 4};

/// Share of a part's hits that fall anywhere, and the least rate of a bin: what the table has not
/// seen is unlikely, never impossible.
constexpr double kAnywhere = 0.04;
constexpr double kLeastRate = 0.0005;

/// A compound beat is played like a simple one in triplets: on its three eighths stand what 4/4 has
/// on the beat and, shared between the other two, on its eighth; the sixteenths fill the rest.
struct Place {
  int bin;  ///< Of the step.
  double rate;
};

std::vector<Place> places_of(int part, Role role, int pattern) {
  const auto& beats = kPatterns[static_cast<std::size_t>(pattern)][static_cast<std::size_t>(part)];
  if (role != Role::CompoundDown && role != Role::CompoundBack) {
    const auto& beat = beats[static_cast<std::size_t>(role)];
    std::vector<Place> places;
    for (std::size_t i = 0; i < kPlaces.size(); ++i) places.push_back({kPlaces[i], beat[i]});
    return places;
  }
  const auto& beat = beats[role == Role::CompoundDown ? 0 : 1];
  const bool keeps_time = part == static_cast<int>(Part::Cymbal);
  const double eighth = keeps_time ? beat[3] : 0.5 * (beat[3] + beat[1]);
  return {{0, beat[0]},
          {kBins / 3, eighth},
          {2 * kBins / 3, keeps_time ? eighth : eighth + beat[4]},
          {kBins / 6, 0.3 * beat[1]},
          {kBins / 2, 0.3 * beat[1]},
          {5 * kBins / 6, 0.5 * beat[5]}};
}

/// How hits that are meant for the beginning of a bin lie in those around it.
struct Scatter {
  int reach;                   ///< Bins on each side.
  std::vector<double> shares;  ///< From the bin that is `reach` earlier.
};

/// Of a normal distribution with this standard deviation.
Scatter scatter_of(double spread_bins) {
  Scatter scatter{std::max(1, static_cast<int>(std::ceil(3 * spread_bins))), {}};
  const auto cumulative = [&](double x) {
    return 0.5 * std::erfc(-x / (spread_bins * std::sqrt(2.0)));
  };
  for (int bin = -scatter.reach; bin <= scatter.reach; ++bin) {
    scatter.shares.push_back(cumulative(bin + 1) - cumulative(bin));
  }
  return scatter;
}

/// Adds `rate`, scattered around the beginning of a bin, to the bins of a bar, in a circle.
void add_scattered(std::vector<double>& bins, int middle, double rate, const Scatter& scatter) {
  const auto n_bins = static_cast<int>(bins.size());
  int bin = middle - scatter.reach;
  for (const double share : scatter.shares) {
    bins[static_cast<std::size_t>((bin % n_bins + n_bins) % n_bins)] += rate * share;
    ++bin;
  }
}

/// The rates of one part in all bins of the bar, step after step.
std::vector<double> part_rates(const std::vector<Step>& steps, int part, const Scatter& scatter,
                               int pattern) {
  int n_bins = 0;
  for (const Step& step : steps) n_bins += bins_of(step);
  std::vector<double> bins(static_cast<std::size_t>(n_bins), 0.0);
  int first = 0;
  double sum = 0;
  for (const Step& step : steps) {
    for (const Place& place : places_of(part, step.role, pattern)) {
      if (place.bin >= bins_of(step)) continue;
      add_scattered(bins, first + place.bin, place.rate, scatter);
      sum += place.rate;
    }
    first += bins_of(step);
  }
  for (double& rate : bins) rate += kAnywhere * sum / n_bins + kLeastRate;
  return bins;
}

}  // namespace

std::vector<Part> parts_of(const std::vector<Onset>& onsets) {
  std::vector<int> snares;
  for (const Onset& onset : onsets) {
    if (onset.drum == Drum::Snare) snares.push_back(onset.velocity);
  }
  double ghost_below = 0;
  if (!snares.empty()) {
    const auto strong = snares.begin() + static_cast<std::ptrdiff_t>(snares.size() * 85 / 100);
    std::nth_element(snares.begin(), strong, snares.end());
    ghost_below = 0.55 * *strong;
  }
  const std::vector<bool> soft = are_soft_hihats(onsets);
  std::vector<Part> parts;
  parts.reserve(onsets.size());
  for (const Onset& onset : onsets) {
    switch (onset.drum) {
      case Drum::Kick:
        parts.push_back(Part::Kick);
        break;
      case Drum::Snare:
        parts.push_back(onset.velocity < ghost_below ? Part::Ghost : Part::Snare);
        break;
      case Drum::SideStick:
        parts.push_back(Part::Snare);
        break;
      case Drum::PedalHiHat:
        parts.push_back(soft[parts.size()] ? Part::Cymbal : Part::Pedal);
        break;
      case Drum::HighTom:
      case Drum::MidTom:
      case Drum::FloorTom:
        parts.push_back(Part::Tom);
        break;
      case Drum::Crash:
        parts.push_back(Part::Crash);
        break;
      case Drum::ClosedHiHat:
      case Drum::OpenHiHat:
      case Drum::Ride:
      case Drum::RideBell:
      case Drum::Percussion:
        parts.push_back(Part::Cymbal);
        break;
    }
  }
  return parts;
}

std::vector<Step> steps_of(const Meter& meter) {
  std::vector<Step> steps;
  const bool compound = meter.beat_ticks() == 3 * kTicksPerQuarter / 2;
  const Tick bar = meter.bar_ticks();
  for (Tick tick = 0; tick < bar;) {
    const Tick step = std::min(compound ? 3 * kTicksPerQuarter / 2 : kTicksPerQuarter, bar - tick);
    const auto i = steps.size();
    Role role = i == 0 ? Role::Down : (i % 2 == 1 ? Role::Back : Role::Middle);
    if (compound) role = i % 2 == 0 ? Role::CompoundDown : Role::CompoundBack;
    // The last eighth of a bar in three plays on from the step before.
    if (i > 0 && step < kTicksPerQuarter) role = Role::Middle;
    steps.push_back({step, role});
    tick += step;
  }
  if (!compound && steps.size() > 2 && steps.back().ticks == kTicksPerQuarter) {
    steps.back().role = Role::LastBack;
  }
  return steps;
}

Tick tempo_step(const Meter& meter) {
  return std::max(steps_of(meter).front().ticks, kTicksPerQuarter);
}

std::vector<StepRates> bar_rates(const std::vector<Step>& steps, double spread, int pattern) {
  std::vector<StepRates> bar(steps.size(), StepRates{});
  const Scatter scatter = scatter_of(spread * kBins);
  for (int part = 0; part < kNParts; ++part) {
    const std::vector<double> bins = part_rates(steps, part, scatter, pattern);
    auto from = bins.begin();
    for (std::size_t step = 0; step < steps.size(); ++step) {
      const auto to = from + bins_of(steps[step]);
      std::copy(from, to, bar[step][static_cast<std::size_t>(part)].begin());
      from = to;
    }
  }
  return bar;
}

}  // namespace fyr::rhythm
