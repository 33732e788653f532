// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/transcribe.hpp"

#include <algorithm>
#include <chrono>

#include "fyr/audio.hpp"
#include "fyr/network.hpp"
#include "fyr/spectrogram.hpp"

namespace fyr {
namespace {

/// Notes how long each stage takes, however often the work moves on from one to another.
class StageClock {
 public:
  explicit StageClock(std::vector<StageTime>& timings) : timings_(timings) {}

  /// From now on `stage` runs.
  void start(const char* stage) {
    stop();
    const auto found = std::find_if(timings_.begin(), timings_.end(),
                                    [&](const StageTime& time) { return time.stage == stage; });
    running_ = found - timings_.begin();
    if (found == timings_.end()) timings_.push_back({stage, 0});
  }

  void stop() {
    const auto now = std::chrono::steady_clock::now();
    if (running_ >= 0) {
      const std::chrono::duration<double> elapsed = now - since_;
      timings_[static_cast<std::size_t>(running_)].seconds += elapsed.count();
    }
    since_ = now;
    running_ = -1;
  }

 private:
  std::vector<StageTime>& timings_;
  std::ptrdiff_t running_ = -1;
  std::chrono::steady_clock::time_point since_;
};

void announce(const TranscribeOptions& options, std::string_view stage) {
  if (options.on_stage) options.on_stage(stage);
}

std::string source_name(const std::filesystem::path& path) {
  return path == "-" ? "standard input" : path.filename().string();
}

/// From hits to the score.
void write_down(const Activations& activations, const TranscribeOptions& options,
                Transcription& result) {
  StageClock clock(result.timings);
  announce(options, "rhythm");
  clock.start("rhythm");
  result.rhythm = analyse_rhythm(result.onsets, activations, result.duration_s, options.rhythm);
  announce(options, "score");
  clock.start("score");
  result.score = build_score(result.rhythm, options.score);
  clock.stop();
}

}  // namespace

Heard listen(const std::filesystem::path& path, const Model& model, const Network& network,
             const TranscribeOptions& options) {
  announce(options, "listening");
  Heard heard;
  StageClock clock(heard.timings);
  clock.start("audio");
  AudioReader audio(path, model.features.rate_hz, options.block_frames);
  SpectrogramStream spectrogram(model.features);
  OnsetPicker picker(options.peak_picking, model.time_offset_s);
  ActivationCollector collector(!options.keep_activations);
  NetworkStream activations(network, -n_lead_frames(model.features), options.n_threads,
                            [&](const Activations& block) {
                              clock.start("onsets");
                              picker.push(block);
                              collector.push(block);
                              clock.start("network");
                            });
  std::size_t n_samples = 0;
  for (std::vector<float> samples; audio.read(samples); clock.start("audio")) {
    n_samples += samples.size();
    clock.start("spectrogram");
    const MatrixView frames = spectrogram.push(samples);
    clock.start("network");
    activations.push(frames);
  }
  clock.start("spectrogram");
  const MatrixView last_frames = spectrogram.finish();
  clock.start("network");
  activations.push(last_frames);
  activations.finish();
  clock.start("onsets");
  heard.duration_s = static_cast<double>(n_samples) / model.features.rate_hz;
  heard.onsets = picker.finish();
  heard.activations = collector.finish();
  clock.stop();
  return heard;
}

Analysis analyse(const std::filesystem::path& path, const Model& model, const Network& network,
                 const TranscribeOptions& options, std::vector<StageTime>& timings) {
  TranscribeOptions keeping = options;
  keeping.keep_activations = true;
  Heard heard = listen(path, model, network, keeping);
  timings.insert(timings.end(), heard.timings.begin(), heard.timings.end());
  return {source_name(path),  model.id,           heard.duration_s, std::move(heard.activations),
          model.peak_picking, model.time_offset_s};
}

Transcription decode(const Analysis& analysis, const TranscribeOptions& options) {
  Transcription result;
  result.source = analysis.recording;
  result.model_id = analysis.model_id;
  result.duration_s = analysis.duration_s;
  result.onsets = options.hits ? *options.hits
                               : pick_onsets(analysis.activations, options.peak_picking,
                                             analysis.time_offset_s);
  write_down(analysis.activations, options, result);
  return result;
}

Transcription transcribe(const std::filesystem::path& path, const Model& model,
                         const Network& network, const TranscribeOptions& options) {
  Heard heard = listen(path, model, network, options);
  Transcription result;
  result.source = source_name(path);
  result.model_id = model.id;
  result.duration_s = heard.duration_s;
  result.onsets = options.hits ? *options.hits : std::move(heard.onsets);
  result.timings = std::move(heard.timings);
  write_down(heard.activations, options, result);
  return result;
}

}  // namespace fyr
