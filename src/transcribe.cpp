// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/transcribe.hpp"

#include <chrono>
#include <functional>

#include "fyr/audio.hpp"
#include "fyr/network.hpp"
#include "fyr/spectrogram.hpp"

namespace fyr {
namespace {

/// Runs one stage and notes how long it took.
template <typename Stage>
auto timed(std::vector<StageTime>& timings, const char* name, Stage stage) {
  const auto start = std::chrono::steady_clock::now();
  auto result = stage();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  timings.push_back({name, elapsed.count()});
  return result;
}

}  // namespace

Transcription transcribe(const std::filesystem::path& path, const Model& model,
                         const TranscribeOptions& options) {
  Transcription result;
  auto& timings = result.timings;

  const Audio audio =
      timed(timings, "audio", [&] { return read_audio(path, model.features.rate_hz); });
  result.duration_s = audio.duration_s();
  const Features features =
      timed(timings, "spectrogram", [&] { return compute_features(audio, model.features); });
  const Activations activations =
      timed(timings, "network", [&] { return run_network(model, features); });
  result.onsets = timed(timings, "onsets", [&] {
    return pick_onsets(activations, options.peak_picking, model.time_offset_s);
  });
  result.rhythm = timed(timings, "rhythm", [&] {
    return analyse_rhythm(result.onsets, activations, result.duration_s, options.rhythm);
  });
  result.score = timed(timings, "score", [&] { return build_score(result.rhythm, options.score); });
  return result;
}

}  // namespace fyr
