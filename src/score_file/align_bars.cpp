// SPDX-License-Identifier: GPL-3.0-or-later
#include "score_file/align_bars.hpp"

#include <algorithm>
#include <utility>

namespace fyr {
namespace {

using Place = std::pair<Fraction, int>;

std::vector<Place> places(const MscxBar& bar) {
  std::vector<Place> all;
  for (const MscxNote& note : bar.notes) all.emplace_back(note.position, note.pitch);
  std::ranges::sort(all);
  return all;
}

/// Shared notes over all notes, 0 to 1 (Dice); 1 for two empty bars.
double likeness(const std::vector<Place>& a, const std::vector<Place>& b) {
  if (a.empty() && b.empty()) return 1;
  std::vector<Place> shared;
  std::ranges::set_intersection(a, b, std::back_inserter(shared));
  return 2.0 * static_cast<double>(shared.size()) / static_cast<double>(a.size() + b.size());
}

}  // namespace

std::vector<BarPair> align_bars(const std::vector<MscxBar>& before,
                                const std::vector<MscxBar>& after) {
  std::vector<std::vector<Place>> a;
  std::vector<std::vector<Place>> b;
  for (const MscxBar& bar : before) a.push_back(places(bar));
  for (const MscxBar& bar : after) b.push_back(places(bar));

  // best[i][j]: likeness of the best pairs of what comes from bar i and bar j on.
  const std::size_t width = b.size() + 1;
  std::vector<double> best((a.size() + 1) * width, 0.0);
  std::vector<double> pair_likeness(a.size() * b.size());
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      const double pair = likeness(a[i], b[j]);
      pair_likeness[i * b.size() + j] = pair;
      best[i * width + j] = std::max({pair + best[(i + 1) * width + j + 1],
                                      best[(i + 1) * width + j], best[i * width + j + 1]});
    }
  }

  std::vector<BarPair> pairs;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    const bool both = i < a.size() && j < b.size();
    if (both &&
        best[i * width + j] == pair_likeness[i * b.size() + j] + best[(i + 1) * width + j + 1]) {
      pairs.push_back({i++, j++});
    } else if (!both ? i < a.size() : best[i * width + j] == best[(i + 1) * width + j]) {
      pairs.push_back({i++, std::nullopt});
    } else {
      pairs.push_back({std::nullopt, j++});
    }
  }
  return pairs;
}

}  // namespace fyr
