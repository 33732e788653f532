// SPDX-License-Identifier: GPL-3.0-or-later

/// Drum maps as files say them.
#pragma once

#include <string>
#include <string_view>

#include "fyr/drum_map.hpp"

namespace fyr {

/// Whether the text is meant for a drum map: a JSON object that names a drum.
bool is_drum_map(std::string_view text);

/// What a JSON object from drum ids to MIDI keys says, such as {"kick": 24, "snare": 26}; drums
/// that it leaves out keep their General MIDI keys. Throws InputError naming `path` and the entry
/// for other JSON, an unknown drum and a key that is not in 0..127.
DrumMap parse_drum_map(std::string_view text, const std::string& path);

}  // namespace fyr
