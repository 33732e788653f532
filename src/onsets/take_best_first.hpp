// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <numeric>
#include <vector>

namespace fyr {

/// Goes through the items from the highest rank down and takes those that fit:
/// fits(index, taken) sees which others were taken before. Keeps the items' order.
template <typename Item, typename Rank, typename Fits>
std::vector<Item> take_best_first(const std::vector<Item>& items, Rank rank, Fits fits) {
  std::vector<std::size_t> by_rank(items.size());
  std::iota(by_rank.begin(), by_rank.end(), std::size_t{0});
  std::ranges::stable_sort(by_rank, std::greater<>(),
                           [&](std::size_t i) { return rank(items[i]); });
  std::vector<bool> taken(items.size(), false);
  for (const std::size_t i : by_rank) taken[i] = fits(i, taken);
  std::vector<Item> kept;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (taken[i]) kept.push_back(items[i]);
  }
  return kept;
}

}  // namespace fyr
