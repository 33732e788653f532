// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <map>
#include <ostream>
#include <string>
#include <utility>

#include "fyr/error.hpp"
#include "fyr/writers.hpp"
#include "rhythm/fraction_text.hpp"
#include "writers/clean_text.hpp"
#include "writers/midi_track.hpp"

namespace fyr {
namespace {

constexpr Tick kNoteLength = kTicksPerQuarter / 8;    ///< Drums ring by themselves.
constexpr double kLongestQuarter_us = (1 << 24) - 1;  ///< What three bytes hold.

/// How long a hand stays on a cymbal. Drum computers stop the sound when it comes.
constexpr double kHand_s = 0.05;

constexpr double kFastest = 16;  ///< Quarters a second: 960 a minute, which sequencers can play.

/// As many beats as `silence_s` holds at the tempo of the first bar, or 16ths where that is less
/// than half a beat. Less than a bar, which tells it from the bars of the music.
Tick ticks_of_lead_in(const Measure& first, double silence_s) {
  constexpr Tick kSixteenth = kTicksPerQuarter / 4;
  const auto ticks_at = [&](double quarters_per_s) {
    return silence_s * quarters_per_s * kTicksPerQuarter;
  };
  const double ticks = ticks_at(first.tempi.front().quarters_per_s);
  const auto nearest = [&](Tick unit) { return static_cast<Tick>(std::lround(ticks / unit)); };
  const Tick beat = first.meter.beat_ticks();
  const Tick beats = beat * std::min(nearest(beat), std::max(1, first.meter.n_beats() - 1));
  const Tick sixteenths = kSixteenth * std::max(1, nearest(kSixteenth));
  const auto most = static_cast<Tick>(ticks_at(kFastest)) / kSixteenth * kSixteenth;
  return std::min(beats > 0 ? beats : sixteenths, most);
}

/// The score with a lead-in that a sequencer's grid can show: on the page it is unseen, and as
/// narrow as possible.
Score with_lead_in_of_beats(Score score) {
  if (score.measures.size() < 2 || !score.measures.front().lead_in) return score;
  Measure& lead_in = score.measures.front();
  Tempo& tempo = lead_in.tempi.front();
  const double silence_s = lead_in.length / (tempo.quarters_per_s * kTicksPerQuarter);
  lead_in.length = ticks_of_lead_in(score.measures[1], silence_s);
  tempo.quarters_per_s = lead_in.length / (silence_s * kTicksPerQuarter);
  return score;
}

/// From this tick on.
struct Speed {
  Tick tick = 0;
  double time_s = 0;
  int us_per_quarter = 500000;

