// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "fyr/scoring.hpp"

namespace fyr {
namespace {

using Times = std::vector<double>;

/// Maximum bipartite matching by augmenting paths (Kuhn 1955), knowing nothing of lines.
int maximum_matching(const Times& reference, const Times& estimate, double window) {
  std::vector<int> partner(reference.size(), -1);
  std::vector<bool> tried;
  const std::function<bool(std::size_t)> place = [&](std::size_t e) {
    for (std::size_t r = 0; r < reference.size(); ++r) {
      if (tried[r] || reference[r] < estimate[e] - window || reference[r] > estimate[e] + window) {
        continue;
      }
      tried[r] = true;
      if (partner[r] < 0 || place(static_cast<std::size_t>(partner[r]))) {
        partner[r] = static_cast<int>(e);
        return true;
      }
    }
    return false;
  };
  int n = 0;
  for (std::size_t e = 0; e < estimate.size(); ++e) {
    tried.assign(reference.size(), false);
    n += place(e) ? 1 : 0;
  }
  return n;
}

/// Least total distance of all matchings of the largest size, by trying them all.
std::pair<int, double> best_by_trying(const Times& reference, const Times& estimate, double window,
                                      std::size_t e, std::vector<bool>& used) {
  if (e == estimate.size()) return {0, 0.0};
  auto best = best_by_trying(reference, estimate, window, e + 1, used);
  for (std::size_t r = 0; r < reference.size(); ++r) {
    const double distance = std::abs(reference[r] - estimate[e]);
    if (used[r] || distance > window) continue;
    used[r] = true;
    auto [n, cost] = best_by_trying(reference, estimate, window, e + 1, used);
    used[r] = false;
    if (n + 1 > best.first || (n + 1 == best.first && cost + distance < best.second)) {
      best = {n + 1, cost + distance};
    }
  }
  return best;
}

Times random_times(std::mt19937& engine, int n_max, double span) {
  Times times(engine() % static_cast<unsigned>(n_max + 1));
  // A coarse grid, so that hits on the edge of the window and equal times occur.
  for (double& time : times) {
    time = std::round(static_cast<double>(engine() % 1000) * span / 10) / 100;
  }
  std::sort(times.begin(), times.end());
  return times;
}

TEST(Match, FindsAsManyPairsAsMaximumBipartiteMatchingInAThousandRandomCases) {
  std::mt19937 engine(4);
  for (int i = 0; i < 1000; ++i) {
    const Times reference = random_times(engine, 60, 3);
    const Times estimate = random_times(engine, 60, 3);
    for (const double window : {0.02, 0.03, 0.05}) {
      ASSERT_EQ(static_cast<int>(match_times(reference, estimate, window).size()),
                maximum_matching(reference, estimate, window))
          << "case " << i << ", window " << window;
    }
  }
}

TEST(Match, TakesTheLeastTotalDistanceAmongLargestMatchings) {
  std::mt19937 engine(5);
  for (int i = 0; i < 300; ++i) {
    const Times reference = random_times(engine, 6, 0.4);
    const Times estimate = random_times(engine, 6, 0.4);
    std::vector<bool> used(reference.size(), false);
    const auto [n, cost] = best_by_trying(reference, estimate, 0.0501, 0, used);
    double found = 0;
    const auto pairs = match_times(reference, estimate, 0.0501);
    for (const auto& [r, e] : pairs) {
      found +=
          std::abs(reference[static_cast<std::size_t>(r)] - estimate[static_cast<std::size_t>(e)]);
    }
    ASSERT_EQ(static_cast<int>(pairs.size()), n);
    ASSERT_NEAR(found, cost, 1e-9);
  }
}

TEST(Match, PairsAscendAndNobodyIsPairedTwice) {
  const auto pairs = match_times({0.0, 0.03, 0.05}, {0.029, 0.031, 0.5}, 0.05);
  ASSERT_EQ(pairs.size(), 2U);
  EXPECT_LT(pairs[0].first, pairs[1].first);
  EXPECT_LT(pairs[0].second, pairs[1].second);
}

TEST(Match, NothingMatchesNothing) {
  EXPECT_TRUE(match_times({}, {}, 0.05).empty());
  EXPECT_TRUE(match_times({1.0}, {}, 0.05).empty());
  EXPECT_TRUE(match_times({}, {1.0}, 0.05).empty());
}

TEST(Match, StaysCheapWhenAllHitsHangTogether) {
  Times reference(20000);
  for (std::size_t i = 0; i < reference.size(); ++i) reference[i] = static_cast<double>(i) * 0.01;
  EXPECT_EQ(match_times(reference, reference, 0.05).size(), reference.size());
}

}  // namespace
}  // namespace fyr
