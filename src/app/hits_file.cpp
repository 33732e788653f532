// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hits_file.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <tuple>

#include "app/input_text.hpp"
#include "app/option_values.hpp"
#include "evaluate/hit_list.hpp"
#include "fyr/error.hpp"
#include "suggest.hpp"

namespace fyr::app {
namespace {

constexpr int kUnknownVelocity = 64;
constexpr int kSoftest = 1;  ///< In MIDI, 0 ends a note.

/// Nobody plays as many, and laying them out takes time with the square of how many stand together.
constexpr std::size_t kMostInASecond = 1000;

constexpr double kSame_s = 1e-3;  ///< Hits this near on one drum are one that stands twice.

/// `hits` in time order.
std::vector<Onset> each_once(const std::vector<Onset>& hits) {
  std::vector<Onset> once;
  PerDrum<std::optional<std::size_t>> last;
  for (const Onset& hit : hits) {
    std::optional<std::size_t>& before = last[index_of(hit.drum)];
    if (before && hit.time_s - once[*before].time_s < kSame_s) {
      const double first_s = once[*before].time_s;
      if (hit.velocity > once[*before].velocity) once[*before] = hit;
      once[*before].time_s = first_s;
      continue;
    }
    before = once.size();
    once.push_back(hit);
  }
  return once;
}

}  // namespace

std::string hits_name(const std::filesystem::path& path) {
  return path == "-" ? "hits from standard input" : "hits " + shown_name(path);
}

std::vector<Onset> read_hits(const std::filesystem::path& path) {
  const std::string name = hits_name(path);
  const auto refuse = [&](int line, const std::string& cause) {
    throw InputError("cannot read " + name + ": line " + std::to_string(line) + ": " + cause);
  };
  const HitList list = read_hit_list(read_input(path), name);
  if (!list.problems.empty()) refuse(list.problems.front().line, list.problems.front().cause);
  std::vector<Onset> hits;
  for (const ListedHit& hit : list.hits) {
    const auto drum = drum_from_id(hit.drum);
    if (!drum) refuse(hit.line, unknown_drum(hit.drum));
    hits.push_back({hit.time_s, *drum, std::max(hit.velocity.value_or(kUnknownVelocity), kSoftest),
                    hit.confidence.value_or(1)});
  }
  std::sort(hits.begin(), hits.end(), [](const Onset& a, const Onset& b) {
    return std::tuple(a.time_s, a.drum) < std::tuple(b.time_s, b.drum);
  });
  for (std::size_t i = kMostInASecond; i < hits.size(); ++i) {
    if (hits[i].time_s - hits[i - kMostInASecond].time_s >= 1) continue;
    throw InputError("cannot read " + name + ": more than " + std::to_string(kMostInASecond) +
                     " hits within a second; are they hits of drums?");
  }
  return each_once(hits);
}

}  // namespace fyr::app
