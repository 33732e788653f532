// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "evaluate/annotation_formats.hpp"
#include "text.hpp"
#include "fyr/error.hpp"

namespace fyr {
namespace {

using Json = nlohmann::json;

AnnotatedHit hit_of(const Json& entry) {
  AnnotatedHit hit;
  hit.time_s = entry.at("time_s");
  hit.label = entry.at("drum");
  hit.velocity = entry.value("velocity", 0);
  if (!std::isfinite(hit.time_s) || hit.time_s < 0) throw InputError("time_s is not a time");
  return hit;
}

}  // namespace

void read_fyr_json(const std::filesystem::path& path, Annotation& annotation) {
  const std::string bytes = read_file(path);
  try {
    const Json json = Json::parse(bytes);
    // A hit may stand for several onsets (a flam), so onsets tell more where both are there.
    for (const Json& entry : json.at(json.contains("onsets") ? "onsets" : "hits")) {
      annotation.hits.push_back(hit_of(entry));
    }
    for (const Json& entry : json.value("hits", Json::array())) {
      if (entry.contains("bar") && entry.contains("tick")) {
        annotation.written.push_back({entry.at("drum"), entry.at("bar"), entry.at("tick")});
      }
    }
    for (const Json& entry : json.value("beats", Json::array())) {
      annotation.beats.push_back({entry.at("time_s"), entry.value("number", 1)});
    }
    for (const Json& entry : json.value("bars", Json::array())) {
      annotation.bar_ticks.push_back(entry.at("length"));
    }
  } catch (const Json::exception&) {
    throw InputError(
        "cannot read \"" + path.string() +
        "\": it is not laid out as fyr transcribe -f json writes it; name such a file");
  } catch (const InputError& error) {
    throw InputError("cannot read \"" + path.string() + "\": " + error.what());
  }
}

}  // namespace fyr
