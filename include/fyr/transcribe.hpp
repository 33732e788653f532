// SPDX-License-Identifier: GPL-3.0-or-later

/// The whole chain: a recording in, hits, rhythm and score out.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "fyr/analysis.hpp"
#include "fyr/audio.hpp"
#include "fyr/context.hpp"
#include "fyr/model.hpp"
#include "fyr/network.hpp"
#include "fyr/onset.hpp"
#include "fyr/rhythm.hpp"
#include "fyr/score.hpp"
#include "fyr/timbre.hpp"
#include "fyr/transcription.hpp"

namespace fyr {

struct TranscribeOptions {
  /// None: the model's. For a threshold to decide alone, as `fyr transcribe --threshold` lets it,
  /// set `presence` to 0 and `pooled` to false too. Ranges are not checked.
  std::optional<PerDrum<PeakPicking>> peak_picking;
  /// Taken instead of picking any: by time, then drum, as `check` wants them; InputError if the
  /// last is 1 s past the end.
  std::optional<std::vector<Onset>> hits;
  /// InputError if most of its beats are after the end, or some more than a bar and 1 s.
  RhythmOptions rhythm;
  std::string hits_name = "hits";    ///< What messages call the hits.
  std::string beats_name = "beats";  ///< What messages call the beats of `rhythm`.
  ScoreOptions score;    ///< An empty title or composer is taken from the recording's tags.
  std::string untitled;  ///< The title where neither options nor tags have one.
  /// For this one recording, 0 for one. The result does not depend on it. More than there are
  /// processors make nothing faster, and all that are asked for are started.
  int n_threads = 1;
  /// Decoded at a time; must be above 0. The result does not depend on it.
  int block_frames = kAudioBlockFrames;
  bool keep_activations = false;  ///< Fill all of Heard::activations, not only beats.
  bool keep_peaks = false;        ///< Fill Transcription::peaks (given hits are peaks).
  /// Called as each stage begins, in the caller's thread; may be empty. What this or `on_heard`
  /// throws ends the work and reaches the caller: that is how to cancel it.
  std::function<void(std::string_view stage)> on_stage;
  /// Called as listening goes on, in the caller's thread, with the seconds heard so far and those
  /// that the file says it has (0: it says nothing); may be empty.
  std::function<void(double heard_s, double told_duration_s)> on_heard;
};

/// Throws InputError if the last of the given hits is more than 1 s after the recording's end: they
/// are of another one. Throws what `check` throws of them.
void check_hits(const TranscribeOptions& options, double duration_s);

/// What listening to a recording gives: neither peaks nor activations if hits and beats are given
/// and TranscribeOptions::keep_activations is not set, for then the network does not run.
struct Heard {
  Tags tags;
  double duration_s = 0;  ///< Of the recording.
  Peaks peaks;
  /// Beats, which the hits have had a say in; all if TranscribeOptions::keep_activations.
  Activations activations;
  Timbre timbre;
  std::vector<StageTime> timings;  ///< In pipeline order.
};

/// The pipeline's first half, block by block: reads, raises what is quiet to the level that the
/// model knows and lowers what exceeds full scale, frames, runs the network and finds peaks.
///
/// Memory: 20 MB for each thread, and for each second of sound its beats (800 bytes),
/// timbre (2 kB) and peaks, or 100 frames of all activations if they are kept. `network` is
/// `model`'s, and may serve several recordings at once. Throws what the stages throw.
Heard listen(const std::filesystem::path& path, const Model& model, const Network& network,
             const TranscribeOptions& options);
/// The same of samples in memory, at any rate that AudioReader takes. They have no tags.
Heard listen(const Audio& audio, const Model& model, const Network& network,
             const TranscribeOptions& options);

/// The hits that find the bars, before the context can be known: peaks above its first thresholds,
/// never pooled. Without a context the hits that are picked.
std::vector<Onset> first_pass_hits(const Peaks& peaks, PerDrum<PeakPicking> picking,
                                   const std::optional<Context>& context);

/// Listens and keeps all activations, for decoding them later. Appends to `timings`. Throws what
/// the stages throw.
Analysis analyse(const std::filesystem::path& path, const Model& model, const Network& network,
                 const TranscribeOptions& options, std::vector<StageTime>& timings);

/// The pipeline's second half from kept activations: finds bars, hits and score. With the
/// same options it gives what `transcribe` gives. Throws what the stages throw.
Transcription decode(const Analysis& analysis, const TranscribeOptions& options);

/// Transcribes one recording: listens, then finds bars, hits and score. Throws what the stages
/// throw.
Transcription transcribe(const std::filesystem::path& path, const Model& model,
                         const Network& network, const TranscribeOptions& options = {});
/// The same of samples in memory; Transcription::source is empty.
Transcription transcribe(const Audio& audio, const Model& model, const Network& network,
                         const TranscribeOptions& options = {});

}  // namespace fyr
