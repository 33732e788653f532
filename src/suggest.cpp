// SPDX-License-Identifier: GPL-3.0-or-later
#include "suggest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "fyr/drum.hpp"

namespace fyr {
namespace {

/// Letters added, left out, replaced or swapped with their neighbour: optimal string alignment
/// (Damerau, "A technique for computer detection and correction of spelling errors", CACM 1964).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  std::vector<std::size_t> before = row;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::vector<std::size_t> next(b.size() + 1);
    next[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = row[j] + (a[i] == b[j] ? 0 : 1);
      next[j + 1] = std::min({replaced, next[j] + 1, row[j + 1] + 1});
      if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j]) {
        next[j + 1] = std::min(next[j + 1], before[j - 1] + 1);
      }
    }
    before = std::exchange(row, std::move(next));
  }
  return row.back();
}

}  // namespace

std::string did_you_mean(std::string_view typed, const std::vector<std::string>& known) {
  const std::string* best = nullptr;
  // Of a word of one or two letters nothing may be left after two changes.
  std::size_t best_distance =
      std::min(std::max<std::size_t>(1, typed.size() / 3) + 1, typed.size());
  for (const std::string& name : known) {
    const std::size_t changes = distance(typed, name);
    if (changes < best_distance) {
      best = &name;
      best_distance = changes;
    }
  }
  return best == nullptr ? "" : " (did you mean \"" + *best + "\"?)";
}

std::string unknown_drum(const std::string& id) {
  std::vector<std::string> known;
  for (const DrumInfo& drum : kDrums) known.emplace_back(drum.id);
  return "unknown drum \"" + id + "\"" + did_you_mean(id, known) + "; the drums are: " + drum_ids();
}

}  // namespace fyr
