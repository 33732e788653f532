// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/quantise.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <span>

#include "rhythm/settle_strokes.hpp"

namespace fyr::rhythm {
namespace {

/// Ways to divide a beat.
struct Division {
  Tick step;
  bool triplet;
  double price;
};

// All by hand; docs/rhythm.md, "Grids", says what they place right in Groove.

/// Prices: what a beat must gain in squared standard deviations before it is written finer.
constexpr std::array<Division, 5> kQuarterDivisions{
    {{240, false, 0.0}, {120, false, 0.8}, {160, true, 2.0}, {60, false, 9.0}, {80, true, 5.0}}};
constexpr std::array<Division, 3> kOtherDivisions{
    {{240, false, 0.0}, {120, false, 0.8}, {60, false, 5.0}}};

constexpr double kHit_s = 0.016;      ///< Standard deviation of a hit around its place.
constexpr double kHit_beats = 0.015;  ///< And what slow tempi add, in quarters.
constexpr double kFarthest = 12;      ///< A stray hit costs no more than this.
constexpr double kCollision = 4;      ///< Two strokes of a drum on one place.
constexpr double kChange = 1.0;       ///< From binary to triplet or back.
constexpr double kUnusual = 2.0;      ///< A family that none of the neighbouring bars' beats has.
constexpr int kNeighbourBeats = 8;
constexpr double kSwungSixteenths = 4;  ///< Sextuplets that swung sixteenths explain.
constexpr double kLoneSixteenths = 2;   ///< In swung eighths, where triplets are the rule.
constexpr double kForbidden = 1e6;

/// One beat of the score, or in x/2 a quarter.
struct BeatSlot {
  Tick start = 0;
  Tick length = 0;
  std::size_t bar = 0;
  bool is_quarter = false;  ///< Not two eighths of a longer beat.
  std::vector<std::size_t> strokes;
};

std::vector<BeatSlot> beats_of(const std::vector<Bar>& bars, const std::vector<double>& positions) {
  std::vector<BeatSlot> beats;
  Tick tick = 0;
  for (std::size_t bar = 0; bar < bars.size(); ++bar) {
    const Tick bar_end = tick + bars[bar].length;
    const Tick grid = bars[bar].meter.grid_ticks();
    while (tick < bar_end) {
      // A pickup may begin inside a beat.
      const Tick inside = (bar_end - tick) % grid;
      const Tick length = inside > 0 ? inside : grid;
      beats.push_back({tick, length, bar, length == grid && grid == kTicksPerQuarter, {}});
      tick += length;
    }
  }
  std::size_t beat = 0;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    while (beat + 1 < beats.size() && positions[i] >= beats[beat + 1].start) ++beat;
    beats[beat].strokes.push_back(i);
  }
  return beats;
}

/// A written place, in ticks from the beat's start, and by how much a stroke misses where it
/// sounds.
struct Placed {
  Tick tick = 0;
  double off = 0;
};

/// How much later than the recording's swing share, in pairs, a swung note may come before it costs
/// anything: drummers lean it by a bar and by a beat.
constexpr double kLeanedBack = 0.1;

/// The place nearest to `position`. In a quarter the second of two swung notes sounds late, or a
/// little later; pairs of finer notes are straight, as played_tick has it.
Placed place_in(const BeatSlot& beat, double position, const Division& division,
                const Swing& swing) {
  const double inside = position - beat.start;
  if (division.step == swing.unit && swing.swings() && beat.is_quarter) {
    const Tick length = 2 * swing.unit;
    const auto n_before = static_cast<Tick>(std::max(inside, 0.0)) / length;
    const Tick pair = std::min(n_before * length, beat.length - length);
    const double late = pair + swing.share * length;
    if (inside < (pair + late) / 2) return {pair, inside - pair};
    if (inside < (late + pair + length) / 2) {
      return {pair + swing.unit, inside - std::clamp(inside, late, late + kLeanedBack * length)};
    }
    return {pair + length, inside - (pair + length)};
  }
  const auto nearest = static_cast<Tick>(std::lround(inside / division.step)) * division.step;
  const Tick tick = std::clamp(nearest, 0, beat.length);
  return {tick, inside - tick};
}

class Quantiser {
 public:
  Quantiser(const std::vector<Stroke>& strokes, const std::vector<double>& positions,
            const BarPlan& plan, const Swing& swing)
      : strokes_(strokes),
        positions_(positions),
        map_(plan.knots),
        swing_(swing),
        beats_(beats_of(plan.bars, positions)) {
    for (std::size_t i = 0; i < strokes.size(); ++i) {
      const Stroke& stroke = strokes[i];
      const double lead = map_.tick_at(stroke.onset.time_s) - map_.tick_at(stroke.first_s);
      begins_.push_back(positions[i] - lead);
    }
    for (const BeatSlot& beat : beats_) costs_.push_back(costs_of(beat));
  }

  std::vector<Tick> run(std::vector<Bar>& bars) {
    std::vector<std::size_t> chosen = choose(costs_);
    chosen = choose(with_context(chosen));
    std::vector<Tick> ticks(positions_.size());
    for (Bar& bar : bars) bar.grids.clear();
    for (std::size_t b = 0; b < beats_.size(); ++b) {
      const BeatSlot& beat = beats_[b];
      const Division& division = divisions(beat)[chosen[b]];
      bool in_triplet = false;
      for (const std::size_t i : beat.strokes) {
        const Tick place = place_of(i, beat, division).tick;
        ticks[i] = beat.start + place;
        in_triplet = in_triplet || (division.triplet && place % (beat.length / 2) != 0);
      }
      bars[beat.bar].grids.push_back(in_triplet ? Grid::Triplet : Grid::Straight);
    }
    return ticks;
  }

