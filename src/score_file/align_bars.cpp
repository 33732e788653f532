// SPDX-License-Identifier: GPL-3.0-or-later
#include "score_file/align_bars.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>

namespace fyr {
namespace {

/// Of the widest search: more than two scores of 5000 bars with nothing in common need.
constexpr std::size_t kMostCells = std::size_t{1} << 25U;
constexpr std::size_t kFirstWidth = 16;

/// Bars with the same notes at the same places are of one kind.
class BarKinds {
 public:
  std::vector<std::size_t> kinds_of(const std::vector<MscxBar>& bars) {
    std::vector<std::size_t> kinds;
    for (const MscxBar& bar : bars) {
      std::vector<std::size_t> places;
      for (const MscxNote& note : bar.notes) {
        const auto place =
            places_.try_emplace({note.position, note.pitch}, places_.size()).first->second;
        places.push_back(place);
      }
      std::ranges::sort(places);
      const auto [kind, is_new] = kinds_.try_emplace(std::move(places), by_kind_.size());
      if (is_new) by_kind_.push_back(&kind->first);
      kinds.push_back(kind->second);
    }
    return kinds;
  }

  /// Shared notes over all notes, 0 to 1 (Dice); 1 for two empty bars.
  double likeness(std::size_t one, std::size_t two) const {
    if (one == two) return 1;
    const std::vector<std::size_t>& a = *by_kind_[one];
    const std::vector<std::size_t>& b = *by_kind_[two];
    std::size_t n_shared = 0;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
      const bool a_goes_on = a[i] <= b[j];
      const bool b_goes_on = b[j] <= a[i];
      if (a_goes_on && b_goes_on) ++n_shared;
      if (a_goes_on) ++i;
      if (b_goes_on) ++j;
    }
    return 2.0 * static_cast<double>(n_shared) / static_cast<double>(a.size() + b.size());
  }

 private:
  std::map<std::pair<Fraction, int>, std::size_t> places_;
  std::map<std::vector<std::size_t>, std::size_t> kinds_;
  std::vector<const std::vector<std::size_t>*> by_kind_;
};

/// The best pairs of two lists of kinds, among ways that never leave a band about the diagonal: at
/// most `width` more bars are removed, or added, than the difference of the lengths asks for.
class Band {
 public:
  Band(const std::vector<std::size_t>& a, const std::vector<std::size_t>& b, std::size_t width)
      : a_(a),
        b_(b),
        width_(width),
        most_removed_(width + (a.size() > b.size() ? a.size() - b.size() : 0)),
        most_added_(width + (b.size() > a.size() ? b.size() - a.size() : 0)),
        row_cells_(std::min(most_removed_ + most_added_, b.size()) + 1) {}

  std::size_t n_cells() const { return (a_.size() + 1) * row_cells_; }

  /// Fills the table. True if no way outside the band can be as good as the best inside.
  bool search(const BarKinds& kinds) {
    steps_.resize(n_cells());
    // Likeness of the best pairs of what comes from bar i of a and bar j of b on.
    std::vector<double> row(row_cells_);
    std::vector<double> next_row(row_cells_);
    const auto value = [&](const std::vector<double>& of, std::size_t i, std::size_t j) {
      const bool inside = first(i) <= j && j <= last(i);
      return inside ? of[j - first(i)] : -std::numeric_limits<double>::infinity();
    };
    for (std::size_t i = a_.size() + 1; i-- > 0;) {
      for (std::size_t j = last(i) + 1; j-- > first(i);) {
        double& best = row[j - first(i)];
        best = 0;
        if (i == a_.size() || j == b_.size()) continue;
        const double paired = kinds.likeness(a_[i], b_[j]) + value(next_row, i + 1, j + 1);
        const double removed = value(next_row, i + 1, j);
        best = std::max({paired, removed, value(row, i, j + 1)});
        step(i, j) = best == paired ? Step::Pair : best == removed ? Step::Remove : Step::Add;
      }
      std::swap(row, next_row);
    }
    constexpr double kRounding = 1e-6;
    // A way that leaves the band lacks a partner for so many bars of the shorter list.
    const auto n_alone = static_cast<double>(width_ + 1);
    const auto n_shorter = static_cast<double>(std::min(a_.size(), b_.size()));
    return next_row.front() > n_shorter - n_alone + kRounding;
  }

  /// What the search found.
  std::vector<BarPair> pairs() {
    std::vector<BarPair> pairs;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a_.size() || j < b_.size()) {
      const Step next = i == a_.size() ? Step::Add : j == b_.size() ? Step::Remove : step(i, j);
      BarPair& pair = pairs.emplace_back();
      if (next != Step::Add) pair.before = i++;
      if (next != Step::Remove) pair.after = j++;
    }
    return pairs;
  }

 private:
  enum class Step : std::uint8_t { Pair, Remove, Add };

  /// The bars of b that the band holds beside bar i of a.
  std::size_t first(std::size_t i) const { return i > most_removed_ ? i - most_removed_ : 0; }
  std::size_t last(std::size_t i) const { return std::min(i + most_added_, b_.size()); }

  Step& step(std::size_t i, std::size_t j) { return steps_[i * row_cells_ + j - first(i)]; }

  const std::vector<std::size_t>& a_;
  const std::vector<std::size_t>& b_;
  std::size_t width_;
  std::size_t most_removed_;
  std::size_t most_added_;
  std::size_t row_cells_;
  std::vector<Step> steps_;
};

/// One by one from the start.
std::vector<BarPair> in_order(std::size_t n_before, std::size_t n_after) {
  std::vector<BarPair> pairs(std::max(n_before, n_after));
  for (std::size_t i = 0; i < n_before; ++i) pairs[i].before = i;
  for (std::size_t i = 0; i < n_after; ++i) pairs[i].after = i;
  return pairs;
}

}  // namespace

std::vector<BarPair> align_bars(const std::vector<MscxBar>& before,
                                const std::vector<MscxBar>& after) {
  BarKinds kinds;
  std::vector<std::size_t> a = kinds.kinds_of(before);
  std::vector<std::size_t> b = kinds.kinds_of(after);
  const auto [a_end, b_end] = std::ranges::mismatch(a, b);
  const auto n_equal = static_cast<std::size_t>(a_end - a.begin());
  std::vector<BarPair> pairs = in_order(n_equal, n_equal);
  a.erase(a.begin(), a_end);
  b.erase(b.begin(), b_end);

  std::vector<BarPair> others = in_order(a.size(), b.size());
  for (std::size_t width = kFirstWidth;; width *= 2) {
    Band band(a, b, width);
    if (band.n_cells() > kMostCells) break;
    const bool certain = band.search(kinds);
    others = band.pairs();
    if (certain) break;
  }
  for (BarPair pair : others) {
    if (pair.before) *pair.before += n_equal;
    if (pair.after) *pair.after += n_equal;
    pairs.push_back(pair);
  }
  return pairs;
}

}  // namespace fyr
