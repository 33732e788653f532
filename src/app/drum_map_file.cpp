// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/drum_map_file.hpp"

#include <vector>

#include "fyr/error.hpp"
#include "suggest.hpp"
#include "text.hpp"
#include "writers/parse_drum_map.hpp"

namespace fyr::app {

DrumMap load_drum_map(const std::string& name_or_path) {
  if (name_or_path.find_first_of("/.") != std::string::npos) {
    return parse_drum_map(read_file(name_or_path), name_or_path);
  }
  std::vector<std::string> known;
  std::string names;
  for (const DrumMapPreset& preset : drum_map_presets()) {
    if (preset.name == name_or_path) return preset.keys;
    known.emplace_back(preset.name);
    names += (names.empty() ? "" : ", ") + known.back();
  }
  throw UsageError("--drum-map: unknown map \"" + name_or_path + "\"" +
                   did_you_mean(name_or_path, known) + "; there are " + names +
                   ", or give a file like map.json");
}

}  // namespace fyr::app
