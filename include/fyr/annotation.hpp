// SPDX-License-Identifier: GPL-3.0-or-later

/// Annotations: what files say was played, and the vocabularies that hits are compared in.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fyr/onset.hpp"
#include "fyr/rhythm.hpp"

namespace fyr {

// --- Labels and vocabularies ---------------------------------------------------------------------

/// A set of classes that hits are compared in: "3", "5", "8", "13", "mdb" or "onset".
struct Vocabulary {
  std::string id;
  std::string title;
  std::vector<std::string> classes;
  double merge_s = 0;  ///< Hits of one class closer than this to the first are one (onset: 30 ms).
};

/// What one label of a data set means.
struct LabelMeaning {
  std::string label;
  std::string name;
  /// Vocabulary id and class id; an empty class is ignored there. A vocabulary that is missing is
  /// finer than the label ("hi-hat" has no place among 13 drums).
  std::vector<std::pair<std::string, std::string>> classes;
};

/// A data set's labels: data/maps/<id>.json.
struct LabelMap {
  std::string id;
  std::string title;
  std::string source;
  std::vector<LabelMeaning> labels;

  const LabelMeaning* find(std::string_view label) const;
};

/// All vocabularies, from data/maps/vocabularies.json.
const std::vector<Vocabulary>& vocabularies();

/// Throws UsageError naming the known ids.
const Vocabulary& vocabulary(std::string_view id);

/// Ids of the maps that fyr carries: fyr, mdb, idmt, egmd, gm.
std::vector<std::string> label_map_ids();

/// A carried map by id, a drum map by its preset's name, or either from a JSON file (drum_map.hpp:
/// MIDI keys are labels then). Throws UsageError for an unknown id and InputError naming file and
/// entry for a file that is unreadable or names unknown vocabularies or classes.
LabelMap load_label_map(const std::string& id_or_path);

// --- Annotations ---------------------------------------------------------------------------------

struct AnnotatedHit {
  double time_s = 0;
  std::string label;
  int velocity = 0;  ///< 1..127; 0 = unknown.
  int line = 0;      ///< In the file; 0 = the format has no lines.
};

/// A hit where it stands in a score.
struct WrittenHit {
  std::string label;
  int bar = 0;                        ///< From 0.
  double tick = 0;                    ///< From the start of the bar, kTicksPerQuarter a quarter.
  std::optional<double> time_s = {};  ///< When it sounds; empty where the file does not say.
};

/// What a file says about a recording.
struct Annotation {
  std::string file;                   ///< For messages.
  std::vector<AnnotatedHit> hits;     ///< By time.
  std::vector<Beat> beats;            ///< Empty where the file has none.
  std::vector<double> bar_ticks;      ///< Length of every bar; empty where the file has none.
  std::vector<WrittenHit> written;    ///< The hits in those bars.
  double duration_s = 0;              ///< Of the last event.
  std::vector<std::string> problems;  ///< "file:line: …" for every line that could not be read.
};

/// Reads hits from .csv (a list with or without heading), .txt and .labels (MDB and ADTOF: time,
/// label or MIDI key, velocity; Audacity: start, end, label), .xml (IDMT), .mid/.midi or .json
/// (fyr). Lines that cannot be read are named in `problems`. Throws InputError when the file as a
/// whole cannot be read, has an unknown suffix or holds what no recording does.
Annotation read_annotation(const std::filesystem::path& path);

/// Reads `time number` lines (MDB's .beats), number 1 = downbeat. Throws InputError for what is no
/// time or no number from 1 to 32.
std::vector<Beat> read_beats(const std::filesystem::path& path);

/// Id of the map that a file's labels most likely belong to, by suffix and labels.
std::string guess_label_map(const Annotation& annotation);

/// fyr's own hits as an annotation with the labels of map "fyr".
Annotation to_annotation(const std::vector<Onset>& onsets);

/// fyr's own rhythm: beats, bars and places too.
Annotation to_annotation(const std::vector<Onset>& onsets, const Rhythm& rhythm);

/// One hit in a vocabulary.
struct Hit {
  double time_s = 0;
  int drum = 0;      ///< Index into Vocabulary::classes.
  int velocity = 0;  ///< 0 = unknown.
};

/// Translates labels to classes, dropping what the vocabulary ignores.
///
/// Every unknown label, and every label coarser than the vocabulary, is appended to `problems`
/// with file and first line; with `ignore_unknown` unknown labels are dropped silently.
std::vector<Hit> fold(const Annotation& annotation, const LabelMap& map,
                      const Vocabulary& vocabulary, bool ignore_unknown,
                      std::vector<std::string>& problems);

/// A score in a vocabulary.
struct WrittenPart {
  struct Hit {
    int drum = 0;
    int bar = 0;
    double tick = 0;
  };
  std::vector<Hit> hits;
  std::vector<double> bar_ticks;
};

/// The annotation's written hits; unknown labels are dropped, since `fold` names them. What the
/// vocabulary merges is one here too; of hits without a time, those at one place.
WrittenPart fold_written(const Annotation& annotation, const LabelMap& map,
                         const Vocabulary& vocabulary);

}  // namespace fyr
