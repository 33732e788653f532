// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/parse_drum_map.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "fyr/error.hpp"
#include "suggest.hpp"
#include "text.hpp"

namespace fyr {
namespace {

using Json = nlohmann::json;

constexpr int kHighestKey = 127;

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw InputError("cannot use the drum map \"" + path + "\": " + why);
}

Json parse_object(std::string_view text, const std::string& path) {
  try {
    check_nesting(text);
  } catch (const InputError& error) {
    refuse(path, std::string(error.what()) + "; write it like {\"kick\": 36, \"snare\": 38}");
  }
  // Of two entries of one name the parser would keep the last without a word.
  std::set<std::string> names;
  const auto check = [&](int depth, Json::parse_event_t event, const Json& parsed) {
    const bool is_name = event == Json::parse_event_t::key && depth == 1;
    if (is_name && !names.insert(parsed.get<std::string>()).second) {
      refuse(path, parsed.dump() + " stands more than once; keep one");
    }
    return true;
  };
  Json json = Json::parse(text, check, false);
  if (json.is_discarded()) {
    refuse(path, "it is not JSON; write it like {\"kick\": 36, \"snare\": 38}");
  }
  if (!json.is_object()) refuse(path, "it is not an object; write it like {\"kick\": 36}");
  return json;
}

}  // namespace

bool is_drum_map(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return false;
  for (const DrumInfo& drum : kDrums) {
    if (json.contains(drum.id)) return true;
  }
  return false;
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
