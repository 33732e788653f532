// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/drum_map_file.hpp"

#include <nlohmann/json.hpp>
#include <vector>

#include "app/suggest.hpp"
#include "fyr/error.hpp"
#include "text.hpp"

namespace fyr::app {
namespace {

using Json = nlohmann::json;

constexpr int kHighestKey = 127;

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw InputError("cannot use the drum map \"" + path + "\": " + why);
}

Json read_object(const std::string& path) {
  Json json = Json::parse(read_file(path), nullptr, false);
  if (json.is_discarded()) {
    refuse(path, "it is not JSON; write it like {\"kick\": 36, \"snare\": 38}");
  }
  if (!json.is_object()) refuse(path, "it is not an object; write it like {\"kick\": 36}");
  return json;
}

Drum drum_of(const std::string& path, const std::string& id) {
  if (const auto drum = drum_from_id(id)) return *drum;
  std::vector<std::string> known;
  for (const DrumInfo& drum : kDrums) known.emplace_back(drum.id);
  refuse(path, "unknown drum \"" + id + "\"" + did_you_mean(id, known) +
                   "; the drums are: " + drum_ids());
}

DrumMap read_drum_map(const std::string& path) {
  const Json json = read_object(path);
  DrumMap map = kGeneralMidi;
  for (const auto& [id, key] : json.items()) {
    const Drum drum = drum_of(path, id);
    if (!key.is_number_integer() || key.get<long long>() < 0 ||
        key.get<long long>() > kHighestKey) {
      refuse(path, "\"" + id + "\": " + key.dump() + " is not a MIDI key; write 0 to 127");
    }
    map[index_of(drum)] = key.get<int>();
  }
  return map;
}

}  // namespace

DrumMap load_drum_map(const std::string& name_or_path) {
  if (name_or_path.find_first_of("/.") != std::string::npos) return read_drum_map(name_or_path);
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
