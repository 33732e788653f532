// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>
#include <vector>

#include "fyr/rhythm.hpp"
#include "median.hpp"
#include "rhythm/quantise.hpp"

namespace fyr::rhythm {
namespace {

// Places are parts of the beat; all by hand.
constexpr double kStraight = 0.5;
constexpr double kEarliest = 0.40;        ///< Offbeat eighths are looked for from here …
constexpr double kLatest = 0.72;          ///< … to here, before the dotted eighth's sixteenth.
constexpr double kLate = 0.57;            ///< Later than this is swung.
constexpr double kSecondEarliest = 0.28;  ///< The second of three is looked for from here …
constexpr double kSecondLatest = 0.39;    ///< … to here, before the offbeat eighth.
constexpr double kShareLate = 0.7;        ///< Of the offbeats, in swing.
constexpr double kShareTriplets =
    0.4;                            ///< Of the beats with an offbeat: then triplets are written.
constexpr std::size_t kFewest = 8;  ///< Offbeats that it takes to speak of swing.

}  // namespace

double find_swing(const std::vector<double>& positions, const std::vector<Bar>& bars) {
  std::vector<double> offbeats;
  std::size_t n_beats = 0;  // With an offbeat.
  std::size_t n_triplets = 0;
  auto next = positions.begin();
  Tick beat = 0;
  for (const Bar& bar : bars) {
    const Tick bar_end = beat + bar.length;
    const Tick length = bar.meter.grid_ticks();
    beat -= (length - bar.length % length) % length;  // A pickup may begin inside a beat.
    for (; beat < bar_end; beat += length) {
      bool second_triplet = false;
      std::vector<double> here;
      for (; next != positions.end() && *next < beat + length; ++next) {
        if (length != kTicksPerQuarter) continue;
        const double phase = (*next - beat) / length;
        if (phase > kEarliest && phase < kLatest) here.push_back(phase);
        second_triplet = second_triplet || (phase > kSecondEarliest && phase < kSecondLatest);
      }
      if (!here.empty()) {
        ++n_beats;
        n_triplets += second_triplet ? 1 : 0;
      }
      offbeats.insert(offbeats.end(), here.begin(), here.end());
    }
    beat = bar_end;
  }
  const auto n = static_cast<double>(offbeats.size());
  const auto late =
      std::count_if(offbeats.begin(), offbeats.end(), [](double p) { return p > kLate; });
  if (offbeats.size() < kFewest || static_cast<double>(late) < kShareLate * n) return kStraight;
  if (static_cast<double>(n_triplets) > kShareTriplets * static_cast<double>(n_beats))
    return kStraight;
  return median(std::move(offbeats));
}

}  // namespace fyr::rhythm

namespace fyr {

double played_tick(const Rhythm& rhythm, const QuantisedHit& hit) {
  const Bar& bar = rhythm.bars[static_cast<std::size_t>(hit.bar)];
  constexpr Tick kEighth = kTicksPerQuarter / 2;
  const bool quarters = bar.meter.grid_ticks() == kTicksPerQuarter;
  const Tick before = (kTicksPerQuarter - bar.length % kTicksPerQuarter) % kTicksPerQuarter;
  const bool offbeat = (hit.tick + before) % kTicksPerQuarter == kEighth;
  if (rhythm.swing <= 0.5 || !quarters || !offbeat) return hit.tick;
  const Tick beat = hit.tick - kEighth;  // Negative where a pickup begins with the eighth.
  const std::pair from(hit.bar, beat);
  const auto place = [](const QuantisedHit& other) { return std::pair(other.bar, other.tick); };
  auto other = std::ranges::lower_bound(rhythm.hits, from, {}, place);
  for (; other != rhythm.hits.end() && place(*other) < std::pair(hit.bar, beat + kTicksPerQuarter);
       ++other) {
    if ((other->tick - beat) % kEighth != 0) return hit.tick;
  }
  return beat + rhythm.swing * kTicksPerQuarter;
}

}  // namespace fyr
