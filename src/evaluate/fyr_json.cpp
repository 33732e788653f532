// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <tuple>

#include "evaluate/annotation_formats.hpp"
#include "fyr/error.hpp"
#include "model/json_fields.hpp"
#include "text.hpp"

namespace fyr {
namespace {

constexpr double kMaxBarTicks = 1e6;  ///< More than any bar has.

AnnotatedHit hit_of(const Json& entry) {
  AnnotatedHit hit;
  hit.time_s = number_field(entry, "time_s", 0, kLatest_s);
  hit.label = string_field(entry, "drum");
  if (entry.contains("velocity")) hit.velocity = int_field(entry, "velocity", 0, 127);
  return hit;
}

WrittenHit written_of(const Json& entry) {
  WrittenHit hit;
  hit.label = string_field(entry, "drum");
  hit.bar = int_field(entry, "bar", 0, kMaxBars);
  hit.tick = number_field(entry, "tick", 0, kMaxBarTicks);
  if (entry.contains("time_s")) hit.time_s = number_field(entry, "time_s", 0, kLatest_s);
  return hit;
}

Beat beat_of(const Json& entry) {
  const int number = entry.contains("number") ? int_field(entry, "number", 1, 32) : 1;
  return {number_field(entry, "time_s", -kLatest_s, kLatest_s), number};
}

/// read_entries of a list that may be missing.
template <typename Read>
void read_list(const Json& json, const char* key, Read read) {
  if (json.contains(key)) read_entries(json, key, read);
}

Bar bar_of(const Json& entry) {
  Bar bar;
  if (!entry.contains("numerator") && !entry.contains("denominator")) return bar;
  bar.meter = {int_field(entry, "numerator", 1, 32), int_field(entry, "denominator", 2, 16)};
  if (!is_known(bar.meter)) throw InputError("\"denominator\" must be 2, 4, 8 or 16");
  bar.length = bar.meter.bar_ticks();
  if (entry.contains("length")) {
    const auto length = static_cast<Tick>(number_field(entry, "length", 1, kMaxBarTicks));
    bar.length = std::min(bar.length, length);
  }
  return bar;
}

/// Moves what was read as written to where it sounds, as to_annotation tells it.
void swing_written(const Json& json, std::vector<WrittenHit>& written) {
  if (!json.contains("swing")) return;
  Rhythm rhythm;
  rhythm.swing.share = number_field(json, "swing", 0.5, 1);
  if (json.contains("swing_unit")) {
    const int unit = int_field(json, "swing_unit", 8, 16);
    if (unit != 8 && unit != 16) throw InputError("\"swing_unit\" must be 8 or 16");
    rhythm.swing.unit = 4 * kTicksPerQuarter / unit;
  }
  read_list(json, "bars", [&](const Json& entry) { rhythm.bars.push_back(bar_of(entry)); });
  for (const WrittenHit& hit : written) {
    QuantisedHit& quantised = rhythm.hits.emplace_back();
    quantised.bar = hit.bar;
    quantised.tick = static_cast<Tick>(std::lround(hit.tick));
  }
  const std::vector<QuantisedHit> as_listed = rhythm.hits;
  std::ranges::sort(rhythm.hits, {}, [](const auto& hit) { return std::tuple(hit.bar, hit.tick); });
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written[i].bar >= std::ssize(rhythm.bars)) continue;
    written[i].tick += played_tick(rhythm, as_listed[i]) - as_listed[i].tick;
  }
}

void read_document(const Json& json, Annotation& annotation) {
  // A hit may stand for several onsets (a flam), so onsets tell more where both are there.
  const char* const heard = json.contains("onsets") ? "onsets" : "hits";
  field(json, heard);  // The other lists may be missing.
  read_list(json, heard, [&](const Json& entry) { annotation.hits.push_back(hit_of(entry)); });
  read_list(json, "hits", [&](const Json& entry) {
    if (entry.contains("bar") && entry.contains("tick")) {
      annotation.written.push_back(written_of(entry));
    }
  });
  swing_written(json, annotation.written);
  read_list(json, "beats", [&](const Json& entry) { annotation.beats.push_back(beat_of(entry)); });
  read_list(json, "bars", [&](const Json& entry) {
    annotation.bar_ticks.push_back(number_field(entry, "length", 1, kMaxBarTicks));
  });
}

}  // namespace

void read_fyr_json(const std::filesystem::path& path, Annotation& annotation) {
  const std::string bytes = read_file(path);
  try {
    read_document(parse_json(bytes, "it"), annotation);
  } catch (const InputError& error) {
    throw InputError("cannot read \"" + path.string() + "\": " + error.what() +
                     "; name a file as fyr transcribe -f json writes it");
  }
}

}  // namespace fyr
