// SPDX-License-Identifier: GPL-3.0-or-later

/// Standard MIDI Files 1.0 (MMA RP-001), as far as a drum part needs them.
///
/// Debian's readers (libsmf, libportsmf) have had no release since 2012 and trust the lengths that
/// a file claims, so this is our own.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace fyr {

struct MidiNote {
  std::int64_t tick;
  int channel;
  int key;
  int velocity;
};

struct MidiTempo {
  std::int64_t tick;
  double quarter_s;
};

struct MidiTimeSignature {
  std::int64_t tick;
  int numerator;
  int denominator;
};

struct MidiFile {
  int ticks_per_quarter = 0;
  std::vector<MidiNote> notes;
  std::vector<MidiTempo> tempi;
  std::vector<MidiTimeSignature> signatures;
  std::int64_t end_tick = 0;
};

/// Every list by tick. Reads as many tracks as the header tells and nothing behind them. Throws
/// InputError saying what is wrong with the bytes.
MidiFile parse_midi(std::string_view data);

}  // namespace fyr
