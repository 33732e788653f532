// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/markings.hpp"

#include "score/dynamics.hpp"
#include "score/form.hpp"

namespace fyr {
namespace {

/// A section that begins with a pickup has its letter over the first full bar.
std::size_t after_pickup(const Score& score, std::size_t bar) {
  const bool pickup = bar == 0 && !score.measures[0].numbered && score.measures.size() > 1;
  return pickup ? 1 : bar;
}

}  // namespace

void add_markings(Score& score, const Rhythm& rhythm) {
  std::vector<Section> sections = find_sections(rhythm);
  for (const Section& section : sections) {
    if (!section.letter) continue;
    score.measures[after_pickup(score, section.first_bar)].rehearsal = *section.letter;
  }
  if (sections.empty()) sections.push_back({});
  add_dynamics(score, rhythm, sections);
}

}  // namespace fyr
