// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/random_rhythm.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <tuple>

namespace fyr::testing {
namespace {

constexpr std::array<Meter, 17> kMeters{{{4, 4},
                                         {4, 4},
                                         {4, 4},
                                         {3, 4},
                                         {2, 4},
                                         {5, 4},
                                         {6, 8},
                                         {7, 8},
                                         {12, 8},
                                         {9, 8},
                                         {5, 8},
                                         {3, 8},
                                         {2, 2},
                                         {3, 2},
                                         {1, 4},
                                         {7, 16},
                                         {7, 4}}};

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}
  int below(int n) { return static_cast<int>(engine_() % static_cast<std::uint32_t>(n)); }
  bool chance(double probability) { return below(10000) < probability * 10000; }
  double between(double low, double high) { return low + (high - low) * below(10001) / 10000; }

 private:
  std::mt19937 engine_;
};

Ornament random_ornament(Dice& dice, Drum drum) {
  if (drum != Drum::Snare || !dice.chance(0.1)) return Ornament::None;
  return std::array{Ornament::Flam, Ornament::Drag,
                    Ornament::Roll}[static_cast<std::size_t>(dice.below(3))];
}

void add_hits(Rhythm& rhythm, Dice& dice, double density) {
  const Bar& bar = rhythm.bars.back();
  const Tick beat_ticks = bar.meter.beat_ticks();
  const double s_per_tick = (bar.end_s - bar.start_s) / bar.length;
  const Tick missing = static_cast<Tick>(bar.grids.size()) * beat_ticks - bar.length;
  for (std::size_t beat = 0; beat < bar.grids.size(); ++beat) {
    const Tick coarse = dice.chance(0.6) ? 2 : 1;
    const Tick step = coarse * (bar.grids[beat] == Grid::Triplet ? 80 : 60);
    for (Tick place = 0; place < beat_ticks; place += step) {
      const Tick tick = static_cast<Tick>(beat) * beat_ticks + place - missing;
      if (tick < 0 || tick >= bar.length) continue;
      for (const DrumInfo& drum : kDrums) {
        if (!dice.chance(density)) continue;
        QuantisedHit hit;
        hit.bar = static_cast<int>(rhythm.bars.size()) - 1;
        hit.tick = tick;
        hit.drum = drum.drum;
        hit.velocity = 1 + dice.below(127);
        hit.time_s = bar.start_s + tick * s_per_tick;
        hit.confidence = dice.between(0.05, 1);
        if (drum.drum == Drum::Crash && hit.velocity % 3 == 0) hit.choked_after_s = 0.2;
        hit.ornament = random_ornament(dice, drum.drum);
        rhythm.hits.push_back(hit);
      }
    }
  }
}

}  // namespace

std::vector<Onset> random_onsets(std::uint32_t seed) {
  Dice dice(seed);
  std::vector<Onset> onsets;
  const double end_s = dice.between(0.5, 40);
  const double density = dice.between(0.02, 0.4);
  const double jitter_s = dice.chance(0.3) ? 0.03 : 0.006;
  const bool has_pulse = dice.chance(0.8);
  double step_s = dice.between(0.05, 0.4);
  for (double time_s = dice.between(0, 5); time_s < end_s; time_s += step_s) {
    if (dice.chance(0.01)) time_s += dice.between(0, 6);
    if (!has_pulse) step_s = dice.between(0.005, 0.6);
    step_s = std::clamp(step_s * dice.between(0.99, 1.01), 0.005, 0.6);
    for (const DrumInfo& drum : kDrums) {
      if (!dice.chance(density)) continue;
      const int n_strokes = dice.chance(0.03) ? 1 + dice.below(8) : 1;
      for (int i = 0; i < n_strokes; ++i) {
        const double at_s = time_s + 0.04 * i + dice.between(-jitter_s, jitter_s);
        onsets.push_back(
            {std::max(0.0, at_s), drum.drum, 1 + dice.below(127), dice.between(0.05, 1)});
      }
    }
  }
  std::sort(onsets.begin(), onsets.end(), [](const Onset& a, const Onset& b) {
    return std::tuple(a.time_s, a.drum) < std::tuple(b.time_s, b.drum);
  });
  return onsets;
}

Rhythm random_rhythm(std::uint32_t seed) {
  Dice dice(seed);
  Rhythm rhythm;
  rhythm.tempo_bpm = dice.between(40, 260);
  if (dice.chance(0.2)) {
    rhythm.swing = {dice.between(0.55, 0.7), kTicksPerQuarter / (dice.chance(0.3) ? 4 : 2)};
  }
  const int n_bars = 1 + dice.below(12);
  const double density = dice.chance(0.1) ? 0.7 : dice.between(0.005, 0.15);
  const double triplets = dice.chance(0.5) ? 0 : dice.between(0, 1);
  double time_s = dice.chance(0.3) ? 0 : dice.between(0, dice.chance(0.3) ? 30 : 2);
  Meter meter = kMeters[static_cast<std::size_t>(dice.below(kMeters.size()))];
  for (int i = 0; i < n_bars; ++i) {
    if (dice.chance(0.1)) meter = kMeters[static_cast<std::size_t>(dice.below(kMeters.size()))];
    Bar bar;
    bar.meter = meter;
    bar.length = meter.bar_ticks();
    if (i == 0 && dice.chance(0.4)) bar.length = 60 * (1 + dice.below(bar.length / 60));
    const Tick beat = meter.beat_ticks();
    for (Tick tick = 0; tick < bar.length; tick += beat) {
      const bool triplet = beat == kTicksPerQuarter && bar.length % beat == 0;
      bar.grids.push_back(triplet && dice.chance(triplets) ? Grid::Triplet : Grid::Straight);
    }
    const double drift = dice.between(0.9, 1.1);
    bar.start_s = time_s;
    time_s += drift * bar.length / beat * 60 / rhythm.tempo_bpm;
    bar.end_s = time_s;
    rhythm.bars.push_back(bar);
    if (!dice.chance(0.15)) add_hits(rhythm, dice, density);
  }
  return rhythm;
}

}  // namespace fyr::testing
