// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstddef>

#include "fyr/scoring.hpp"

namespace fyr {
namespace {

enum class Step : char { SkipEstimate, SkipReference, Pair };

/// Best matching of the estimates so far with the references up to a column.
struct Cell {
  int n_pairs = 0;
  double cost = 0;
  Step step = Step::SkipEstimate;

  bool better_than(const Cell& other) const {
    return n_pairs != other.n_pairs ? n_pairs > other.n_pairs : cost < other.cost;
  }
};

/// One estimate's cells: only the references within its window can change anything.
struct Row {
  int first = 0;            ///< First reference in the window; cells[0] stands for first - 1.
  std::vector<Cell> cells;  ///< Windows ascend, so beyond the last cell nothing changes.

  const Cell& at(int reference) const {
    const auto i = static_cast<std::size_t>(reference - (first - 1));
    return cells[std::min(i, cells.size() - 1)];
  }
  int last() const { return first + static_cast<int>(cells.size()) - 2; }
};

Row make_row(const Row& above, const std::vector<double>& reference, double time, double window) {
  // The rounding of these two sums is mir_eval's, so that hits on the edge count alike.
  const auto low = std::lower_bound(reference.begin(), reference.end(), time - window);
  const auto high = std::upper_bound(low, reference.end(), time + window);
  Row row;
  row.first = static_cast<int>(low - reference.begin());
  row.cells.push_back(above.at(row.first - 1));
  row.cells.back().step = Step::SkipEstimate;
  for (auto it = low; it != high; ++it) {
    const int column = static_cast<int>(it - reference.begin());
    Cell best = above.at(column);
    best.step = Step::SkipEstimate;
    Cell skip = row.cells.back();
    skip.step = Step::SkipReference;
    if (skip.better_than(best)) best = skip;
    Cell pair = above.at(column - 1);
    pair.step = Step::Pair;
    pair.n_pairs += 1;
    pair.cost += std::abs(time - *it);
    if (pair.better_than(best)) best = pair;
    row.cells.push_back(best);
  }
  return row;
}

}  // namespace

std::vector<std::pair<int, int>> match_times(const std::vector<double>& reference,
                                             const std::vector<double>& estimate, double window) {
  std::vector<Row> rows{Row{0, {Cell{}}}};
  for (const double time : estimate) rows.push_back(make_row(rows.back(), reference, time, window));

  std::vector<std::pair<int, int>> pairs;
  int column = static_cast<int>(reference.size()) - 1;
  for (std::size_t i = rows.size() - 1; i > 0;) {
    column = std::min(column, rows[i].last());
    switch (rows[i].at(column).step) {
      case Step::SkipEstimate:
        --i;
        break;
      case Step::SkipReference:
        --column;
        break;
      case Step::Pair:
        pairs.emplace_back(column, static_cast<int>(i) - 1);
        --column;
        --i;
        break;
    }
  }
  std::reverse(pairs.begin(), pairs.end());
  return pairs;
}

}  // namespace fyr
