// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/drum_map.hpp"

namespace fyr {

// In the order of kDrums: kick, snare, side stick, closed, pedal and open hi-hat, high, mid and
// floor tom, ride, ride bell, crash, percussion. docs/formats.md tells where the keys come from.
const std::vector<DrumMapPreset>& drum_map_presets() {
  static const std::vector<DrumMapPreset> presets = {
      {"gm", "General MIDI: MuseScore, Logic, GarageBand, Hydrogen, most samplers", kGeneralMidi},
      {"roland",
       "Roland V-Drums (TD-11, TD-17), as in the Groove MIDI Dataset",
       {36, 38, 37, 42, 44, 46, 48, 45, 43, 51, 53, 49, 54}},
      {"ezdrummer",
       "Toontrack EZdrummer and Superior Drummer",
       {36, 38, 37, 42, 44, 46, 48, 47, 43, 51, 53, 49, 54}},
      {"addictive_drums",
       "XLN Addictive Drums 2",
       {36, 38, 42, 49, 48, 54, 71, 69, 65, 60, 61, 77, 46}},
  };
  return presets;
}

}  // namespace fyr