  double s_per_tick() const { return us_per_quarter * 1e-6 / kTicksPerQuarter; }
};

/// The score's tempi as the file can hold them; the times follow from the rounded values, so that
/// rounding does not add up.
std::vector<Speed> speeds_of(const Score& score) {
  std::vector<Speed> speeds{Speed{}};
  Tick start = 0;
  for (const Measure& measure : score.measures) {
    for (const Tempo& tempo : measure.tempi) {
      const Speed& before = speeds.back();
      Speed speed{start + tempo.tick, 0, 0};
      speed.time_s = before.time_s + (speed.tick - before.tick) * before.s_per_tick();
      speed.us_per_quarter = static_cast<int>(
          std::lround(std::clamp(1e6 / tempo.quarters_per_s, 1.0, kLongestQuarter_us)));
      if (speed.tick == before.tick) speeds.pop_back();
      speeds.push_back(speed);
    }
    start += measure.length;
  }
  return speeds;
}

Tick tick_at(const std::vector<Speed>& speeds, double time_s) {
  const auto after = std::ranges::upper_bound(speeds, time_s, {}, &Speed::time_s);
  const Speed& speed = after == speeds.begin() ? *after : *std::prev(after);
  return std::max(
      0, speed.tick + static_cast<Tick>(std::lround((time_s - speed.time_s) / speed.s_per_tick())));
}

/// A bar's length as a time signature: so many of the meter's notes, 2/4 before 4/4, or where a
/// short bar is of shorter ones the fraction of a whole note.
Meter signature_of(const Measure& measure) {
  const Tick unit = measure.meter.bar_ticks() / measure.meter.numerator;
  if (measure.length % unit != 0) return as_fraction(measure.length);
  return {measure.length / unit, measure.meter.denominator};
}

MidiTrack conductor_track(const Score& score, const std::vector<Speed>& speeds) {
  MidiTrack track;
  const std::string title = clean_text(score.title);
  if (!title.empty()) track.add_text(0, MidiText::TrackName, title);
  Meter current{0, 0};
  Tick start = 0;
  for (const Measure& measure : score.measures) {
    const Meter signature = signature_of(measure);
    if (signature != current) track.add_time_signature(start, signature);
    current = signature;
    if (!measure.rehearsal.empty()) track.add_text(start, MidiText::Marker, measure.rehearsal);
    start += measure.length;
  }
  for (const Speed& speed : speeds) track.add_tempo(speed.tick, speed.us_per_quarter);
  return track;
}

/// Velocity by tick and key. Two drums on one key at one tick are one stroke, the louder.
using Strokes = std::map<std::pair<Tick, int>, int>;

void add_stroke(Strokes& strokes, Tick tick, int key, int velocity) {
  int& loudest = strokes[{tick, key}];
  loudest = std::max(loudest, std::clamp(velocity, 1, 127));
}

Strokes heard_strokes(const std::vector<Onset>& onsets, const std::vector<Speed>& speeds,
                      const DrumMap& keys) {
  Strokes strokes;
  for (const Onset& onset : onsets) {
    add_stroke(strokes, tick_at(speeds, onset.time_s), keys[index_of(onset.drum)], onset.velocity);
  }
  return strokes;
}

Strokes written_strokes(const Score& score, const DrumMap& keys) {
  Strokes strokes;
  Tick start = 0;
  for (const Measure& measure : score.measures) {
    for (const Voice& voice : measure.voices) {
      for (const Chord& chord : voice.chords) {
        for (const Note& note : chord.notes) {
          add_stroke(strokes, start + chord.tick, keys[index_of(note.drum)], note.velocity);
        }
      }
    }
    start += measure.length;
  }
  return strokes;
}

MidiTrack drum_track(const Strokes& strokes) {
  MidiTrack track;
  track.add_text(0, MidiText::TrackName, "Drumset");
  std::map<int, Tick> next;  // When each key is struck again.
  for (auto stroke = strokes.rbegin(); stroke != strokes.rend(); ++stroke) {
    const auto [tick, key] = stroke->first;
    const auto again = next.find(key);
    const Tick end =
        again == next.end() ? tick + kNoteLength : std::min(tick + kNoteLength, again->second);
    track.add_note(end, kDrumChannel, key, 0);
    next[key] = tick;
  }
  for (const auto& [place, velocity] : strokes) {
    track.add_note(place.first, kDrumChannel, place.second, velocity);
  }
  return track;
}

/// As the zones of an electronic kit send them.
void add_chokes(MidiTrack& track, const std::vector<Onset>& onsets,
                const std::vector<Speed>& speeds, const DrumMap& keys) {
  for (const Onset& onset : onsets) {
    if (onset.choked_after_s <= 0) continue;
    const int key = keys[index_of(onset.drum)];
    const double choked_s = onset.time_s + onset.choked_after_s;
    track.add_pressure(tick_at(speeds, choked_s), kDrumChannel, key, 127);
    track.add_pressure(tick_at(speeds, choked_s + kHand_s), kDrumChannel, key, 0);
  }
}

/// Keys beyond a byte's seven bits would be read as commands.
void check_keys(const DrumMap& keys) {
  for (const int key : keys) {
    if (key >= 0 && key <= 127) continue;
    throw UsageError("drum map: keys must be from 0 to 127, not " + std::to_string(key));
  }
}

}  // namespace

void write_midi(const Transcription& transcription, const MidiOptions& options, std::ostream& out) {
  check_keys(options.drum_map);
  const Score score = with_lead_in_of_beats(transcription.score);
  const std::vector<Speed> speeds = speeds_of(score);
  const bool heard = options.timing == MidiTiming::Heard;
  const std::vector<Onset>& onsets = transcription.onsets;
  MidiTrack drums = drum_track(heard ? heard_strokes(onsets, speeds, options.drum_map)
                                     : written_strokes(score, options.drum_map));
  if (heard) add_chokes(drums, onsets, speeds, options.drum_map);
  Tick end = 0;
  for (const Measure& measure : score.measures) end += measure.length;
  out << midi_file({conductor_track(score, speeds).chunk(end), drums.chunk(end)});
}

}  // namespace fyr
