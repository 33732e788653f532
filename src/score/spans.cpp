// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/spans.hpp"

#include <algorithm>

namespace fyr {
namespace {

constexpr Tick kStraightStep = kTicksPerQuarter / 8;
constexpr Tick kTripletStep = kTicksPerQuarter / 6;

/// Lengths of the groups of one full bar.
std::vector<Tick> groups_of(const Meter& meter) {
  const Tick unit = 4 * kTicksPerQuarter / meter.denominator;
  const bool compound = meter.beat_ticks() != unit;
  if (compound || meter.denominator <= 4) {
    const Tick beat = compound ? meter.beat_ticks() : kTicksPerQuarter;
    return std::vector<Tick>(static_cast<std::size_t>(meter.bar_ticks() / beat), beat);
  }
  std::vector<Tick> groups;
  for (int left = meter.numerator; left > 0;) {
    const int size = left == 1 ? 1 : (left % 2 == 1 ? 3 : 2);
    groups.push_back(size * unit);
    left -= size;
  }
  return groups;
}

}  // namespace

bool pairs_quarters(const Meter& meter) { return meter == Meter{4, 4} || meter.denominator == 2; }

std::vector<Span> spans_of(const Bar& bar, bool ends_meter) {
  const Tick missing = ends_meter ? bar.meter.bar_ticks() - bar.length : 0;
  const bool quarter_beats = bar.meter.grid_ticks() == kTicksPerQuarter;
  std::vector<Span> spans;
  Tick origin = -missing;
  std::size_t beat = 0;
  for (const Tick group : groups_of(bar.meter)) {
    Span span{origin, std::max(origin, 0), std::min(origin + group, bar.length)};
    span.begins_half = (origin + missing) % (2 * kTicksPerQuarter) == 0;
    origin += group;
    if (span.start >= span.end) continue;
    const bool whole = span.end - span.start == kTicksPerQuarter;
    span.triplet =
        quarter_beats && whole && beat < bar.grids.size() && bar.grids[beat] == Grid::Triplet;
    ++beat;
    spans.push_back(span);
  }
  return spans;
}

Tick snap(const Span& span, Tick tick) {
  const Tick step = span.triplet ? kTripletStep : kStraightStep;
  const Tick place = span.origin + (tick - span.origin + step / 2) / step * step;
  const Tick last = span.origin + (span.end - span.origin - 1) / step * step;
  return std::clamp(place, span.start, std::max(span.start, last));
}

}  // namespace fyr
