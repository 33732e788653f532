// SPDX-License-Identifier: GPL-3.0-or-later

/// What was heard in one recording, from its hits to its score: all that a writer may want.
#pragma once

#include <string>
#include <vector>

#include "fyr/onset.hpp"
#include "fyr/rhythm.hpp"
#include "fyr/score.hpp"

namespace fyr {

/// Wall-clock seconds that the calling thread spent in one stage.
struct StageTime {
  std::string stage;
  double seconds = 0;
};

struct Transcription {
  /// The recording's file name without folders, or "standard input"; empty for samples in memory.
  std::string source;
  std::string model_id;   ///< Of the model that heard it.
  double duration_s = 0;  ///< Of the recording.
  Peaks peaks;            ///< The hits were picked from, if TranscribeOptions::keep_peaks.
  std::vector<Onset> onsets;
  Rhythm rhythm;
  Score score;
  std::vector<StageTime> timings;  ///< In pipeline order; never written to a file.
};

}  // namespace fyr
