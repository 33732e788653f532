// SPDX-License-Identifier: GPL-3.0-or-later

/// Evaluation: data sets and folders in, reports and comparisons out.
///
/// The steps, each a function from values to values: list_dataset -> transcribe_dataset -> evaluate
/// (annotation.hpp: read_annotation, fold; scoring.hpp: score_recording, summarise) -> compare.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fyr/scoring.hpp"

namespace fyr {

struct Model;
class Network;
struct TranscribeOptions;

// --- Data sets -----------------------------------------------------------------------------------

/// One recording of a data set. Paths are empty where there is nothing.
struct DatasetRecording {
  std::string name;
  std::filesystem::path audio;
  std::filesystem::path annotation;
  std::filesystem::path beats;
  double offset_s = 0;    ///< Added to the annotation's times: by how much the audio lags.
  double duration_s = 0;  ///< As the data set's table says; 0 = unknown.
};

struct DatasetOptions {
  std::string part;            ///< mdb: drum_only, full_mix, approx_mix.
  std::string annotations;     ///< mdb: subclass, class, pp.
  std::string split = "test";  ///< egmd, groove: test, validation, train, all.
  bool partial = false;        ///< Annotations without audio are expected.
  bool needs_audio = true;     ///< False: what has an annotation is listed (egmd, groove).
};

struct Dataset {
  std::string id;
  std::string label_map;
  std::string description;  ///< "mdb drum_only subclass".
  std::vector<DatasetRecording> recordings;
  std::vector<std::string> problems;  ///< Audio without annotation and the reverse, named.
};

/// Lists a data set as downloaded: "mdb", "idmt", "egmd" or "groove", in `root` or a folder of the
/// published name inside it. Throws UsageError for unknown names, InputError when the layout is not
/// there.
Dataset list_dataset(const std::string& id, const std::filesystem::path& root,
                     const DatasetOptions& options);

// --- Reports and baselines -----------------------------------------------------------------------

/// All recordings in one vocabulary at one window.
struct ScoreSheet {
  std::string vocabulary;
  double window_s = 0.05;
  std::vector<RecordingScore> recordings;
  Summary summary;
};

/// What one run measured.
struct Report {
  std::string source;  ///< "mdb drum_only subclass" or the two paths.
  std::string model;   ///< Id of the model that transcribed; empty for files.
  std::vector<ScoreSheet> sheets;
  std::vector<std::string> problems;
};

struct ReportOptions {
  bool confusion = false;
  int n_worst = 0;
};

/// One JSON document, docs/evaluation.md describes it.
std::string to_json(const Report& report, const ReportOptions& options = {});

/// `vocabulary,window_ms,recording,drum,reference,estimated,tp,fp,fn,precision,recall,f`.
std::string to_csv(const Report& report);

/// Reads what `compare` needs from a document that to_json wrote: names and counts.
/// Throws InputError naming the file and what is wrong.
Report read_report(const std::filesystem::path& path);

/// The change of one class between two reports, on the recordings that both hold.
struct Change {
  std::string id;  ///< Class id, or "all".
  double before_f = 0;
  double after_f = 0;
  std::optional<Interval> interval;  ///< 95 % of the difference, paired bootstrap over recordings.

  double difference() const { return after_f - before_f; }
  /// Zero lies outside the interval.
  bool beyond_chance() const;
};

struct SheetComparison {
  std::string vocabulary;
  double window_s = 0;
  int n_recordings = 0;  ///< In both.
  /// "all" first; classes whose F is undefined on a side are left out.
  std::vector<Change> changes;
};

struct Comparison {
  std::vector<SheetComparison> sheets;
  std::vector<std::string> problems;  ///< Sheets or recordings that one side lacks.

  /// Sum-F of some sheet fell by more than `tolerance`.
  bool is_regression(double tolerance) const;
};

Comparison compare(const Report& before, const Report& after);

// --- The whole run -------------------------------------------------------------------------------

/// A recording's reference and what was heard. With problems it stays out of the figures.
struct EvaluationPair {
  std::string name;
  Annotation reference;
  Annotation estimate;
  std::vector<std::string> problems;
};

/// Transcribes one recording; its duration goes into Annotation::duration_s.
using Listener = std::function<Annotation(const std::filesystem::path& audio)>;

/// Hits only, or rhythm as well where beats or slots are asked for. `network` is `model`'s.
Listener listen_with(const Model& model, Network network, const TranscribeOptions& options,
                     bool with_rhythm);

/// Reads every annotation and transcribes every recording, `n_jobs` at a time. `on_done(n)` is told
/// after each, from any thread, one at a time. What fails becomes a problem of its pair, as does a
/// duration that disagrees with the annotation's by more than a second.
std::vector<EvaluationPair> transcribe_dataset(const Dataset& dataset, const Listener& listener,
                                               int n_jobs, const std::function<void(int)>& on_done);

/// What of an annotation counts as heard, so that the stages after it are measured alone.
enum class Given { Hits, HitsAndBeats };

/// Beat activations that hits alone speak for.
using HitsReader = std::function<Activations(const std::vector<Onset>& hits, double duration_s)>;

/// Asks the hits network of `network`, which is `model`'s; without one the reader is empty.
HitsReader read_hits_with(const Model& model, Network network);

/// Takes estimates from `folder` instead: `<recording>.csv`, where a recording's name may have
/// folders in it, or `<audio stem>.csv`; or another suffix that read_annotation knows. If
/// `partial`, recordings that have neither audio nor an estimate are left out.
std::vector<EvaluationPair> pair_dataset(const Dataset& dataset,
                                         const std::filesystem::path& folder, bool partial = false);

/// Two files, or the files of two folders that share a stem. Throws InputError when a path is
/// missing, UsageError when one is a file and the other a folder.
std::vector<EvaluationPair> pair_files(const std::filesystem::path& reference,
                                       const std::filesystem::path& estimate);

struct EvaluateOptions {
  std::vector<std::string> vocabularies{"5"};
  std::vector<double> windows_s{0.05};
  std::string reference_map;  ///< Id or path; empty = guess_label_map for every file.
  std::string estimate_map;
  bool ignore_unknown = false;
  bool beats = false;
  bool slots = false;
};

/// Writes every annotation's own hits (and, if given, beats) down as if they had been heard: what
/// then differs from the reference is the rhythm stage's doing. It gets what `read_hits` finds,
/// unless that is empty. Labels are read as `options` says, with the data set's map where it names
/// none; those that have no place among fyr's drums become problems.
std::vector<EvaluationPair> write_down_dataset(const Dataset& dataset, Given given,
                                               const HitsReader& read_hits,
                                               const EvaluateOptions& options);

/// Scores all pairs in all vocabularies and windows. Throws UsageError for unknown names.
Report evaluate(const std::vector<EvaluationPair>& pairs, const EvaluateOptions& options);

}  // namespace fyr
