// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hits_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <tuple>

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
    } else if (c != ' ' && c != '\t' && c != '\r') {
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
  if (hit.time_s < 0) throw UsageError("time_s is negative");
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
  const std::string name = "cannot read hits \"" + path.string() + "\": ";
  errno = 0;
  std::ifstream file(path);
  if (!file) throw InputError(name + std::strerror(errno) + "; check the path");
  std::vector<Onset> hits;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.empty() || line.front() == '#' || line.starts_with("time_s")) continue;
    try {
      hits.push_back(parse_hit(fields_of(line)));
    } catch (const UsageError& error) {
      throw InputError(name + "line " + std::to_string(number) + ": " + error.what());
    }
  }
  std::sort(hits.begin(), hits.end(), [](const Onset& a, const Onset& b) {
    return std::tuple(a.time_s, a.drum) < std::tuple(b.time_s, b.drum);
  });
  return hits;
}

}  // namespace fyr::app
