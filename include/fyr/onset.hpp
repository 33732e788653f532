// SPDX-License-Identifier: GPL-3.0-or-later

/// Onsets as plain values: drum hits, the peaks that may be hits, and what tells them apart.
#pragma once

#include <vector>

#include "fyr/drum.hpp"

namespace fyr {

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
/// velocities from 1 to 127, on drums of kDrums.
void check(const std::vector<Onset>& onsets);

/// Peak-picking settings of one drum: heights 0..1, times 0..10 s.
struct PeakPicking {
  double threshold = 0.3;  ///< Least height of a peak above the moving mean.
  double presence = 0;     ///< Least height of a drum's highest peak, else it is not played at all.
  double alone_s = 0;      ///< Of two drums closer than this one may go (0: none): pick_onsets.
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

}  // namespace fyr
