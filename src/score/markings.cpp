// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/markings.hpp"

#include <algorithm>
#include <array>

#include "score/form.hpp"

namespace fyr {
namespace {

/// A level begins at this velocity: halfway between MuseScore's values for neighbouring dynamics
/// (p 49, mp 64, mf 80, f 96, ff 112).
struct Level {
  int from_velocity;
  Dynamic dynamic;
};
constexpr std::array<Level, 5> kLevels{
    {{0, Dynamic::P}, {57, Dynamic::Mp}, {72, Dynamic::Mf}, {88, Dynamic::F}, {104, Dynamic::Ff}}};

constexpr std::size_t kFewestHits = 8;  ///< A median of fewer says little.

Dynamic dynamic_of(int velocity) {
  Dynamic found = kLevels.front().dynamic;
  for (const Level& level : kLevels) {
    if (velocity >= level.from_velocity) found = level.dynamic;
  }
  return found;
}

/// The hits that carry the level: the louder half of those on kick and snare in the bars.
std::vector<int> leading_velocities(const Rhythm& rhythm, std::size_t first, std::size_t last) {
  std::vector<int> velocities;
  for (const QuantisedHit& hit : rhythm.hits) {
    const auto bar = static_cast<std::size_t>(hit.bar);
    const bool leads = hit.drum == Drum::Kick || hit.drum == Drum::Snare;
    if (leads && bar >= first && bar < last) velocities.push_back(hit.velocity);
  }
  return velocities;
}

/// Their upper quartile: ghost notes do not make a loud section soft.
std::optional<Dynamic> dynamic_between(const Rhythm& rhythm, std::size_t first, std::size_t last) {
  std::vector<int> velocities = leading_velocities(rhythm, first, last);
  if (velocities.size() < kFewestHits) return std::nullopt;
  const auto quartile = velocities.begin() + std::ssize(velocities) * 3 / 4;
  std::ranges::nth_element(velocities, quartile);
  return dynamic_of(*quartile);
}

/// The first bar of [first, last) that is struck at all.
std::size_t first_struck(const Rhythm& rhythm, std::size_t first, std::size_t last) {
  for (const QuantisedHit& hit : rhythm.hits) {
    const auto bar = static_cast<std::size_t>(hit.bar);
    if (bar >= first && bar < last) return bar;
  }
  return first;
}

}  // namespace

void add_markings(Score& score, const Rhythm& rhythm) {
  std::vector<Section> sections = find_sections(rhythm);
  for (const Section& section : sections) {
    score.measures[section.first_bar].rehearsal = section.letter;
  }
  if (sections.empty()) sections.push_back({});
  std::optional<Dynamic> current;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const std::size_t first = sections[i].first_bar;
    const std::size_t last =
        i + 1 < sections.size() ? sections[i + 1].first_bar : score.measures.size();
    const std::optional<Dynamic> dynamic = dynamic_between(rhythm, first, last);
    if (!dynamic || dynamic == current) continue;
    score.measures[first_struck(rhythm, first, last)].dynamic = dynamic;
    current = dynamic;
  }
}

}  // namespace fyr
