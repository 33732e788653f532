// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/time_map.hpp"

#include <algorithm>

namespace fyr::rhythm {
namespace {

/// The first knot of the stretch that holds `value`.
template <typename Key>
std::size_t stretch_of(const std::vector<Knot>& knots, double value, Key key) {
  const auto above = std::upper_bound(knots.begin(), knots.end(), value,
                                      [&](double v, const Knot& knot) { return v < key(knot); });
  const auto i = std::max<std::ptrdiff_t>(1, above - knots.begin());
  return static_cast<std::size_t>(std::min(i, static_cast<std::ptrdiff_t>(knots.size()) - 1) - 1);
}

}  // namespace

double TimeMap::time_at(double tick) const {
  const auto i = stretch_of(knots_, tick, [](const Knot& knot) { return double(knot.tick); });
  const Knot& a = knots_[i];
  const Knot& b = knots_[i + 1];
  return a.time_s + (tick - a.tick) * (b.time_s - a.time_s) / (b.tick - a.tick);
}

double TimeMap::tick_at(double time_s) const {
  const auto i = stretch_of(knots_, time_s, [](const Knot& knot) { return knot.time_s; });
  const Knot& a = knots_[i];
  const Knot& b = knots_[i + 1];
  return a.tick + (time_s - a.time_s) * (b.tick - a.tick) / (b.time_s - a.time_s);
}

}  // namespace fyr::rhythm
