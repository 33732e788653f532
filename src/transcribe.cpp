// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/transcribe.hpp"

#include <chrono>

#include "fyr/audio.hpp"
#include "fyr/network.hpp"
#include "fyr/spectrogram.hpp"

namespace fyr {
namespace {

/// Runs stages, announcing each and noting how long it took.
class StageRunner {
 public:
  StageRunner(const TranscribeOptions& options, std::vector<StageTime>& timings)
      : options_(options), timings_(timings) {}

  template <typename Stage>
  auto operator()(const char* name, Stage stage) {
    if (options_.on_stage) options_.on_stage(name);
    const auto start = std::chrono::steady_clock::now();
    auto result = stage();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    timings_.push_back({name, elapsed.count()});
    return result;
  }

 private:
  const TranscribeOptions& options_;
  std::vector<StageTime>& timings_;
};

/// Lets go of the samples as soon as the features are known: they are the larger part.
Features read_features(const std::filesystem::path& path, const FeatureSettings& settings,
                       StageRunner& run, double& duration_s) {
  const Audio audio = run("audio", [&] { return read_audio(path, settings.rate_hz); });
  duration_s = audio.duration_s();
  return run("spectrogram", [&] { return compute_features(audio, settings); });
}

}  // namespace

Transcription transcribe(const std::filesystem::path& path, const Model& model,
                         const Network& network, const TranscribeOptions& options) {
  Transcription result;
  result.source = path == "-" ? "standard input" : path.filename().string();
  result.model_id = model.id;
  StageRunner run(options, result.timings);

  const Features features = read_features(path, model.features, run, result.duration_s);
  const Activations activations =
      run("network", [&] { return network.run(features, options.n_threads); });
  result.onsets = run("onsets", [&] {
    return pick_onsets(activations, options.peak_picking, model.time_offset_s);
  });
  result.rhythm = run("rhythm", [&] {
    return analyse_rhythm(result.onsets, activations, result.duration_s, options.rhythm);
  });
  result.score = run("score", [&] { return build_score(result.rhythm, options.score); });
  return result;
}

}  // namespace fyr
