// SPDX-License-Identifier: GPL-3.0-or-later

/// `--drum-map`: a map by name, or the user's own from a file.
#pragma once

#include <string>

#include "fyr/drum_map.hpp"

namespace fyr::app {

/// The preset of that name, or what a JSON file says: an object from drum ids to MIDI keys, such as
/// {"kick": 24, "snare": 26}; drums that it leaves out keep their General MIDI keys.
///
/// What has a "/" or a "." in it is a file. Throws UsageError for an unknown name, InputError
/// naming file and entry for a file that cannot be read, an unknown drum or a key beyond 0 to 127.
DrumMap load_drum_map(const std::string& name_or_path);

}  // namespace fyr::app
