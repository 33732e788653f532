// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/ornaments.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace fyr::rhythm {
namespace {

// By hand; docs/rhythm.md, "Ornaments".
constexpr double kFlam_s = 0.045;      ///< Longest distance of a grace note from the next stroke.
constexpr double kWideFlam_s = 0.065;  ///< Where nothing else is near.
constexpr double kAlone_s = 0.100;     ///< No other stroke of the drum so near a wide flam.
constexpr double kDrag_s = 0.080;      ///< Longest drag, first to last stroke.
constexpr int kMostGathered = 3;
constexpr double kRebound = 1.3;  ///< A stroke so much louder than the next one is the main one.

/// Of the flams heard in 60 rendered validation performances 9 of the 30 with a less sure stroke
/// were played, 128 of the other 164 (2026-12-01).
constexpr double kSureOfFlam = 0.5;

/// A grace note leads to a stroke out of nothing. After another stroke of the drum so shortly, or
/// before one, it is a stroke of a run itself, if it is about as loud as the main one.
constexpr double kRunBefore_s = 0.130;  ///< Sixteenths at 115.
constexpr double kRunAfter_s = 0.070;
constexpr double kTouching_s = 0.035;  ///< Nearer strokes are no run: thirty-seconds at 214.

/// Two hands that strike one skin play grace notes.
bool has_grace_notes(Drum drum) {
  constexpr std::array kSkins{Drum::Snare, Drum::HighTom, Drum::MidTom, Drum::FloorTom};
  return std::ranges::find(kSkins, drum) != kSkins.end();
}

bool about_as_loud(int one, int other) {
  return std::max(one, other) < kRebound * std::min(one, other);
}

/// Whether `before` and the onset at `i`, strokes of one skin, are a flam that opened wide: alone,
/// and the grace note no louder.
bool is_wide_flam(const Stroke& before, const std::vector<Onset>& onsets, std::size_t i) {
  const Onset& main = onsets[i];
  if (!has_grace_notes(main.drum) || before.n_strokes > 1 ||
      before.onset.velocity > main.velocity || main.time_s - before.last_s > kWideFlam_s) {
    return false;
  }
  const auto is_near = [&](const Onset& other) {
    return other.drum == main.drum && other.time_s != before.first_s && other.time_s != main.time_s;
  };
  const auto by_time = [](const Onset& onset) { return onset.time_s; };
  const auto first = std::ranges::lower_bound(onsets, before.first_s - kAlone_s, {}, by_time);
  const auto last = std::ranges::upper_bound(onsets, main.time_s + kAlone_s, {}, by_time);
  return std::none_of(first, last, is_near);
}

/// Whether `before` and `onset`, the next stroke of the skin, are strokes of a run that began
/// before them.
bool goes_on(const std::vector<Onset>& onsets, const Stroke& before, const Onset& onset) {
  if (!has_grace_notes(onset.drum) || before.n_strokes > 1 ||
      onset.time_s - before.last_s < kTouching_s ||
      !about_as_loud(before.onset.velocity, onset.velocity)) {
    return false;
  }
  const auto by_time = [](const Onset& other) { return other.time_s; };
  const auto first = std::ranges::lower_bound(onsets, before.first_s - kRunBefore_s, {}, by_time);
  const auto last = std::ranges::lower_bound(onsets, before.first_s, {}, by_time);
  return std::any_of(first, last, [&](const Onset& other) { return other.drum == onset.drum; });
}

/// Whether other strokes of the drum are so near that these are part of a run.
bool is_in_run(const std::vector<Stroke>& strokes, const Stroke& stroke) {
  const auto by_time = [](const Stroke& other) { return other.onset.time_s; };
  const auto first =
      std::ranges::lower_bound(strokes, stroke.first_s - kRunBefore_s - kDrag_s, {}, by_time);
  const auto last =
      std::ranges::upper_bound(strokes, stroke.last_s + kRunAfter_s + kDrag_s, {}, by_time);
  return std::any_of(first, last, [&](const Stroke& other) {
    if (other.onset.drum != stroke.onset.drum) return false;
    const bool before =
        other.last_s < stroke.first_s && other.last_s >= stroke.first_s - kRunBefore_s;
    const bool after =
        other.first_s > stroke.last_s && other.first_s <= stroke.last_s + kRunAfter_s;
    return before || after;
  });
}

}  // namespace

