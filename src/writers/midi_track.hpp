// SPDX-License-Identifier: GPL-3.0-or-later

/// Chunks of a Standard MIDI File 1.0 (MMA RP-001).
///
/// Debian's writers (libsmf, libportsmf) have had no release since 2012, so this is our own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fyr/rhythm.hpp"

namespace fyr {

/// Of drums, from 0: General MIDI's channel 10.
inline constexpr int kDrumChannel = 9;

enum class MidiText : unsigned char { TrackName = 0x03, Marker = 0x06 };

/// Events of one track, added in any order.
class MidiTrack {
 public:
  void add_text(Tick tick, MidiText kind, std::string_view text);
  void add_tempo(Tick tick, int us_per_quarter);
  /// The denominator is a power of two. A metronome clicks the beats: dotted quarters in 6/8.
  void add_time_signature(Tick tick, const Meter& meter);
  /// `channel`: 0..15; a velocity of 0 ends the note.
  void add_note(Tick tick, int channel, int key, int velocity);
  /// Polyphonic key pressure, 0..127: a hand on the cymbal of that key.
  void add_pressure(Tick tick, int channel, int key, int pressure);

  /// The finished MTrk chunk, which ends at `end` or its last event. Of events at one tick those
  /// that end a note come first, the others stay in the order they were added.
  std::string chunk(Tick end) const;

 private:
  struct Event {
    Tick tick;
    bool ends_note;
    std::string bytes;
  };
  void add_meta(Tick tick, unsigned char type, std::string_view body);

  std::vector<Event> events_;
};

/// A type 1 file of these chunks with kTicksPerQuarter.
std::string midi_file(const std::vector<std::string>& chunks);

}  // namespace fyr
