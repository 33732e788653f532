// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/bar_patterns.hpp"

#include <algorithm>
#include <cmath>

namespace fyr::rhythm {
namespace {

constexpr int kNPlaces = 6;

/// Phases of the columns below: sixteenths and triplets of the beat.
constexpr std::array<double, kNPlaces> kPlaces{0, 1. / 4, 1. / 3, 1. / 2, 2. / 3, 3. / 4};

/// Where the same notes lie in swing; triplets change places with the eighth.
constexpr std::array<double, kNPlaces> kSwungPlaces{0, 1. / 3, 1. / 4, 2. / 3, 1. / 2, 5. / 6};

using Places = std::array<double, kNPlaces>;

/// Mean hits a bar of the 4/4 beats of the Groove MIDI Dataset's train split (beat_type beat,
/// 293 performances of at least 4 bars, each with equal weight), every hit counted at the nearest
/// place of the metronome: scripts/groove_bar_patterns.py. Rows: beats 1 to 4; columns: kPlaces.
constexpr std::array<std::array<Places, 4>, kNParts> kGroove{{
    {{{0.794, 0.031, 0.030, 0.158, 0.091, 0.194},  // kick
      {0.270, 0.069, 0.044, 0.226, 0.073, 0.114},
      {0.473, 0.096, 0.046, 0.249, 0.075, 0.119},
      {0.289, 0.075, 0.041, 0.187, 0.063, 0.081}}},
    {{{0.144, 0.064, 0.028, 0.138, 0.048, 0.111},  // snare, side stick
      {0.591, 0.086, 0.031, 0.162, 0.058, 0.120},
      {0.188, 0.146, 0.054, 0.149, 0.081, 0.112},
      {0.593, 0.125, 0.055, 0.193, 0.083, 0.110}}},
    {{{0.108, 0.147, 0.086, 0.089, 0.045, 0.096},  // ghost
      {0.095, 0.134, 0.098, 0.077, 0.059, 0.206},
      {0.122, 0.164, 0.085, 0.079, 0.051, 0.102},
      {0.075, 0.118, 0.074, 0.074, 0.062, 0.172}}},
    {{{0.642, 0.148, 0.081, 0.502, 0.106, 0.164},  // hi-hat and ride by stick
      {0.612, 0.169, 0.094, 0.521, 0.133, 0.170},
      {0.640, 0.179, 0.096, 0.497, 0.088, 0.130},
      {0.561, 0.144, 0.067, 0.439, 0.103, 0.126}}},
    {{{0.246, 0.005, 0.030, 0.145, 0.008, 0.034},  // pedal hi-hat
      {0.281, 0.004, 0.027, 0.150, 0.010, 0.021},
      {0.196, 0.005, 0.040, 0.140, 0.014, 0.035},
      {0.318, 0.005, 0.035, 0.138, 0.006, 0.022}}},
    {{{0.123, 0.003, 0.003, 0.009, 0.002, 0.002},  // crash
      {0.022, 0.002, 0.002, 0.013, 0.002, 0.003},
      {0.026, 0.002, 0.002, 0.009, 0.002, 0.002},
      {0.019, 0.002, 0.002, 0.012, 0.003, 0.007}}},
    {{{0.087, 0.022, 0.012, 0.058, 0.014, 0.032},  // toms
      {0.078, 0.030, 0.017, 0.073, 0.032, 0.036},
      {0.097, 0.048, 0.023, 0.084, 0.031, 0.045},
      {0.148, 0.062, 0.035, 0.141, 0.061, 0.056}}},
}};

/// Share of a part's hits that fall anywhere, and the least rate of a bin: what the table has not
/// seen is unlikely, never impossible.
constexpr double kAnywhere = 0.04;
constexpr double kLeastRate = 0.0005;

/// A compound beat is played like a simple one in triplets: on its three eighths stand what 4/4 has
/// on the beat and, shared between the other two, on its eighth; the sixteenths fill the rest.
struct Place {
  double phase;
  double rate;
};

std::vector<Place> places_of(int part, Role role, bool swung) {
  const auto& beats = kGroove[static_cast<std::size_t>(part)];
  std::vector<Place> places;
  if (role == Role::CompoundDown || role == Role::CompoundBack) {
    const Places& beat = beats[role == Role::CompoundDown ? 0 : 1];
    const bool keeps_time = part == static_cast<int>(Part::Cymbal);
    const double eighth = keeps_time ? beat[3] : 0.5 * (beat[3] + beat[1]);
    places = {{0, beat[0]},
              {1. / 3, eighth},
              {2. / 3, keeps_time ? eighth : eighth + beat[4]},
              {1. / 6, 0.3 * beat[1]},
              {1. / 2, 0.3 * beat[1]},
              {5. / 6, 0.5 * beat[5]}};
  } else {
    const Places& beat = beats[static_cast<std::size_t>(role)];
    const auto& phases = swung ? kSwungPlaces : kPlaces;
    for (std::size_t i = 0; i < kNPlaces; ++i) places.push_back({phases[i], beat[i]});
  }
  return places;
}

/// Adds `rate` scattered around `centre` (a bin position) to the bins of a bar, in a circle.
void scatter(std::vector<double>& bins, double centre, double rate, double spread_bins) {
  const auto n_bins = static_cast<int>(bins.size());
  const int reach = std::max(1, static_cast<int>(std::ceil(3 * spread_bins)));
  const auto cumulative = [&](double x) {
    return 0.5 * std::erfc(-(x - centre) / (spread_bins * std::sqrt(2.0)));
  };
  const int middle = static_cast<int>(std::floor(centre));
  for (int bin = middle - reach; bin <= middle + reach; ++bin) {
    const auto where = static_cast<std::size_t>((bin % n_bins + n_bins) % n_bins);
    bins[where] += rate * (cumulative(bin + 1) - cumulative(bin));
  }
}

/// The rates of one part in all bins of the bar, step after step.
std::vector<double> part_rates(const std::vector<Step>& steps, int part, double spread,
                               bool swung) {
  int n_bins = 0;
  for (const Step& step : steps) n_bins += bins_of(step);
  std::vector<double> bins(static_cast<std::size_t>(n_bins), 0.0);
  int first = 0;
  double sum = 0;
  for (const Step& step : steps) {
    for (const Place& place : places_of(part, step.role, swung)) {
      if (place.phase * kBins >= bins_of(step)) continue;
      scatter(bins, first + place.phase * kBins, place.rate, spread * kBins);
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
        parts.push_back(Part::Pedal);
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
    steps.push_back({step, role});
    tick += step;
  }
  if (!compound && steps.size() > 2 && steps.back().ticks == kTicksPerQuarter) {
    steps.back().role = Role::LastBack;
  }
  return steps;
}

std::vector<StepRates> bar_rates(const std::vector<Step>& steps, double spread, bool swung) {
  std::vector<StepRates> bar(steps.size(), StepRates{});
  for (int part = 0; part < kNParts; ++part) {
    const std::vector<double> bins = part_rates(steps, part, spread, swung);
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
