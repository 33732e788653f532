// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "evaluate/annotation_formats.hpp"
#include "evaluate/first_whole_bar.hpp"
#include "evaluate/midi_file.hpp"
#include "fyr/error.hpp"
#include "text.hpp"
#include "writers/midi_track.hpp"

namespace fyr {
namespace {

/// Ticks to seconds; ask in ascending order.
class Clock {
 public:
  explicit Clock(const MidiFile& file) : file_(file) {}

  double seconds_at(std::int64_t tick) {
    while (next_ < file_.tempi.size() && file_.tempi[next_].tick <= tick) {
      advance(file_.tempi[next_].tick);
      quarter_s_ = file_.tempi[next_++].quarter_s;
    }
    advance(tick);
    return time_s_;
  }

 private:
  void advance(std::int64_t tick) {
    time_s_ += static_cast<double>(tick - tick_) * quarter_s_ / file_.ticks_per_quarter;
    tick_ = tick;
  }

  const MidiFile& file_;
  std::size_t next_ = 0;
  std::int64_t tick_ = 0;
  double time_s_ = 0;
  double quarter_s_ = 0.5;
};

struct BarStart {
  double tick;
  MidiTimeSignature signature;
};

/// Bars until the end; a time signature starts a new one wherever it stands.
std::vector<BarStart> find_bars(const MidiFile& file) {
  auto signatures = file.signatures;
  if (signatures.empty() || signatures.front().tick > 0) {
    signatures.insert(signatures.begin(), {0, 4, 4});
  }
  std::vector<BarStart> bars;
  for (std::size_t i = 0; i < signatures.size(); ++i) {
    const auto& signature = signatures[i];
    const double length =
        4.0 * file.ticks_per_quarter * signature.numerator / signature.denominator;
    const bool is_last = i + 1 == signatures.size();
    const auto end = static_cast<double>(is_last ? file.end_tick + 1 : signatures[i + 1].tick);
    const double n_bars = (end - static_cast<double>(signature.tick)) / length;
    if (static_cast<double>(bars.size()) + n_bars > kMaxBars) {
      throw InputError("more bars than any song has");
    }
    for (double tick = static_cast<double>(signature.tick); tick < end; tick += length) {
      bars.push_back({tick, signature});
    }
  }
  return bars;
}

Meter meter_of(const BarStart& bar) { return {bar.signature.numerator, bar.signature.denominator}; }

/// In ticks of kTicksPerQuarter.
std::vector<double> lengths_of(const std::vector<BarStart>& bars, double scale) {
  std::vector<double> lengths;
  for (std::size_t i = 0; i + 1 < bars.size(); ++i) {
    lengths.push_back((bars[i + 1].tick - bars[i].tick) * scale);
  }
  lengths.push_back(meter_of(bars.back()).bar_ticks());
  return lengths;
}

/// How many of the first `n` bars end before anything is played, but for what comes early by less
/// than a 32nd.
std::size_t n_silent_bars(const MidiFile& file, const std::vector<BarStart>& bars, std::size_t n) {
  const auto first = static_cast<double>(file.notes.empty() ? 0 : file.notes.front().tick);
  const double early = file.ticks_per_quarter / 8.0;
  std::size_t n_silent = 0;
  while (n_silent < n && bars[n_silent + 1].tick - early <= first) ++n_silent;
  return n_silent;
}

/// The end of the file, often a bar line, is no beat: nothing begins there.
void add_beats_and_bars(const MidiFile& file, const std::vector<BarStart>& bars,
                        Annotation& annotation) {
  Clock clock(file);
  const double scale = static_cast<double>(kTicksPerQuarter) / file.ticks_per_quarter;
  annotation.bar_ticks = lengths_of(bars, scale);
  const std::size_t whole = first_whole_bar(annotation.bar_ticks);
  for (std::size_t i = n_silent_bars(file, bars, whole); i < bars.size(); ++i) {
    const double length = annotation.bar_ticks[i];
    const bool upbeat = i < whole && 2 * length <= annotation.bar_ticks[whole];
    const Meter meter = meter_of(bars[upbeat ? whole : i]);
    const int n_beats = static_cast<int>(std::ceil(length / meter.beat_ticks()));
    if (upbeat && length < meter.beat_ticks()) continue;
    const int first_number = upbeat ? meter.n_beats() - n_beats + 1 : 1;
    for (int beat = 0; beat < n_beats; ++beat) {
      const double tick = bars[i].tick + beat * meter.beat_ticks() / scale;
      if (tick >= static_cast<double>(file.end_tick)) break;
      annotation.beats.push_back({clock.seconds_at(std::int64_t(tick)), first_number + beat});
    }
  }
}

}  // namespace

void read_midi(const std::filesystem::path& path, Annotation& annotation) {
  const std::string data = read_file(path);
  try {
    const MidiFile file = parse_midi(data);
    const std::vector<BarStart> bars = find_bars(file);
    const bool has_drum_channel =
        std::any_of(file.notes.begin(), file.notes.end(),
                    [](const MidiNote& note) { return note.channel == kDrumChannel; });
    Clock clock(file);
    std::size_t bar = 0;
    for (const MidiNote& note : file.notes) {
      if (has_drum_channel && note.channel != kDrumChannel) continue;
      const auto tick = static_cast<double>(note.tick);
      while (bar + 1 < bars.size() && bars[bar + 1].tick <= tick) ++bar;
      const std::string label = std::to_string(note.key);
      const double time_s = clock.seconds_at(note.tick);
      annotation.hits.push_back({time_s, label, note.velocity, 0});
      annotation.written.push_back(
          {label, static_cast<int>(bar),
           (tick - bars[bar].tick) * kTicksPerQuarter / file.ticks_per_quarter, time_s});
    }
    add_beats_and_bars(file, bars, annotation);
    annotation.duration_s = Clock(file).seconds_at(file.end_tick);
  } catch (const InputError& error) {
    throw InputError("cannot read \"" + path.string() + "\" as MIDI: " + error.what() +
                     "; export it again");
  }
}

}  // namespace fyr
