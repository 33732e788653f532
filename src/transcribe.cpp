// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/transcribe.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <optional>
#include <sstream>

#include "fyr/audio.hpp"
#include "fyr/beats_in_hits.hpp"
#include "fyr/chokes.hpp"
#include "fyr/context.hpp"
#include "fyr/error.hpp"
#include "fyr/network.hpp"
#include "fyr/spectrogram.hpp"
#include "fyr/timbre.hpp"

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

float amplitude(double level_db) { return static_cast<float>(std::pow(10, level_db / 20)); }

/// What the recording's samples are multiplied with before they are heard.
float gain_of(AudioReader& audio, const std::optional<InputLevel>& level) {
  if (!level) return 1;
  const float quiet = amplitude(level->quiet_db);
  const float peak = audio.peak_up_to(quiet);
  if (peak == 0 || peak == quiet) return 1;
  return std::min(amplitude(level->raised_db) / peak, amplitude(level->most_db));
}

/// Lower peaks than the thresholds' are kept too: the context may raise them, a reader of the
/// report may move the threshold.
double least_confidence(const std::optional<Context>& context) {
  return context.value_or(Context{}).least;
}

/// A list may be of another copy of the recording, with more silence at its ends.
constexpr double kAfterEnd_s = 1;

/// Refuses what was given for another recording, which would make a score of it none the less.
/// Its last item may be this much after the end.
void check_given(const std::string& name, double last_s, double duration_s, double after_s) {
  if (last_s <= duration_s + after_s) return;
  std::ostringstream message;
  message << "cannot use " << name << ": the last is at " << last_s
          << " s, but the recording lasts " << duration_s << " s; are they of another recording?";
  throw InputError(message.str());
}

/// The bar that the recording ends in may be given to its end, if most beats are in the recording.
void check_beats(const TranscribeOptions& options, double duration_s) {
  const std::vector<Beat>& beats = options.rhythm.beats;
  if (beats.empty()) return;
  const auto end = std::ranges::upper_bound(beats, duration_s + kAfterEnd_s, {}, &Beat::time_s);
  const auto n_inside = end - beats.begin();
  double after_s = kAfterEnd_s;
  if (n_inside >= 2 && 2 * n_inside >= std::ssize(beats)) {
    const int bar = std::ranges::max(beats, {}, &Beat::number).number;
    const double inside_s = std::prev(end)->time_s - beats.front().time_s;
    after_s += bar * inside_s / static_cast<double>(n_inside - 1);
  }
  check_given(options.beats_name, beats.back().time_s, duration_s, after_s);
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

/// From what was heard to the score. `picking` and `context` are the model's. What was heard is let
/// go as soon as nothing needs it: of a long recording it is most of the memory.
void write_down(const PerDrum<PeakPicking>& picking, const std::optional<Context>& context,
                Heard heard, const TranscribeOptions& options, Transcription& result) {
  result.duration_s = heard.duration_s;
  result.timings = std::move(heard.timings);
  StageClock clock(result.timings);
  announce(options, "rhythm");
  clock.start("rhythm");
  check_beats(options, heard.duration_s);
  if (options.hits) {
    check_hits(options, heard.duration_s);
    heard.peaks = peaks_of(*options.hits);
    result.onsets = *options.hits;
  } else {
    if (context) {
      const std::vector<Onset> first = first_look(heard.peaks, picking, context);
      const BarPlan bars =
          find_bars(first, heard.activations, heard.duration_s, options.rhythm, Care::FirstLook);
      clock.start("onsets");
      heard.peaks =
          in_context(heard.peaks, beat_grid(bars), heard.timbre, heard.duration_s, *context);
    }
    clock.start("onsets");
    result.onsets = pick_onsets(heard.peaks, options.peak_picking);
  }
  if (options.keep_peaks) result.peaks = std::move(heard.peaks);
  heard.peaks = {};
  clock.start("rhythm");
  // The bars once more: these hits are more and surer than those of the first look. What could not
  // be played beside others still tells of bars: a crash that yields to a hi-hat, say.
  BarPlan bars = find_bars(result.onsets, heard.activations, heard.duration_s, options.rhythm);
  heard.activations = {};
  clock.start("onsets");
  if (!options.hits) result.onsets = drop_impossible(result.onsets, options.peak_picking);
  result.onsets = with_chokes(std::move(result.onsets), heard.timbre);
  heard.timbre = {};
  clock.start("rhythm");
  result.rhythm = place_in_bars(std::move(bars), result.onsets, options.rhythm);
  announce(options, "score");
  clock.start("score");
  result.score =
      build_score(result.rhythm, with_names(options.score, heard.tags, options.untitled));
  clock.stop();
}

/// What the network hears in the sound. Its buffers end here, so that the network of hits and the
/// tracker can use their memory.
Heard hear(const std::filesystem::path& path, const Model& model, const Network& network,
           const TranscribeOptions& options) {
  Heard heard;
  StageClock clock(heard.timings);
  clock.start("audio");
  AudioReader audio(path, model.features.rate_hz, options.block_frames);
  const float gain = gain_of(audio, model.input_level);
  SpectrogramStream spectrogram(model.features);
  PeakFinder peaks(options.peak_picking, least_confidence(model.context), model.time_offset_s);
  ActivationCollector collector(!options.keep_activations);
  TimbreCollector timbre(model.features);
  const double told_duration_s = audio.told_duration_s();
  double heard_s = 0;
  NetworkStream activations(network, -n_lead_frames(model.features), options.n_threads,
                            [&](const Activations& block) {
                              clock.start("onsets");
                              peaks.push(block);
                              collector.push(block);
                              clock.start("network");
                              heard_s += static_cast<double>(block.onsets.rows()) * block.hop_s;
                              if (options.on_heard) options.on_heard(heard_s, told_duration_s);
                            });
  std::size_t n_samples = 0;
  for (std::vector<float> samples; audio.read(samples); clock.start("audio")) {
    n_samples += samples.size();
    if (gain != 1)
      std::ranges::transform(samples, samples.begin(), [&](float x) { return gain * x; });
    clock.start("spectrogram");
    const MatrixView frames = spectrogram.push(samples);
    timbre.push(frames);
    clock.start("network");
    activations.push(frames);
  }
  clock.start("spectrogram");
  const MatrixView last_frames = spectrogram.finish();
  timbre.push(last_frames);
  clock.start("network");
  activations.push(last_frames);
  activations.finish();
  clock.start("onsets");
  heard.tags = audio.tags();
  heard.duration_s = static_cast<double>(n_samples) / model.features.rate_hz;
  heard.peaks = peaks.finish();
  heard.activations = collector.finish();
  heard.timbre = timbre.finish();
  clock.stop();
  return heard;
}

}  // namespace

