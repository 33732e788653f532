// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/swing.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "median.hpp"
#include "rhythm/lay_bars.hpp"

namespace fyr::rhythm {
namespace {

// Places are parts of the beat, of sixteenths of an eighth; all by hand.
constexpr double kSecondEarliest = 0.28;  ///< The second of three is looked for from here …
constexpr double kSecondLatest = 0.39;    ///< … to here, before the offbeat eighth.
constexpr double kThirdEarliest = 0.61;   ///< And the third, where a sixteenth is none …
constexpr double kThirdLatest = 0.72;     ///< … swung or not.
constexpr double kShareLate = 0.7;        ///< Of the offbeats, in swing.
constexpr double kShareTriplets =
    0.4;                            ///< Of the beats with an offbeat: then triplets are written.
constexpr std::size_t kFewest = 8;  ///< Offbeats that it takes to speak of swing, …
constexpr double kFewestAQuarter = 0.02;  ///< … and in a long recording.

/// Strokes off the beat, or off the eighths.
struct Offbeats {
  std::vector<double> places;
  std::size_t n_beats = 0;  ///< With any.
  std::size_t n_triplets = 0;
  std::size_t n_quarters = 0;  ///< With an offbeat or without.
};

/// Where the strokes of each quarter that is a beat lie in it.
std::vector<std::vector<double>> quarters_of(const std::vector<double>& positions,
                                             const std::vector<Bar>& bars) {
  std::vector<std::vector<double>> quarters;
  auto next = positions.begin();
  Tick beat = 0;
  for (const Bar& bar : bars) {
    const Tick bar_end = beat + bar.length;
    const Tick length = bar.meter.grid_ticks();
    beat -= before_pickup(bar, length);
    for (; beat < bar_end; beat += length) {
      std::vector<double> places;
      for (; next != positions.end() && *next < beat + length; ++next) {
        places.push_back((*next - beat) / length);
      }
      if (length == kTicksPerQuarter) quarters.push_back(std::move(places));
    }
    beat = bar_end;
  }
  return quarters;
}

bool is_within(double place, double from, double to) { return place > from && place < to; }

void add_eighths(const std::vector<double>& quarter, Offbeats& offbeats) {
  std::size_t n = 0;
  bool second_triplet = false;
  for (const double place : quarter) {
    second_triplet |= is_within(place, kSecondEarliest, kSecondLatest);
    if (!is_within(place, kOffbeatFrom, kOffbeatTo)) continue;
    offbeats.places.push_back(place);
    ++n;
  }
  ++offbeats.n_quarters;
  offbeats.n_beats += n > 0 ? 1 : 0;
  offbeats.n_triplets += n > 0 && second_triplet ? 1 : 0;
}

/// The second of three in a quarter is as late as a swung sixteenth: only the third tells.
void add_sixteenths(const std::vector<double>& quarter, Offbeats& offbeats) {
  const bool triplet = std::ranges::any_of(
      quarter, [](double place) { return is_within(place, kThirdEarliest, kThirdLatest); });
  std::size_t n = 0;
  for (const double place : quarter) {
    const double inside = 2 * place - (place < 0.5 ? 0 : 1);
    if (triplet || !is_within(inside, kOffbeatFrom, kOffbeatTo)) continue;
    offbeats.places.push_back(inside);
    ++n;
  }
  ++offbeats.n_quarters;
  offbeats.n_beats += triplet || n > 0 ? 1 : 0;
  offbeats.n_triplets += triplet ? 1 : 0;
}

bool are_swung(const Offbeats& offbeats) {
  const auto n = static_cast<double>(offbeats.places.size());
  const auto late =
      std::ranges::count_if(offbeats.places, [](double place) { return place > kLateOffbeat; });
  return offbeats.places.size() >= kFewest &&
         n >= kFewestAQuarter * static_cast<double>(offbeats.n_quarters) &&
         static_cast<double>(late) >= kShareLate * n &&
         static_cast<double>(offbeats.n_triplets) <=
             kShareTriplets * static_cast<double>(offbeats.n_beats);
}

}  // namespace

Swing find_swing(const std::vector<double>& positions, const std::vector<Bar>& bars) {
  Offbeats eighths;
  Offbeats sixteenths;
  for (const std::vector<double>& quarter : quarters_of(positions, bars)) {
    add_eighths(quarter, eighths);
    add_sixteenths(quarter, sixteenths);
  }
  if (are_swung(eighths)) return {median(std::move(eighths.places)), kTicksPerQuarter / 2};
  if (are_swung(sixteenths)) return {median(std::move(sixteenths.places)), kTicksPerQuarter / 4};
  return {};
}

}  // namespace fyr::rhythm

namespace fyr {

double played_tick(const Rhythm& rhythm, const QuantisedHit& hit) {
  const Bar& bar = rhythm.bars[static_cast<std::size_t>(hit.bar)];
  const Tick unit = rhythm.swing.unit;
  const bool quarters = bar.meter.grid_ticks() == kTicksPerQuarter;
  const Tick from_beat = hit.tick + rhythm::before_pickup(bar, kTicksPerQuarter);
  const bool second = from_beat % (2 * unit) == unit;
  if (!rhythm.swing.swings() || !quarters || !second) return hit.tick;
  const Tick pair = hit.tick - unit;  // Negative where a pickup begins with its second note.
  const std::pair from(hit.bar, pair);
  const auto place = [](const QuantisedHit& other) { return std::pair(other.bar, other.tick); };
  auto other = std::ranges::lower_bound(rhythm.hits, from, {}, place);
  for (; other != rhythm.hits.end() && place(*other) < std::pair(hit.bar, pair + 2 * unit);
       ++other) {
    if ((other->tick - pair) % unit != 0) return hit.tick;
  }
  return pair + rhythm.swing.share * 2 * unit;
}

}  // namespace fyr
