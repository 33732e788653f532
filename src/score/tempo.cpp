// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/tempo.hpp"

#include <algorithm>
#include <cmath>

#include "median.hpp"
#include "score/form.hpp"
#include "score/playable.hpp"
#include "score/rest_runs.hpp"
#include "score/voice.hpp"

namespace fyr {
namespace {

constexpr double kShortest_s = 0.002;    ///< Keeps every tempo finite.
constexpr double kUnevenBeat_s = 0.005;  ///< Beats further off get their own tempi.
constexpr double kSameBeat_s = 0.02;     ///< Less than half the shortest beat.
constexpr double kSameTempo = 1e-6;      ///< Quarters a second: what the file can tell apart.
/// MuseScore 3 reads faster tempi as this one (999 quarters a minute).
constexpr double kFastest = 16.65;
constexpr double kSlowest = 0.2;  ///< Of a lead-in: slower ones could not be saved as MIDI.
// By hand: what a reader should be told of a tempo.
constexpr std::size_t kTempoBars = 4;  ///< To each side of a new tempo.
constexpr double kNewTempo = 1.15;     ///< Less is a band that hurries or drags.
constexpr double kSteady = 0.04;       ///< Of the median.
/// Less silence before the first bar makes that bar longer: too little for a 16th at the fastest
/// tempo, and hardly to be heard.
constexpr double kShortestLeadIn_s = 0.016;

double quarters(Tick ticks) { return static_cast<double>(ticks) / kTicksPerQuarter; }

/// The note that a beat of the meter lasts.
NoteValue beat_value(const Meter& meter) {
  const bool compound = meter.beat_ticks() * meter.denominator != 4 * kTicksPerQuarter;
  return compound ? NoteValue{4, 1} : NoteValue{meter.denominator, 0};
}

/// A tempo can only stand where the first voice has a symbol of its own.
bool holds_tempo(const Voice& voice, Tick tick) {
  const auto chord = std::ranges::find(voice.chords, tick, &Chord::tick);
  if (chord == voice.chords.end()) return false;
  const auto index = static_cast<std::size_t>(chord - voice.chords.begin());
  const Tuplet* tuplet = tuplet_at(voice, index);
  return tuplet == nullptr || tuplet->first == index;
}

/// The beats inside the bar, if the tracker found as many as the meter has.
std::vector<Knot> inner_beats(const Rhythm& rhythm, const Bar& bar) {
  const Tick beat = bar.meter.beat_ticks();
  std::vector<Knot> knots;
  for (Tick tick = bar.length % beat; tick < bar.length; tick += beat) {
    if (tick > 0) knots.push_back({tick, 0});
  }
  const auto by_time = [](const Beat& one, double time_s) { return one.time_s < time_s; };
  auto heard = std::lower_bound(rhythm.beats.begin(), rhythm.beats.end(), bar.start_s + kSameBeat_s,
                                by_time);
  const auto end = std::lower_bound(heard, rhythm.beats.end(), bar.end_s - kSameBeat_s, by_time);
  if (end - heard != std::ssize(knots)) return {};
  for (Knot& knot : knots) knot.time_s = (heard++)->time_s;
  return knots;
}

/// When the bar begins to play: not before the recording, nor so shortly after that a lead-in would
/// be too short.
double plays_from_s(const Bar& bar) { return bar.start_s < kShortestLeadIn_s ? 0 : bar.start_s; }

/// Where the playing speed of the bar may change: its ends, and its beats if they are uneven.
std::vector<Knot> knots_of(const Rhythm& rhythm, std::size_t index, const Measure& measure) {
  const Bar& bar = rhythm.bars[index];
  const Knot first{0, plays_from_s(bar)};
  const Knot last{bar.length, bar.end_s};
  std::vector<Knot> knots = inner_beats(rhythm, bar);
  const bool uneven = std::ranges::any_of(knots, [&](const Knot& beat) {
    const double share = static_cast<double>(beat.tick) / bar.length;
    return std::abs(beat.time_s - std::lerp(first.time_s, last.time_s, share)) > kUnevenBeat_s;
  });
  if (!uneven) knots.clear();
  std::erase_if(knots,
                [&](const Knot& beat) { return !holds_tempo(measure.voices.front(), beat.tick); });
  knots.insert(knots.begin(), first);
  knots.push_back(last);
  return knots;
}

/// Beats a minute of every bar.
std::vector<double> speeds_bpm(const Rhythm& rhythm, Tick beat) {
  std::vector<double> speeds;
  for (const Bar& bar : rhythm.bars) {
    const double lasts_s = std::max(kShortest_s, bar.end_s - bar.start_s);
    speeds.push_back(60 * bar.length / lasts_s / beat);
  }
  return speeds;
}

double median_in(const std::vector<double>& values, std::size_t first, std::size_t last) {
  return median(std::vector<double>(values.begin() + static_cast<std::ptrdiff_t>(first),
                                    values.begin() + static_cast<std::ptrdiff_t>(last)));
}

/// Whether [first, last) keep one tempo.
bool is_steady(const std::vector<double>& speeds, std::size_t first, std::size_t last) {
  const double middle = median_in(speeds, first, last);
  for (std::size_t i = first; i < last; ++i) {
    if (std::abs(speeds[i] / middle - 1) > kSteady) return false;
  }
  return true;
}

/// The bars from which on another tempo lasts, the first one among them.
std::vector<std::size_t> new_tempi(const std::vector<double>& speeds) {
  std::vector<double> changes(speeds.size(), 0);
  for (std::size_t i = kTempoBars; i + kTempoBars <= speeds.size(); ++i) {
    if (!is_steady(speeds, i - kTempoBars, i) || !is_steady(speeds, i, i + kTempoBars)) continue;
    const double ratio =
        median_in(speeds, i, i + kTempoBars) / median_in(speeds, i - kTempoBars, i);
    if (std::max(ratio, 1 / ratio) > kNewTempo) changes[i] = std::abs(std::log(ratio));
  }
  std::vector<std::size_t> found{0};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (changes[i] > 0 && is_peak(changes, i, kTempoBars)) found.push_back(i);
  }
  return found;
}

/// The measure's tempo at its beginning, where it may so far be that of the measure before.
Tempo& opening_tempo(Measure& measure, double playing) {
  if (measure.tempi.empty() || measure.tempi.front().tick > 0) {
    measure.tempi.insert(measure.tempi.begin(), {0, playing, std::nullopt});
  }
  return measure.tempi.front();
}

/// One visible tempo, and another only where the music goes on at one: all others are hidden.
void mark_tempi(Score& score, const Rhythm& rhythm) {
  const Meter meter = counted_meter(played_bars(rhythm));
  const std::vector<double> speeds = speeds_bpm(rhythm, meter.beat_ticks());
  const std::vector<std::size_t> found = new_tempi(speeds);
  std::size_t k = 0;
  double playing = 0;
  for (std::size_t bar = 0; bar < speeds.size(); ++bar) {
    Measure& measure = score.measures[bar];
    if (k < found.size() && found[k] == bar) {
      const std::size_t end = ++k < found.size() ? found[k] : speeds.size();
      const double bpm = found.size() == 1 ? rhythm.tempo_bpm : median_in(speeds, bar, end);
      opening_tempo(measure, playing).mark = {beat_value(meter),
                                              static_cast<int>(std::lround(bpm))};
    }
    if (!measure.tempi.empty()) playing = measure.tempi.back().quarters_per_s;
  }
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

/// A beat, or more where its tempo would be too slow, less where too fast. (Behind less than a beat
/// MuseScore 4 beams eighths in pairs, and some programs take the lead-in's tempo for the music's.)
Tick lead_in_ticks(const Meter& meter, double start_s) {
  Tick length = meter.beat_ticks();
  while (quarters(length) / start_s < kSlowest) length *= 2;
  while (quarters(length) / start_s > kFastest) length /= 2;
  return length;
}

}  // namespace

void set_tempi(Score& score, const Rhythm& rhythm) {
  double playing = 0;
  // When what is written so far has been played. What lies before the recording, or is shorter than
  // it can be played, takes its time from what follows.
  double now_s = plays_from_s(rhythm.bars.front());
  for (std::size_t i = 0; i < rhythm.bars.size(); ++i) {
    Measure& measure = score.measures[i];
    const std::vector<Knot> knots = knots_of(rhythm, i, measure);
    for (std::size_t k = 0; k + 1 < knots.size(); ++k) {
      const double n_quarters = quarters(knots[k + 1].tick - knots[k].tick);
      const double lasts_s = std::max(kShortest_s, knots[k + 1].time_s - now_s);
      const double quarters_per_s = std::min(kFastest, n_quarters / lasts_s);
      now_s = std::max(knots[k + 1].time_s,
                       quarters_per_s < kFastest ? now_s : now_s + n_quarters / kFastest);
      if (std::abs(quarters_per_s - playing) < kSameTempo) continue;
      measure.tempi.push_back({knots[k].tick, quarters_per_s, std::nullopt});
      playing = quarters_per_s;
    }
  }
  mark_tempi(score, rhythm);
}

void add_lead_in(Score& score, double start_s) {
  if (start_s < kShortestLeadIn_s) return;
  const Measure& first = score.measures.front();
  // A pickup stays at the beginning: `playable` made a whole bar of one that bars of rest precede.
  const bool pickup = first.length < first.meter.bar_ticks();
  const int n_bars =
      pickup ? 0 : lead_in_bars(first.meter, first.tempi.front().quarters_per_s, start_s);
  std::vector<Measure> silence;
  if (n_bars == 0) {
    Measure measure = silent_measure(first.meter, lead_in_ticks(first.meter, start_s));
    measure.numbered = false;
    measure.lead_in = true;
    measure.voices.front().chords.front().hidden = true;
    silence.push_back(std::move(measure));
  } else {
    silence.assign(static_cast<std::size_t>(n_bars),
                   silent_measure(first.meter, first.meter.bar_ticks()));
  }
  const double n_quarters = quarters(silence.front().length) * static_cast<double>(silence.size());
  silence.front().tempi.push_back({0, n_quarters / start_s, std::nullopt});
  silence.front().shows_meter = true;
  score.measures.front().shows_meter = false;
  if (n_bars > 0)
    std::swap(silence.front().tempi.front().mark, score.measures.front().tempi.front().mark);
  score.measures.insert(score.measures.begin(), silence.begin(), silence.end());
  score.n_silent = silence.size();
}

void level_rests(Score& score) {
  double playing = 0;
  std::size_t end = 0;
  for (std::size_t first = 0; first < score.measures.size(); first = end) {
    end = first + rest_run(score.measures, first);
    Tick length = 0;
    double lasts_s = 0;
    bool changes = false;
    for (std::size_t i = first; i < end; ++i) {
      Measure& measure = score.measures[i];
      if (!measure.tempi.empty()) playing = measure.tempi.back().quarters_per_s;
      length += measure.length;
      lasts_s += quarters(measure.length) / playing;
      if (i == first) continue;
      changes |= !measure.tempi.empty();
      measure.tempi.clear();
    }
    if (!changes) continue;
    opening_tempo(score.measures[first], 0).quarters_per_s = quarters(length) / lasts_s;
    if (end < score.measures.size()) opening_tempo(score.measures[end], playing);
  }
}

}  // namespace fyr