void join(Stroke& into, const Stroke& other) {
  const bool comes_after = other.onset.time_s >= into.onset.time_s;
  const Onset& first = comes_after ? into.onset : other.onset;
  const Onset& second = comes_after ? other.onset : into.onset;
  Onset main = second.velocity * kRebound >= first.velocity ? second : first;
  const int softer = std::min(first.velocity, second.velocity);
  into.beside_velocity = std::max({softer, into.beside_velocity, other.beside_velocity});
  main.velocity = std::max(first.velocity, second.velocity);
  main.confidence = std::max(first.confidence, second.confidence);
  const double until_second_s = second.time_s - main.time_s;
  main.choked_after_s = second.choked_after_s > 0 ? until_second_s + second.choked_after_s : 0;
  into.onset = main;
  into.n_strokes += other.n_strokes;
  into.first_s = std::min(into.first_s, other.first_s);
  into.last_s = std::max(into.last_s, other.last_s);
  into.least_confidence = std::min(into.least_confidence, other.least_confidence);
}

std::vector<Stroke> gather_strokes(const std::vector<Onset>& onsets) {
  std::vector<Stroke> strokes;
  PerDrum<int> open;
  open.fill(-1);
  for (std::size_t i = 0; i < onsets.size(); ++i) {
    const Onset& onset = onsets[i];
    const Stroke single{onset, 1, onset.time_s, onset.time_s, 0, onset.confidence};
    int& last = open[index_of(onset.drum)];
    if (last >= 0) {
      Stroke& before = strokes[static_cast<std::size_t>(last)];
      const bool is_near = onset.time_s - before.last_s <= kFlam_s &&
                           onset.time_s - before.first_s <= kDrag_s &&
                           before.n_strokes < kMostGathered;
      if ((is_near && !goes_on(onsets, before, onset)) || is_wide_flam(before, onsets, i)) {
        join(before, single);
        continue;
      }
    }
    last = static_cast<int>(strokes.size());
    strokes.push_back(single);
  }
  std::stable_sort(strokes.begin(), strokes.end(), [](const Stroke& a, const Stroke& b) {
    return std::tie(a.onset.time_s, a.onset.drum) < std::tie(b.onset.time_s, b.onset.drum);
  });
  return strokes;
}

Ornament ornament_of(const Stroke& stroke, const std::vector<Stroke>& strokes) {
  const bool lone_foot = stroke.n_strokes == 2 && !takes_a_hand(stroke.onset.drum);
  if (stroke.n_strokes == 1 || lone_foot) return Ornament::None;
  if (stroke.n_strokes > kMostGathered || stroke.last_s - stroke.first_s > kDrag_s)
    return Ornament::Roll;
  // What follows a main stroke within a drag's time is a rebound, which nobody writes.
  if (!has_grace_notes(stroke.onset.drum) || stroke.onset.time_s < stroke.last_s)
    return Ornament::None;
  const bool wide = stroke.last_s - stroke.first_s > (stroke.n_strokes - 1) * kFlam_s;
  if ((wide || about_as_loud(stroke.beside_velocity, stroke.onset.velocity)) &&
      is_in_run(strokes, stroke)) {
    return Ornament::None;
  }
  if (stroke.n_strokes > 2) return Ornament::Drag;
  return stroke.least_confidence < kSureOfFlam ? Ornament::None : Ornament::Flam;
}

}  // namespace fyr::rhythm