 private:
  using Costs = std::vector<double>;

  static std::span<const Division> divisions(const BeatSlot& beat) {
    if (beat.is_quarter) return kQuarterDivisions;
    return kOtherDivisions;
  }

  /// A flam is played around its place: its first stroke says where, if that is nearer to one.
  Placed place_of(std::size_t i, const BeatSlot& beat, const Division& division) const {
    const Placed main = place_in(beat, positions_[i], division, swing_);
    const Placed first = place_in(beat, begins_[i], division, swing_);
    return std::abs(first.off) < std::abs(main.off) ? first : main;
  }

  static std::size_t n_places(const std::vector<std::pair<Tick, Drum>>& taken) {
    std::set<Tick> places;
    for (const auto& [place, drum] : taken) places.insert(place);
    return places.size();
  }

  /// Swung eighths are triplets that are written as eighths.
  bool is_ternary(const Division& division) const {
    return division.triplet || (swing_.of_eighths() && division.step == swing_.unit);
  }

  Costs costs_of(const BeatSlot& beat) const {
    const double quarter_s = (map_.time_at(beat.start + beat.length) - map_.time_at(beat.start)) *
                             kTicksPerQuarter / beat.length;
    const double deviation = kHit_s / quarter_s + kHit_beats;
    const bool swung = swing_.of_eighths() && beat.is_quarter;
    Costs costs;
    for (const Division& division : divisions(beat)) {
      double cost = division.price * (beat.length > kTicksPerQuarter ? 1.5 : 1.0);
      if (swung && division.step < kFinestSwung && !division.triplet) cost = kForbidden;
      bool within_eighth = false;  // In the first third of one, where no swung sixteenth falls.
      std::vector<std::pair<Tick, Drum>> taken;
      for (const std::size_t i : beat.strokes) {
        const auto [place, off_ticks] = place_of(i, beat, division);
        const double off = off_ticks / kTicksPerQuarter / deviation;
        cost += std::min(off * off, kFarthest);
        const std::pair<Tick, Drum> spot{place, strokes_[i].onset.drum};
        if (std::find(taken.begin(), taken.end(), spot) != taken.end()) cost += kCollision;
        taken.push_back(spot);
        within_eighth = within_eighth || place % (kTicksPerQuarter / 2) == kTicksPerQuarter / 6;
      }
      if (division.step == kTicksPerQuarter / 6 && !within_eighth) cost += kSwungSixteenths;
      if (swung && division.step == kFinestSwung && n_places(taken) < 4) cost += kLoneSixteenths;
      costs.push_back(cost);
    }
    return costs;
  }

  /// Adds what it costs to differ from the beats of the neighbouring bars, the nearest the most.
  std::vector<Costs> with_context(const std::vector<std::size_t>& chosen) const {
    std::vector<Costs> costs = costs_;
    const auto n_beats = static_cast<int>(beats_.size());
    for (int b = 0; b < n_beats; ++b) {
      double triplets = 0;
      double playing = 0;
      for (int near = std::max(0, b - kNeighbourBeats);
           near <= std::min(n_beats - 1, b + kNeighbourBeats); ++near) {
        const auto n = static_cast<std::size_t>(near);
        if (near == b || beats_[n].strokes.empty()) continue;
        // A fill is a few beats of their own.
        const double weight = 1.0 / std::abs(near - b);
        playing += weight;
        triplets += is_ternary(divisions(beats_[n])[chosen[n]]) ? weight : 0;
      }
      if (playing == 0) continue;
      triplets /= playing;
      const auto here = static_cast<std::size_t>(b);
      const auto candidates = divisions(beats_[here]);
      for (std::size_t d = 0; d < candidates.size(); ++d) {
        costs[here][d] += kUnusual * (is_ternary(candidates[d]) ? 1 - triplets : triplets);
      }
    }
    return costs;
  }

  /// Viterbi over the beats.
  std::vector<std::size_t> choose(const std::vector<Costs>& costs) const {
    std::vector<Costs> best = costs;
    std::vector<std::vector<std::size_t>> from(costs.size());
    for (std::size_t b = 0; b < costs.size(); ++b) {
      from[b].assign(costs[b].size(), 0);
      if (b == 0) continue;
      const auto before = divisions(beats_[b - 1]);
      const auto now = divisions(beats_[b]);
      for (std::size_t d = 0; d < now.size(); ++d) {
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t p = 0; p < before.size(); ++p) {
          const double price =
              best[b - 1][p] + (is_ternary(before[p]) != is_ternary(now[d]) ? kChange : 0.0);
          if (price < least) {
            least = price;
            from[b][d] = p;
          }
        }
        best[b][d] += least;
      }
    }
    std::vector<std::size_t> chosen(costs.size(), 0);
    if (costs.empty()) return chosen;
    const Costs& last = best.back();
    auto d = static_cast<std::size_t>(std::min_element(last.begin(), last.end()) - last.begin());
    for (std::size_t b = costs.size(); b-- > 0;) {
      chosen[b] = d;
      d = from[b][d];
    }
    return chosen;
  }

  const std::vector<Stroke>& strokes_;
  const std::vector<double>& positions_;
  std::vector<double> begins_;  ///< Of the strokes' first.
  const TimeMap map_;
  const Swing swing_;
  const std::vector<BeatSlot> beats_;
  std::vector<Costs> costs_;
};

}  // namespace

std::vector<Tick> quantise(const std::vector<Stroke>& strokes, const std::vector<double>& positions,
                           BarPlan& plan, const Swing& swing) {
  std::vector<Tick> ticks = Quantiser(strokes, positions, plan, swing).run(plan.bars);
  settle_strokes(strokes, positions, plan.bars, ticks);
  return ticks;
}

}  // namespace fyr::rhythm
