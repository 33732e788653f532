// SPDX-License-Identifier: GPL-3.0-or-later

/// Onset picking: from per-frame drum activations to hits.
#pragma once

#include <memory>
#include <vector>

#include "fyr/drum.hpp"

namespace fyr {

struct Activations;

/// One drum hit.
struct Onset {
  double time_s = 0;  ///< Seconds from the start of the recording, >= 0.
  Drum drum = Drum::Kick;
  int velocity = 0;  ///< As in MIDI, 1..127.
  /// In (0, 1]: the activation above its moving mean at the peak, changed by context (in_context)
  /// and pooling (pick_onsets) where the model has them.
  double confidence = 0;
  /// Seconds from time_s until a hand stops the cymbal, up to 1.2 (chokes.hpp). 0: it rings.
  double choked_after_s = 0;
};

/// Throws UsageError for onsets that are not in time order, at times from 0 to 1e6 s, with
/// velocities from 1 to 127.
void check(const std::vector<Onset>& onsets);

/// Peak-picking settings of one drum: heights 0..1, times 0..10 s.
struct PeakPicking {
  double threshold = 0.3;  ///< Least height of a peak above the moving mean.
  double presence = 0;     ///< Least height of a drum's highest peak, else it is not played at all.
  double alone_s = 0;      ///< Of two drums closer than this one may go (0: none), see below.
  bool pooled = false;  ///< Weak peaks of the instrument's sounds within alone_s add up to a hit.
  double gap_s = 0.03;  ///< Of two peaks closer than this, the weaker goes.
  /// A peak is the largest value from pre_max_s before to post_max_s after.
  double pre_max_s = 0.02;
  double post_max_s = 0.01;
  double pre_mean_s = 0.1;  ///< The mean runs from pre_mean_s before to post_mean_s after.
  double post_mean_s = 0.01;
};

/// A place in a drum's activation where a hit may be.
struct Peak {
  double time_s = 0;     ///< As Onset::time_s.
  float confidence = 0;  ///< As Onset::confidence.
  float velocity = 0;    ///< 0..1
};

/// Each drum's peaks in time order.
using Peaks = PerDrum<std::vector<Peak>>;

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
