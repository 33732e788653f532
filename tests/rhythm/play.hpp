// SPDX-License-Identifier: GPL-3.0-or-later

/// Synthetic drumming with known places, for the tests of the rhythm stage.
#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <tuple>
#include <vector>

#include "fyr/onset.hpp"
#include "fyr/rhythm.hpp"

namespace fyr::testing {

/// A hit of a written pattern: quarters from the start of its bar.
struct Note {
  double quarter = 0;
  Drum drum = Drum::Kick;
  int velocity = 100;
};

/// How a pattern is played.
struct Playing {
  double bpm = 120;  ///< Quarters a minute.
  double bar_quarters = 4;
  int n_bars = 8;
  double start_s = 0.5;
  double skip_quarters = 0;  ///< Left out at the start: 4/4 with a one-beat pickup skips 3.
  double jitter_s = 0;       ///< Standard deviation.
  double drift = 0;          ///< Tempo at the end relative to the start, minus 1.
  double swing = 0.5;        ///< Share of a quarter that the first of two eighths takes.
};

/// The hits in time order, and for each the quarter since the start of the first bar.
struct Performance {
  std::vector<Onset> onsets;
  std::vector<double> quarters;
};

inline Performance play(const std::vector<Note>& pattern, const Playing& how) {
  std::mt19937 random(7);
  std::normal_distribution<double> jitter(0, 1);
  const double total = how.n_bars * how.bar_quarters;
  const auto time_of = [&](double quarter) {
    const double beat = std::floor(quarter);
    double phase = quarter - beat;
    phase = phase < 0.5 ? 2 * phase * how.swing : how.swing + 2 * (phase - 0.5) * (1 - how.swing);
    const double swung = beat + phase - how.skip_quarters;
    // The tempo changes linearly from the first quarter to the last.
    const double slowed = swung - how.drift / 2 * swung * swung / total;
    return how.start_s + slowed * 60 / how.bpm;
  };
  std::vector<std::pair<Onset, double>> hits;
  for (int bar = 0; bar < how.n_bars; ++bar) {
    for (const Note& note : pattern) {
      const double quarter = bar * how.bar_quarters + note.quarter;
      if (quarter < how.skip_quarters) continue;
      const double time_s = std::max(0.0, time_of(quarter) + how.jitter_s * jitter(random));
      hits.push_back({{time_s, note.drum, note.velocity, 0.9}, quarter});
    }
  }
  std::sort(hits.begin(), hits.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first.time_s, a.first.drum) < std::tie(b.first.time_s, b.first.drum);
  });
  Performance performance;
  for (const auto& [onset, quarter] : hits) {
    performance.onsets.push_back(onset);
    performance.quarters.push_back(quarter);
  }
  return performance;
}

/// Kick on 1 and 3, snare on 2 and 4, hi-hat on every eighth.
inline std::vector<Note> rock_beat() {
  std::vector<Note> notes{{0, Drum::Kick}, {2, Drum::Kick}, {1, Drum::Snare}, {3, Drum::Snare}};
  for (int i = 0; i < 8; ++i) notes.push_back({i / 2.0, Drum::ClosedHiHat, 70});
  return notes;
}

inline Rhythm analyse(const Performance& performance, const RhythmOptions& options = {}) {
  const double end_s = performance.onsets.empty() ? 1.0 : performance.onsets.back().time_s + 1;
  return analyse_rhythm(performance.onsets, Activations{}, end_s, options);
}

/// Where a hit stands: quarters since the first bar would begin if it were whole.
inline double quarter_of(const Rhythm& rhythm, const QuantisedHit& hit) {
  const Bar& first = rhythm.bars.front();
  double ticks = first.meter.bar_ticks() - first.length;
  for (int bar = 0; bar < hit.bar; ++bar)
    ticks += rhythm.bars[static_cast<std::size_t>(bar)].length;
  return (ticks + hit.tick) / kTicksPerQuarter;
}

}  // namespace fyr::testing