void check_hits(const TranscribeOptions& options, double duration_s) {
  if (!options.hits || options.hits->empty()) return;
  check_given(options.hits_name, options.hits->back().time_s, duration_s, kAfterEnd_s);
}

std::vector<Onset> first_look(const Peaks& peaks, PerDrum<PeakPicking> picking,
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
  announce(options, "listening");
  Heard heard = hear(path, model, network, options);
  if (network.of_hits() != nullptr) {
    StageClock clock(heard.timings);
    clock.start("rhythm");
    weigh_in_hits(first_look(heard.peaks, model.peak_picking, model.context), *model.hits_network,
                  *network.of_hits(), heard.activations);
    clock.stop();
  }
  return heard;
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
  Transcription result;
  result.source = analysis.recording;
  result.model_id = analysis.model_id;
  PeakFinder peaks(options.peak_picking, least_confidence(analysis.context),
                   analysis.time_offset_s);
  peaks.push(analysis.activations);
  const Activations& all = analysis.activations;
  Heard heard;
  heard.tags = analysis.tags;
  heard.duration_s = analysis.duration_s;
  heard.peaks = peaks.finish();
  heard.activations = {all.hop_s, all.drums, {}, {}, all.beats};
  heard.timbre = analysis.timbre;
  write_down(analysis.peak_picking, analysis.context, std::move(heard), options, result);
  return result;
}

Transcription transcribe(const std::filesystem::path& path, const Model& model,
                         const Network& network, const TranscribeOptions& options) {
  Transcription result;
  result.source = source_name(path);
  result.model_id = model.id;
  write_down(model.peak_picking, model.context, listen(path, model, network, options), options,
             result);
  return result;
}

}  // namespace fyr
