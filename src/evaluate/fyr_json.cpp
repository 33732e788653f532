// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "evaluate/annotation_formats.hpp"
#include "fyr/error.hpp"
#include "text.hpp"

namespace fyr {
namespace {

using Json = nlohmann::json;

constexpr double kMaxBarTicks = 1e6;  ///< More than any bar has.

std::string to_text(double limit) { return std::to_string(static_cast<long>(limit)); }

/// Throws InputError with the cause alone.
double number_of(const Json& entry, const char* name, double low, double high) {
  const double value = entry.at(name);
  if (!(value >= low && value <= high)) {
    throw InputError(std::string(name) + " is not in " + to_text(low) + " to " + to_text(high));
  }
  return value;
}

int whole_number_of(const Json& entry, const char* name, int low, int high) {
  const double value = number_of(entry, name, low, high);
  if (value != std::round(value)) throw InputError(std::string(name) + " is no whole number");
  return static_cast<int>(value);
}

AnnotatedHit hit_of(const Json& entry) {
  AnnotatedHit hit;
  hit.time_s = number_of(entry, "time_s", 0, kLatest_s);
  hit.label = entry.at("drum");
  if (entry.contains("velocity")) hit.velocity = whole_number_of(entry, "velocity", 0, 127);
  return hit;
}

WrittenHit written_of(const Json& entry) {
  return {entry.at("drum"), whole_number_of(entry, "bar", 0, kMaxBars),
          number_of(entry, "tick", 0, kMaxBarTicks)};
}

Beat beat_of(const Json& entry) {
  const int number = entry.contains("number") ? whole_number_of(entry, "number", 1, 32) : 1;
  return {number_of(entry, "time_s", -kLatest_s, kLatest_s), number};
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
        annotation.written.push_back(written_of(entry));
      }
    }
    for (const Json& entry : json.value("beats", Json::array())) {
      annotation.beats.push_back(beat_of(entry));
    }
    for (const Json& entry : json.value("bars", Json::array())) {
      annotation.bar_ticks.push_back(number_of(entry, "length", 1, kMaxBarTicks));
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
