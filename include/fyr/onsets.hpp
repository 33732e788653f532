// SPDX-License-Identifier: GPL-3.0-or-later

/// Onset picking: from per-frame drum activations to hits.
#pragma once

#include <memory>
#include <vector>

#include "fyr/activations.hpp"
#include "fyr/drum.hpp"
#include "fyr/onset.hpp"

namespace fyr {

/// Finds the peaks of every drum in activations that come in blocks. How they are cut makes no
/// difference.
///
/// With a(k) the activation and m(k) its mean over the mean window, frame k is a peak if a(k) is
/// the largest in its maximum window and its confidence a(k) - m(k) is positive and at least the
/// drum's threshold, or `least` where that is lower: Böck, Krebs & Schedl, "Evaluating the online
/// capabilities of onset detection methods", ISMIR 2012, eq. 1-2, as ADTOF uses it. The time is
/// refined by the vertex of the parabola through a(k-1), a(k), a(k+1), then `time_offset_s` is
/// added. Frames outside the recording count as silence. Memory: 16 bytes a peak, of which there
/// are some tens a second at most.
class PeakFinder {
 public:
  PeakFinder(const PerDrum<PeakPicking>& settings, double least, double time_offset_s);
  ~PeakFinder();
  PeakFinder(const PeakFinder&) = delete;
  PeakFinder& operator=(const PeakFinder&) = delete;
  PeakFinder(PeakFinder&&) noexcept;
  PeakFinder& operator=(PeakFinder&&) noexcept;

  /// Takes the next frames. All blocks have the same drums and hop.
  void push(const Activations& block);

  /// Nothing may be pushed afterwards.
  Peaks finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Which peaks are hits, by time, then drum.
///
/// Peaks of at least the drum's threshold are taken from the highest down, skipping those within
/// gap_s of one already taken; so raising a threshold only ever removes hits of a drum that is not
/// pooled. If none of a drum's peaks reaches `presence`, all of them are dropped: a threshold alone
/// cannot say "no toms here", and weak peaks without a single clear one are mostly another drum's.
///
/// A pooled drum also gets peaks below its threshold: different sounds of one instrument
/// (same_instrument) exclude each other, so where a band hides which one it was, the chances of
/// each add up. Where within alone_s no sound of those that are played reaches its threshold, nor
/// the drum itself within gap_s, the one that falls least short of it gets the sum of the highest
/// of each, all measured in their thresholds. Peaks below the threshold must have been found for
/// it: PeakFinder's `least`.
///
/// Last, of different sounds of one instrument within alone_s only the one that most exceeds its
/// threshold stays: a hi-hat is not open and closed at once, nor one stroke on two toms.
std::vector<Onset> pick_onsets(const Peaks& peaks, const PerDrum<PeakPicking>& settings);

/// Between two sounds of an instrument for which takes_time_between holds, at least. In Groove's
/// train split two pairs of closed and open hi-hat (of 59,534 strokes) and two of ride and bell (of
/// 45,300) are closer, and 595 of snare and side stick (of 7,713 side sticks): the pads of an
/// electronic kit hear both in one stroke on the rim.
constexpr double kLeastChange_s = 0.045;

/// From a stroke of a hand to its next, at least. Of three strokes of hands in less that were heard
/// in 60 rendered validation performances, a flam beside a hi-hat mostly, 13 of 68 were three, and
/// of two on different cymbals, 20 ms apart or more, none of 3 were two (2026-11-30).
constexpr double kHandAgain_s = 0.040;

/// From a stroke to the next of a drum that one limb plays, at least; 0 where two hands do, which
/// play grace notes. Of pairs that are nearer, as heard in 60 rendered validation performances, the
/// less sure stroke was one of the performance 7 of 137 times on cymbals and pedal, 1 of 10 times
/// on the kick (2026-11-30).
constexpr double least_again_s(Drum drum) {
  if (drum == Drum::Kick) return 0.040;
  return is_cymbal(drum) ? 0.060 : 0;
}

/// The onsets that a drummer can have played. They are taken from the one on that most exceeds its
/// threshold, skipping those that beside what is already taken would be
///
/// - one stroke with another (is_one_stroke): within alone_s, on cymbals within kHandAgain_s too;
/// - the third stroke of two hands (takes_a_hand) within kHandAgain_s;
/// - within kLeastChange_s of another sound of the instrument (takes_time_between);
/// - a limb's next stroke on the same drum too soon (least_again_s).
///
/// `onsets` are ordered as pick_onsets has them, before and after.
std::vector<Onset> drop_impossible(const std::vector<Onset>& onsets,
                                   const PerDrum<PeakPicking>& settings);

}  // namespace fyr
