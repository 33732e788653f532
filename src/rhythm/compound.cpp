// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/compound.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "median.hpp"
#include "rhythm/bar_patterns.hpp"
#include "rhythm/time_map.hpp"

namespace fyr::rhythm {
namespace {

// By hand: the rule reads all four 6/8 performances of Groove's train split right
// (docs/rhythm_history.md, "Grids").
constexpr double kNear = 0.05;  ///< Of the beat: half way from 1/4 to 1/3 is .04.
constexpr int kFewest = 8;
constexpr int kThirdsPerQuarter = 2;
constexpr int kSecondPerFirst = 3;

/// By hand, as music is written: slow blues and ballads are compound. What is faster is 4/4 with
/// triplets, as the players of Groove's train split call it (in eight performances at 92 and 96
/// nearly every beat has its thirds), up to the tempo of jigs: there next to nothing but thirds is
/// compound again.
constexpr double kFastestBallad_bpm = 85;
constexpr double kSlowestJig_bpm = 110;
constexpr double kShareFilled = 0.6;      ///< Of the beats: hits on both thirds inside.
constexpr double kShareFilledJig = 0.7;   ///< The same of a jig, …
constexpr double kShareHalvedJig = 0.05;  ///< … and at most: hits on the half.
constexpr int kFilledPerQuarter = 4;      ///< Quarters of the beat are no place of compound time.
constexpr double kNearQuarter = 0.04;     ///< Of the beat.

constexpr double kAnswered = 0.6;      ///< Of the bars: a snare in the middle, …
constexpr double kOnTwoOrThree = 0.2;  ///< … and there.
constexpr double kNearPlace = 0.12;    ///< Of a quarter.
constexpr std::size_t kFewestBars = 4;

constexpr Meter kCommon{4, 4};
constexpr Meter kWaltz{3, 4};
constexpr Meter kDuple{6, 8};
constexpr Meter kQuadruple{12, 8};

/// Ticks of the bars' starts, and of the last one's end.
std::vector<Tick> bar_lines(const std::vector<Bar>& bars) {
  std::vector<Tick> lines{0};
  for (const Bar& bar : bars) lines.push_back(lines.back() + bar.length);
  return lines;
}

/// A hit in its bar. A pickup counts as the end of one.
struct Place {
  std::size_t bar = 0;
  double tick = 0;
  Part part = Part::Kick;
};

std::vector<Place> places_of(const BarPlan& plan, const std::vector<Onset>& onsets) {
  const TimeMap map(plan.knots);
  const std::vector<Tick> lines = bar_lines(plan.bars);
  const std::vector<Part> parts = parts_of(onsets);
  std::vector<Place> places;
  for (std::size_t i = 0; i < onsets.size(); ++i) {
    // A little early still belongs to the bar.
    const double tick = map.tick_at(onsets[i].time_s);
    const double from = tick + kNearPlace * kTicksPerQuarter;
    const auto line = std::ranges::upper_bound(lines, from);
    if (line == lines.begin() || line == lines.end()) continue;
    const auto bar = static_cast<std::size_t>(line - lines.begin()) - 1;
    const Bar& in = plan.bars[bar];
    places.push_back({bar, tick - lines[bar] + (in.meter.bar_ticks() - in.length), parts[i]});
  }
  return places;
}

bool has_four_beats(const Meter& meter) { return meter == kCommon || meter == kQuadruple; }

/// Whether 4/4 and 12/8 alike are 12/8.
bool is_quadruple(const BarPlan& plan, const std::vector<Place>& places) {
  const TimeMap map(plan.knots);
  const std::vector<Tick> lines = bar_lines(plan.bars);
  std::vector<double> beats_s;
  for (std::size_t i = 0; i < plan.bars.size(); ++i) {
    const Bar& bar = plan.bars[i];
    if (!has_four_beats(bar.meter)) continue;
    const double bar_s = map.time_at(lines[i + 1]) - map.time_at(lines[i]);
    beats_s.push_back(bar_s * bar.meter.beat_ticks() / bar.length);
  }
  if (beats_s.empty()) return false;
  const double bpm = 60 / median(std::move(beats_s));
  const bool may_be_jig = bpm >= kSlowestJig_bpm;
  if (bpm > kFastestBallad_bpm && !may_be_jig) return false;
  std::set<std::pair<std::size_t, long>> played;
  std::set<std::pair<std::size_t, long>> first;
  std::set<std::pair<std::size_t, long>> second;
  std::set<std::pair<std::size_t, long>> on_half;
  std::set<std::pair<std::size_t, long>> on_quarters;
  for (const Place& place : places) {
    const Meter& meter = plan.bars[place.bar].meter;
    if (!has_four_beats(meter)) continue;
    const double at = std::max(0.0, place.tick / meter.beat_ticks());
    const std::pair beat(place.bar, std::lround(std::floor(at)));
    const double phase = at - std::floor(at);
    played.insert(beat);
    if (std::abs(phase - 1. / 3) <= kNear) first.insert(beat);
    if (std::abs(phase - 2. / 3) <= kNear) second.insert(beat);
    if (std::abs(phase - 0.5) <= kNear) on_half.insert(beat);
    if (std::min(std::abs(phase - 0.25), std::abs(phase - 0.75)) < kNearQuarter) {
      on_quarters.insert(beat);
    }
  }
  const auto n_filled =
      std::ranges::count_if(first, [&](const auto& beat) { return second.contains(beat); });
  const auto n_played = static_cast<double>(played.size());
  const double least = may_be_jig ? kShareFilledJig : kShareFilled;
  return n_filled >= kFewest && n_filled > kFilledPerQuarter * std::ssize(on_quarters) &&
         static_cast<double>(n_filled) >= least * n_played &&
         (!may_be_jig || static_cast<double>(on_half.size()) <= kShareHalvedJig * n_played);
}

/// Whether 3/4 is 6/8.
bool is_duple(const BarPlan& plan, const std::vector<Place>& places) {
  std::set<std::size_t> played;
  std::set<std::size_t> answered;
  std::set<std::size_t> on_two_or_three;
  for (const Place& place : places) {
    if (plan.bars[place.bar].meter != kWaltz) continue;
    played.insert(place.bar);
    if (place.part != Part::Snare) continue;
    const double quarter = place.tick / kTicksPerQuarter;
    if (std::abs(quarter - 1.5) <= kNearPlace) answered.insert(place.bar);
    if (std::abs(quarter - 1) <= kNearPlace || std::abs(quarter - 2) <= kNearPlace) {
      on_two_or_three.insert(place.bar);
    }
  }
  const auto n_bars = static_cast<double>(played.size());
  return played.size() >= kFewestBars &&
         static_cast<double>(answered.size()) >= kAnswered * n_bars &&
         static_cast<double>(on_two_or_three.size()) <= kOnTwoOrThree * n_bars;
}

/// Gives the bars other meters; ticks inside them are stretched.
template <typename MeterOf>
void rename(BarPlan& plan, MeterOf meter_of) {
  const std::vector<Tick> before = bar_lines(plan.bars);
  for (Bar& bar : plan.bars) {
    const Meter meter = meter_of(bar.meter);
    bar.length = bar.length * meter.bar_ticks() / bar.meter.bar_ticks();
    bar.meter = meter;
  }
  const std::vector<Tick> after = bar_lines(plan.bars);
  for (Knot& knot : plan.knots) {
    const auto next = std::ranges::upper_bound(before, knot.tick) - before.begin();
    const auto bar =
        static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(next, 1, std::ssize(plan.bars))) - 1;
    const Tick inside = knot.tick - before[bar];
    knot.tick = after[bar] + inside * plan.bars[bar].length / (before[bar + 1] - before[bar]);
  }
}

bool has_two_beats(const std::vector<Beat>& beats) {
  const bool in_two =
      std::all_of(beats.begin(), beats.end(), [](const Beat& beat) { return beat.number <= 2; });
  return in_two &&
         std::any_of(beats.begin(), beats.end(), [](const Beat& beat) { return beat.number == 2; });
}

}  // namespace

