// SPDX-License-Identifier: GPL-3.0-or-later

/// Drum maps: which MIDI key plays which drum in a sampler.
#pragma once

#include <string_view>
#include <vector>

#include "fyr/drum.hpp"

namespace fyr {

/// A MIDI key, 0..127, for each drum.
using DrumMap = PerDrum<int>;

/// DrumInfo::midi_key of each drum.
inline constexpr DrumMap kGeneralMidi = [] {
  DrumMap map{};
  for (const DrumInfo& drum : kDrums) map[index_of(drum.drum)] = drum.midi_key;
  return map;
}();

struct DrumMapPreset {
  std::string_view name;
  std::string_view title;  ///< The programs it is for.
  DrumMap keys;
};

/// The maps that fyr knows by name; the first is General MIDI.
const std::vector<DrumMapPreset>& drum_map_presets();

}  // namespace fyr
