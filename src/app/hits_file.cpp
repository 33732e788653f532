// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hits_file.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <tuple>

#include "app/input_text.hpp"
#include "app/option_values.hpp"
#include "fyr/error.hpp"

namespace fyr::app {
namespace {

constexpr int kUnknownVelocity = 64;
constexpr std::size_t kMaxFields = 4;

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == ',') {
      fields.emplace_back();
    } else if (c != ' ' && c != '\t') {
      fields.back() += c;
    }
  }
  return fields;
}

/// Throws UsageError with the cause alone.
Onset parse_hit(const std::vector<std::string>& fields) {
  if (fields.size() < 2 || fields.size() > kMaxFields) {
    throw UsageError("expected time_s,drum,velocity,confidence");
  }
  Onset hit{parse_number(fields[0], "time_s"), Drum::Kick, kUnknownVelocity, 1};
  if (hit.time_s < 0 || hit.time_s > kLatest_s) throw UsageError("time_s is not in 0 to 1000000");
  const auto drum = drum_from_id(fields[1]);
  if (!drum) {
    throw UsageError("unknown drum \"" + fields[1] + "\"; the drums are: " + drum_ids());
  }
  hit.drum = *drum;
  if (fields.size() > 2 && !fields[2].empty()) {
    const double velocity = parse_number(fields[2], "velocity");
    if (velocity < 1 || velocity > 127) throw UsageError("the velocity is not in 1 to 127");
    hit.velocity = static_cast<int>(std::lround(velocity));
  }
  if (fields.size() > 3 && !fields[3].empty()) {
    hit.confidence = parse_number(fields[3], "confidence");
    if (hit.confidence < 0 || hit.confidence > 1) {
      throw UsageError("the confidence is not in 0 to 1");
    }
  }
  return hit;
}

}  // namespace

std::vector<Onset> read_hits(const std::filesystem::path& path) {
  std::vector<Onset> hits;
  for (const TextLine& line : read_lines(path, "time_s")) {
    try {
      hits.push_back(parse_hit(fields_of(line.text)));
    } catch (const UsageError& error) {
      throw InputError("cannot read hits \"" + path.string() + "\": line " +
                       std::to_string(line.number) + ": " + error.what());
    }
  }
  std::sort(hits.begin(), hits.end(), [](const Onset& a, const Onset& b) {
    return std::tuple(a.time_s, a.drum) < std::tuple(b.time_s, b.drum);
  });
  return hits;
}

}  // namespace fyr::app