bool is_compound_duple(const std::vector<Beat>& beats, const std::vector<Onset>& onsets) {
  if (!has_two_beats(beats)) return false;
  int n_first = 0;   // Hits on the first third,
  int n_second = 0;  // on the second,
  int n_half = 0;    // on the half, which is a sixteenth of 6/8 too,
  int n_quarter = 0;
  std::size_t beat = 0;
  for (const Onset& onset : onsets) {
    while (beat + 1 < beats.size() && beats[beat + 1].time_s <= onset.time_s) ++beat;
    if (beat + 1 >= beats.size() || onset.time_s < beats[beat].time_s) continue;
    const double phase =
        (onset.time_s - beats[beat].time_s) / (beats[beat + 1].time_s - beats[beat].time_s);
    const double off_third = std::abs(3 * phase - std::round(3 * phase)) / 3;
    const double off_quarter = std::abs(4 * phase - std::round(4 * phase)) / 4;
    const bool inside = phase > kNear && phase < 1 - kNear;
    if (!inside || std::min(off_third, off_quarter) > kNear) continue;
    if (off_third < off_quarter) {
      ++(phase < 0.5 ? n_first : n_second);
    } else {
      ++(std::abs(phase - 0.5) <= kNear ? n_half : n_quarter);
    }
  }
  const int n_thirds = n_first + n_second;
  return n_thirds >= kFewest && n_thirds > n_half + kThirdsPerQuarter * n_quarter &&
         kSecondPerFirst * n_first >= n_second;
}

void name_four_beats(BarPlan& plan, const std::vector<Onset>& onsets) {
  const Meter name = is_quadruple(plan, places_of(plan, onsets)) ? kQuadruple : kCommon;
  rename(plan, [&](const Meter& meter) { return has_four_beats(meter) ? name : meter; });
}

void name_three_quarters(BarPlan& plan, const std::vector<Onset>& onsets) {
  const Meter name = is_duple(plan, places_of(plan, onsets)) ? kDuple : kWaltz;
  rename(plan, [&](const Meter& meter) { return meter == kWaltz ? name : meter; });
}

}  // namespace fyr::rhythm
