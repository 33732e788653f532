// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/parse_drum_map.hpp"

#include <algorithm>
#include <string>

#include "fyr/error.hpp"
#include "model/json_fields.hpp"
#include "suggest.hpp"

namespace fyr {
namespace {

constexpr int kHighestKey = 127;

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw InputError("cannot use the drum map \"" + path + "\": " + why);
}

Json parse_object(std::string_view text, const std::string& path) {
  try {
    Json json = parse_json(text, "it");
    if (!json.is_object()) throw InputError("it is not an object");
    return json;
  } catch (const InputError& error) {
    refuse(path, std::string(error.what()) + "; write it like {\"kick\": 36, \"snare\": 38}");
  }
}

}  // namespace

bool is_drum_map(std::string_view text) {
  try {
    const Json json = parse_json(text, "it");
    return json.is_object() && std::ranges::any_of(kDrums, [&](const DrumInfo& drum) {
             return json.contains(drum.id);
           });
  } catch (const InputError&) {
    return false;  // Whoever reads it as something else says what is wrong.
  }
}

DrumMap parse_drum_map(std::string_view text, const std::string& path) {
  const Json json = parse_object(text, path);
  DrumMap map = kGeneralMidi;
  for (const auto& [id, key] : json.items()) {
    const auto drum = drum_from_id(id);
    if (!drum) refuse(path, unknown_drum(id));
    if (!key.is_number_integer() || key.get<long long>() < 0 ||
        key.get<long long>() > kHighestKey) {
      refuse(path, "\"" + id + "\": " + key.dump() + " is not a MIDI key; write 0 to 127");
    }
    map[index_of(*drum)] = key.get<int>();
  }
  return map;
}

}  // namespace fyr
