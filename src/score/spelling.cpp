// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/spelling.hpp"

#include <array>
#include <limits>

namespace fyr {
namespace {

/// From long to short.
constexpr std::array<NoteValue, 9> kValues{
    {{4, 1}, {4, 0}, {8, 1}, {8, 0}, {16, 1}, {16, 0}, {32, 1}, {32, 0}, {64, 0}}};

constexpr Tick kEighth = kTicksPerQuarter / 2;
constexpr Tick kSixteenth = kTicksPerQuarter / 4;

/// In symbols: what a reader pays besides counting them.
constexpr double kDotCost = 0.2;
constexpr double kSyncopationCost = 0.3;  ///< A 16th-place note across an eighth: 16th 8th 16th.
constexpr double kLongSyncopationCost = 0.6;  ///< The same across two: 16th 4th 16th in a triplet.
constexpr double kHiddenPulseCost = 1.2;      ///< A 32nd-place note across an eighth.
constexpr double kRaggedEndCost = 0.3;        ///< A rest that starts on a 32nd place.

/// A rest may start only where its value is felt: on a multiple of it, of twice the undotted one.
bool rest_fits(NoteValue value, Tick start, Tick end) {
  const Tick plain = NoteValue{value.denominator, 0}.ticks();
  return start + value.ticks() <= end && start % (plain << value.dots) == 0;
}

double note_cost(NoteValue value, Tick start, Tick end) {
  const Tick stop = start + value.ticks();
  double cost = kDotCost * value.dots + static_cast<double>(spell_rests(stop, end).size());
  const Tick n_crossed = (stop - 1) / kEighth - start / kEighth;
  if (n_crossed > 0 && start % kEighth != 0) {
    const double across = n_crossed > 1 ? kLongSyncopationCost : kSyncopationCost;
    cost += start % kSixteenth == 0 ? across : kHiddenPulseCost;
  }
  if (stop < end && stop % kSixteenth != 0) cost += kRaggedEndCost;
  return cost;
}

NoteValue cheapest_value(Tick start, Tick end) {
  NoteValue best = kValues.back();
  double least = std::numeric_limits<double>::infinity();
  for (const NoteValue& value : kValues) {
    if (start + value.ticks() > end) continue;
    const double cost = note_cost(value, start, end);
    if (cost < least) {
      least = cost;
      best = value;
    }
  }
  return best;
}

}  // namespace

std::vector<Symbol> spell_rests(Tick start, Tick end) {
  std::vector<Symbol> rests;
  for (const NoteValue& value : kValues) {
    if (start < end && rest_fits(value, start, end)) {
      rests.push_back({start, value, true});
      const std::vector<Symbol> others = spell_rests(start + value.ticks(), end);
      rests.insert(rests.end(), others.begin(), others.end());
      return rests;
    }
  }
  return rests;
}

std::vector<Symbol> spell(const std::vector<Tick>& onsets, Tick start, Tick end) {
  std::vector<Symbol> symbols = spell_rests(start, onsets.empty() ? end : onsets.front());
  for (std::size_t i = 0; i < onsets.size(); ++i) {
    const Tick next = i + 1 < onsets.size() ? onsets[i + 1] : end;
    const NoteValue value = cheapest_value(onsets[i], next);
    symbols.push_back({onsets[i], value, false});
    const std::vector<Symbol> rests = spell_rests(onsets[i] + value.ticks(), next);
    symbols.insert(symbols.end(), rests.begin(), rests.end());
  }
  return symbols;
}

}  // namespace fyr
