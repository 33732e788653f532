// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/tempo.hpp"

#include <algorithm>
#include <cmath>

#include "score/playable.hpp"

namespace fyr {
namespace {

constexpr double kShortestBar_s = 0.005;    ///< Keeps the tempo finite.
constexpr double kShortestLeadIn_s = 1e-3;  ///< Nobody hears less.

double quarters(Tick ticks) { return static_cast<double>(ticks) / kTicksPerQuarter; }

/// The note that tempo_bpm counts.
NoteValue beat_value(const Meter& meter) {
  const bool compound = meter.beat_ticks() * meter.denominator != 4 * kTicksPerQuarter;
  return compound ? NoteValue{4, 1} : NoteValue{meter.denominator, 0};
}

Measure silent_measure(const Meter& meter, Tick length) {
  Chord rest;
  rest.duration = length;
  rest.full_bar = true;
  Measure measure;
  measure.meter = meter;
  measure.length = length;
  measure.voices.push_back({Stems::Up, {rest}, {}});
  return measure;
}

}  // namespace

void set_tempi(Score& score, const Rhythm& rhythm) {
  for (std::size_t i = 0; i < rhythm.bars.size(); ++i) {
    const Bar& bar = rhythm.bars[i];
    const double lasts_s = std::max(kShortestBar_s, bar.end_s - std::max(0.0, bar.start_s));
    score.measures[i].tempo = Tempo{quarters(bar.length) / lasts_s, std::nullopt};
  }
  score.measures.front().tempo->mark = {beat_value(rhythm.bars.front().meter),
                                        static_cast<int>(std::lround(rhythm.tempo_bpm))};
}

void add_lead_in(Score& score, double start_s) {
  if (start_s < kShortestLeadIn_s) return;
  const Measure& first = score.measures.front();
  const int n_bars = lead_in_bars(first.meter, first.tempo->quarters_per_s, start_s);
  std::vector<Measure> silence;
  if (n_bars == 0) {
    Measure measure = silent_measure(first.meter, kTicksPerQuarter);
    measure.numbered = false;
    measure.lead_in = true;
    measure.voices.front().chords.front().hidden = true;
    silence.push_back(std::move(measure));
  } else {
    silence.assign(static_cast<std::size_t>(n_bars),
                   silent_measure(first.meter, first.meter.bar_ticks()));
  }
  const double n_quarters = quarters(silence.front().length) * static_cast<double>(silence.size());
  silence.front().tempo = Tempo{n_quarters / start_s, std::nullopt};
  silence.front().shows_meter = true;
  score.measures.front().shows_meter = false;
  if (n_bars > 0) std::swap(silence.front().tempo->mark, score.measures.front().tempo->mark);
  score.measures.insert(score.measures.begin(), silence.begin(), silence.end());
}

}  // namespace fyr
