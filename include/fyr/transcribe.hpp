// SPDX-License-Identifier: GPL-3.0-or-later

/// The whole chain: a recording in, hits, rhythm and score out.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "fyr/model.hpp"
#include "fyr/network.hpp"
#include "fyr/onsets.hpp"
#include "fyr/rhythm.hpp"
#include "fyr/score.hpp"
#include "fyr/transcription.hpp"

namespace fyr {

struct TranscribeOptions {
  PerDrum<PeakPicking> peak_picking;  ///< Start from the model's.
  RhythmOptions rhythm;
  ScoreOptions score;
  int n_threads = 1;  ///< For the network of this one recording; the result does not depend on it.
  std::function<void(std::string_view stage)>
      on_stage;  ///< Called as each stage begins; may be empty.
};

/// Transcribes one recording; `network` is `model`'s, and may serve several recordings at once.
/// Throws what the stages throw.
Transcription transcribe(const std::filesystem::path& path, const Model& model,
                         const Network& network, const TranscribeOptions& options);

}  // namespace fyr
