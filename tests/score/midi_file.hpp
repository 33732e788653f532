// SPDX-License-Identifier: GPL-3.0-or-later

/// Reads the notes of a Standard MIDI File, to see what MuseScore plays.
#pragma once

#include <filesystem>
#include <vector>

namespace fyr::testing {

struct MidiNote {
  int tick = 0;  ///< 480 a quarter note.
  double time_s = 0;
  int channel = 0;  ///< 0..15; drums are on 9.
  int key = 0;
  int velocity = 0;
  auto operator<=>(const MidiNote&) const = default;
};

/// All note-ons in order of time. Throws std::runtime_error if the file is not what MuseScore
/// writes: format 0 or 1 with 480 ticks a quarter.
std::vector<MidiNote> read_midi_notes(const std::filesystem::path& path);

}  // namespace fyr::testing
