// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <nlohmann/json.hpp>

#include "evaluate/carried_maps.hpp"
#include "fyr/annotation.hpp"
#include "fyr/drum_map.hpp"
#include "fyr/error.hpp"
#include "model/json_fields.hpp"
#include "text.hpp"
#include "writers/parse_drum_map.hpp"

namespace fyr {
namespace {

using OrderedJson = nlohmann::ordered_json;

/// Hits this close are one onset: Böck, Krebs & Schedl, "Evaluating the online capabilities of
/// onset detection methods", ISMIR 2012.
constexpr double kOnsetMerge_s = 0.03;

[[noreturn]] void refuse(const std::string& where, const std::string& why) {
  throw InputError("cannot read label map " + where + ": " + why +
                   "; docs/evaluation.md tells its form");
}

std::vector<Vocabulary> parse_vocabularies(std::string_view text) {
  std::vector<Vocabulary> all;
  const OrderedJson json = OrderedJson::parse(text);
  for (const auto& [id, entry] : json.items()) {
    Vocabulary vocabulary{id, entry.at("title"), entry.at("classes"), 0};
    if (id == "onset") vocabulary.merge_s = kOnsetMerge_s;
    all.push_back(std::move(vocabulary));
  }
  return all;
}

LabelMeaning parse_meaning(const std::string& label, const OrderedJson& entry) {
  LabelMeaning meaning{label, entry.at("name"), {}};
  for (const auto& [key, value] : entry.items()) {
    if (key == "name") continue;
    const auto& known = vocabularies();
    const auto vocabulary =
        std::find_if(known.begin(), known.end(), [&k = key](const auto& v) { return v.id == k; });
    if (vocabulary == known.end()) {
      throw InputError("label \"" + label + "\": no vocabulary \"" + key + "\"");
    }
    const std::string id = value.is_null() ? "" : value.get<std::string>();
    const auto& classes = vocabulary->classes;
    if (!value.is_null() && std::find(classes.begin(), classes.end(), id) == classes.end()) {
      throw InputError("label \"" + label + "\": vocabulary " + key + " has no class \"" + id +
                       "\"");
    }
    meaning.classes.emplace_back(key, id);
  }
  return meaning;
}

LabelMap parse_map(const std::string& id, std::string_view text, const std::string& where) {
  try {
    const auto json = parse_json<OrderedJson>(text, "it");
    LabelMap map{id, json.at("title"), json.at("source"), {}};
    for (const auto& [label, entry] : json.at("labels").items()) {
      map.labels.push_back(parse_meaning(label, entry));
    }
    return map;
  } catch (const OrderedJson::exception&) {
    refuse(
        where,
        "\"title\", \"source\", \"labels\" or a label's \"name\" is missing or of the wrong kind");
  } catch (const InputError& error) {
    refuse(where, error.what());
  }
}

/// A drum map of fyr transcribe --drum-map backwards: which drum a key plays. Of two drums on one
/// key the first.
LabelMap read_backwards(const std::string& id, const DrumMap& keys) {
  const LabelMap drums = load_label_map("fyr");
  LabelMap map{id, "drum map " + id, "fyr transcribe --drum-map", {}};
  for (const DrumInfo& drum : kDrums) {
    const std::string key = std::to_string(keys[index_of(drum.drum)]);
    if (map.find(key) != nullptr) continue;
    map.labels.push_back(*drums.find(drum.id));
    map.labels.back().label = key;
  }
  return map;
}

}  // namespace

const LabelMeaning* LabelMap::find(std::string_view label) const {
  const auto it = std::find_if(labels.begin(), labels.end(),
                               [&](const LabelMeaning& m) { return m.label == label; });
  return it == labels.end() ? nullptr : &*it;
}

const std::vector<Vocabulary>& vocabularies() {
  static const std::vector<Vocabulary> all = parse_vocabularies(carried_vocabularies());
  return all;
}

const Vocabulary& vocabulary(std::string_view id) {
  std::string known;
  for (const Vocabulary& candidate : vocabularies()) {
    if (candidate.id == id) return candidate;
    known += (known.empty() ? "" : ", ") + candidate.id;
  }
  throw UsageError("no vocabulary \"" + std::string(id) + "\"; there are " + known);
}

std::vector<std::string> label_map_ids() {
  std::vector<std::string> ids;
  for (const CarriedMap& map : carried_maps()) ids.emplace_back(map.id);
  return ids;
}

LabelMap load_label_map(const std::string& id_or_path) {
  for (const CarriedMap& map : carried_maps()) {
    if (map.id == id_or_path) return parse_map(id_or_path, map.json, id_or_path);
  }
  std::string known;
  for (const std::string& id : label_map_ids()) known += id + ", ";
  for (const DrumMapPreset& preset : drum_map_presets()) {
    if (preset.name == id_or_path) return read_backwards(id_or_path, preset.keys);
    if (preset.name != "gm") known += std::string(preset.name) + ", ";
  }
  const std::filesystem::path path(id_or_path);
  if (path.extension() != ".json") {
    throw UsageError("no label map \"" + id_or_path + "\"; there are " + known +
                     "or give a .json file");
  }
  const std::string text = read_file(path);
  if (is_drum_map(text)) {
    return read_backwards(path.stem().string(), parse_drum_map(text, id_or_path));
  }
  return parse_map(path.stem().string(), text, '"' + id_or_path + '"');
}

}  // namespace fyr
