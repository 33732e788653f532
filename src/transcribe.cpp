// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/transcribe.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "check_given.hpp"
#include "fyr/audio.hpp"
#include "fyr/beats_in_hits.hpp"
#include "fyr/chokes.hpp"
#include "fyr/context.hpp"
#include "fyr/network.hpp"
#include "fyr/onsets.hpp"
#include "fyr/spectrogram.hpp"
#include "fyr/timbre.hpp"
#include "stage_clock.hpp"

namespace fyr {
namespace {

void announce(const TranscribeOptions& options, std::string_view stage) {
  if (options.on_stage) options.on_stage(stage);
}

std::string source_name(const std::filesystem::path& path) {
  return path == "-" ? "standard input" : path.filename().string();
}

float amplitude(double level_db) { return static_cast<float>(std::pow(10, level_db / 20)); }

/// What the recording's samples are multiplied with before they are heard.
float gain_of(AudioReader& audio, const std::optional<InputLevel>& level) {
  if (!level) return 1;
  const float quiet = amplitude(level->quiet_db);
  const bool bounded = !audio.may_exceed_full_scale();
  const float peak = audio.peak_up_to(bounded ? quiet : std::numeric_limits<float>::infinity());
  if (peak > 1) return 1 / peak;
  if (peak == 0 || peak >= quiet) return 1;
  return std::min(amplitude(level->raised_db) / peak, amplitude(level->most_db));
}

/// Lower peaks than the thresholds' are kept too: the context may raise them, a reader of the
/// report may move the threshold.
double least_confidence(const std::optional<Context>& context) {
  constexpr double kForReaders = 0.03;
  return context ? context->least : kForReaders;
}

Peaks peaks_of(const std::vector<Onset>& hits) {
  Peaks peaks;
  for (const Onset& hit : hits) {
    peaks[index_of(hit.drum)].push_back({hit.time_s, static_cast<float>(hit.confidence),
                                         static_cast<float>(hit.velocity) / 127.0F});
  }
  return peaks;
}

/// What stands above the music: what the user says goes before what the recording says.
ScoreOptions with_names(ScoreOptions score, const Tags& tags, const std::string& untitled) {
  if (score.title.empty()) score.title = tags.title.empty() ? untitled : tags.title;
  if (score.composer.empty()) score.composer = tags.artist;
  return score;
}

/// From what was heard to the score. `of_model` and `context` are the model's. What was heard is
/// let go as soon as nothing needs it: of a long recording it is most of the memory.
Transcription write_down(const PerDrum<PeakPicking>& of_model,
                         const std::optional<Context>& context, Heard heard,
                         const TranscribeOptions& options) {
  const PerDrum<PeakPicking>& picking = options.peak_picking ? *options.peak_picking : of_model;
  Transcription result;
  result.duration_s = heard.duration_s;
  result.timings = std::move(heard.timings);
  StageClock clock(result.timings);
  announce(options, "rhythm");
  clock.start("rhythm");
  check_given_beats(options, heard.duration_s);
  if (options.hits) {
    check_hits(options, heard.duration_s);
    heard.peaks = peaks_of(*options.hits);
    result.onsets = *options.hits;
  } else {
    if (context) {
      const std::vector<Onset> first = first_pass_hits(heard.peaks, of_model, context);
      const BarPlan bars =
          find_bars(first, heard.activations, heard.duration_s, options.rhythm, Pass::First);
      clock.start("onsets");
      heard.peaks =
          in_context(heard.peaks, beat_grid(bars), heard.timbre, heard.duration_s, *context);
    }
    clock.start("onsets");
    result.onsets = pick_onsets(heard.peaks, picking);
  }
  if (options.keep_peaks) result.peaks = std::move(heard.peaks);
  heard.peaks = {};
  clock.start("rhythm");
  // The bars once more: these hits are more and surer than those of the first look. What could not
  // be played beside others still tells of bars: a crash that yields to a hi-hat, say.
  BarPlan bars = find_bars(result.onsets, heard.activations, heard.duration_s, options.rhythm);
  heard.activations = {};
  clock.start("onsets");
  if (!options.hits) result.onsets = drop_impossible(result.onsets, picking);
  result.onsets = with_chokes(std::move(result.onsets), heard.timbre);
  heard.timbre = {};
  clock.start("rhythm");
  result.rhythm = place_in_bars(std::move(bars), result.onsets, options.rhythm);
  announce(options, "score");
  clock.start("score");
  result.score =
      build_score(result.rhythm, with_names(options.score, heard.tags, options.untitled));
  clock.stop();
  return result;
}

/// Whether anything is asked for that only the network can tell.
bool needs_network(const TranscribeOptions& options) {
  return !options.hits || options.rhythm.beats.empty() || options.keep_activations;
}

/// What the network hears in the sound: a path or samples. Its buffers end here, so that the
/// network of hits and the tracker can use their memory.
template <typename Sound>
Heard hear(const Sound& sound, const Model& model, const Network& network,
           const TranscribeOptions& options) {
  Heard heard;
  StageClock clock(heard.timings);
  clock.start("audio");
  AudioReader audio(sound, model.features.rate_hz, options.block_frames);
  const float gain = gain_of(audio, model.input_level);
  SpectrogramStream spectrogram(model.features);
  PeakFinder peaks(options.peak_picking.value_or(model.peak_picking),
                   least_confidence(model.context), model.time_offset_s);
  ActivationCollector collector(!options.keep_activations);
  TimbreCollector timbre(model.features);
  const double told_duration_s = audio.told_duration_s();
  double heard_s = 0;
  std::optional<NetworkStream> activations;
  if (needs_network(options)) {
    activations.emplace(network, -n_lead_frames(model.features), options.n_threads,
                        [&](const Activations& block) {
                          clock.start("onsets");
                          peaks.push(block);
                          collector.push(block);
                          clock.start("network");
                          heard_s += static_cast<double>(block.onsets.rows()) * block.hop_s;
                          if (options.on_heard) options.on_heard(heard_s, told_duration_s);
                        });
  }
  const auto push = [&](const MatrixView& frames) {
    timbre.push(frames);
    if (!activations) return;
    clock.start("network");
    activations->push(frames);
  };
  std::size_t n_samples = 0;
  for (std::vector<float> samples; audio.read(samples); clock.start("audio")) {
    n_samples += samples.size();
    if (gain != 1)
      std::ranges::transform(samples, samples.begin(), [&](float x) { return gain * x; });
    clock.start("spectrogram");
    push(spectrogram.push(samples));
    if (!activations && options.on_heard) {
      options.on_heard(static_cast<double>(n_samples) / model.features.rate_hz, told_duration_s);
    }
  }
  clock.start("spectrogram");
  push(spectrogram.finish());
  if (activations) activations->finish();
  clock.start("onsets");
  heard.tags = audio.tags();
  heard.duration_s = static_cast<double>(n_samples) / model.features.rate_hz;
  heard.peaks = peaks.finish();
  heard.activations = collector.finish();
  heard.timbre = timbre.finish();
  clock.stop();
  return heard;
}

template <typename Sound>
Heard listen_to(const Sound& sound, const Model& model, const Network& network,
                const TranscribeOptions& options) {
  announce(options, "listening");
  Heard heard = hear(sound, model, network, options);
  if (network.hits_network() != nullptr) {
    StageClock clock(heard.timings);
    clock.start("rhythm");
    // Not by given hits: who puts one right would see bars elsewhere move.
    weigh_in_hits(first_pass_hits(heard.peaks, model.peak_picking, model.context),
                  *model.hits_network, *network.hits_network(), heard.activations);
    clock.stop();
  }
  return heard;
}

}  // namespace

std::vector<Onset> first_pass_hits(const Peaks& peaks, PerDrum<PeakPicking> picking,
                                   const std::optional<Context>& context) {
  if (!context) return pick_onsets(peaks, picking);
  for (std::size_t drum = 0; drum < kNDrums; ++drum) {
    picking[drum].threshold = context->drums[drum].first_threshold;
    picking[drum].pooled = false;  // what the context was fitted with
  }
  return pick_onsets(peaks, picking);
}

Heard listen(const std::filesystem::path& path, const Model& model, const Network& network,
             const TranscribeOptions& options) {
  return listen_to(path, model, network, options);
}

Heard listen(const Audio& audio, const Model& model, const Network& network,
             const TranscribeOptions& options) {
  return listen_to(audio, model, network, options);
}

Analysis analyse(const std::filesystem::path& path, const Model& model, const Network& network,
                 const TranscribeOptions& options, std::vector<StageTime>& timings) {
  TranscribeOptions keeping = options;
  keeping.keep_activations = true;
  Heard heard = listen(path, model, network, keeping);
  timings.insert(timings.end(), heard.timings.begin(), heard.timings.end());
  return {source_name(path),
          std::move(heard.tags),
          model.id,
          heard.duration_s,
          std::move(heard.activations),
          std::move(heard.timbre),
          model.peak_picking,
          model.context,
          model.time_offset_s};
}

Transcription decode(const Analysis& analysis, const TranscribeOptions& options) {
  Heard heard;
  StageClock clock(heard.timings);
  clock.start("onsets");
  PeakFinder peaks(options.peak_picking.value_or(analysis.peak_picking),
                   least_confidence(analysis.context), analysis.time_offset_s);
  peaks.push(analysis.activations);
  const Activations& all = analysis.activations;
  heard.tags = analysis.tags;
  heard.duration_s = analysis.duration_s;
  heard.peaks = peaks.finish();
  clock.stop();
  heard.activations = {all.hop_s, all.drums, {}, {}, all.beats};
  heard.timbre = analysis.timbre;
  Transcription result =
      write_down(analysis.peak_picking, analysis.context, std::move(heard), options);
  result.source = analysis.recording;
  result.model_id = analysis.model_id;
  return result;
}

Transcription transcribe(const std::filesystem::path& path, const Model& model,
                         const Network& network, const TranscribeOptions& options) {
  Transcription result =
      write_down(model.peak_picking, model.context, listen(path, model, network, options), options);
  result.source = source_name(path);
  result.model_id = model.id;
  return result;
}

Transcription transcribe(const Audio& audio, const Model& model, const Network& network,
                         const TranscribeOptions& options) {
  Transcription result = write_down(model.peak_picking, model.context,
                                    listen(audio, model, network, options), options);
  result.model_id = model.id;
  return result;
}

}  // namespace fyr
