// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "evaluate/dataset_layouts.hpp"
#include "fyr/error.hpp"
#include "text.hpp"

namespace fyr {
namespace {

constexpr std::string_view kNoAudio = "no audio";

/// Milliseconds by which each file's audio lags its MIDI, where somebody measured them, by the
/// file's path in the data set or by its stem.
std::map<std::string, double> read_offsets(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return {};
  std::map<std::string, double> offsets_ms;
  try {
    offsets_ms = nlohmann::json::parse(read_file(path)).get<std::map<std::string, double>>();
  } catch (const nlohmann::json::exception&) {
    throw InputError("cannot read \"" + path.string() +
                     "\": it is not JSON of files and milliseconds, like {\"1_rock\": -7}; mend it "
                     "or take it away");
  }
  for (const auto& [name, offset_ms] : offsets_ms) {
    if (std::abs(offset_ms) <= 1000 * kLatest_s) continue;
    throw InputError("cannot read \"" + path.string() + "\": the offset of \"" + name +
                     "\" is longer than any recording; mend it");
  }
  return offsets_ms;
}

/// Which field of a line holds what.
struct Columns {
  std::size_t midi, audio, split, kind, duration, n_columns;
};

Columns columns_of(const std::filesystem::path& table, std::string_view header, bool with_kind) {
  const auto fields = fields_of(header, ',');
  const auto column = [&](std::string_view name) {
    const auto it = std::find(fields.begin(), fields.end(), name);
    if (it == fields.end()) {
      throw InputError("cannot read \"" + table.string() + "\": its first line has no column " +
                       std::string(name) + "; take the table from the data set again");
    }
    return static_cast<std::size_t>(it - fields.begin());
  };
  return {column("midi_filename"), column("audio_filename"),
          column("split"),         with_kind ? column("beat_type") : 0,
          column("duration"),      fields.size()};
}

/// The named file, or the same as FLAC.
std::filesystem::path find_audio(const std::filesystem::path& named) {
  if (std::filesystem::exists(named)) return named;
  const auto flac = std::filesystem::path(named).replace_extension(".flac");
  return std::filesystem::exists(flac) ? flac : std::filesystem::path();
}

void add_recording(const std::filesystem::path& root, const DatasetRecording& recording,
                   const std::string& audio_name, const DatasetOptions& options, Dataset& dataset) {
  const bool has_midi = std::filesystem::exists(recording.annotation);
  if (has_midi && !(options.needs_audio && recording.audio.empty())) {
    dataset.recordings.push_back(recording);
  } else if (!recording.audio.empty()) {
    dataset.problems.push_back("no annotation for audio \"" + recording.audio.string() + '"');
  } else if (!options.partial) {
    const std::string audio =
        audio_name.empty() ? " is named" : " \"" + (root / audio_name).string() + '"';
    dataset.problems.push_back(std::string(kNoAudio) + audio + " for annotation \"" +
                               recording.annotation.string() + '"');
  }
}

/// Path without suffix, in the data set: stems alone repeat between drummers.
std::string name_of(std::string_view midi) {
  return std::filesystem::path(midi).replace_extension().generic_string();
}

std::string stem_of(std::string_view midi) { return std::filesystem::path(midi).stem().string(); }

/// What offsets_ms.json says.
class Lags {
 public:
  /// Of all recordings in the table's lines.
  Lags(const std::filesystem::path& file, const std::vector<std::string_view>& lines,
       std::size_t midi_column)
      : file_(file), offsets_ms_(read_offsets(file)) {
    for (const std::string_view line : lines) {
      const auto fields = fields_of(line, ',');
      if (midi_column < fields.size()) ++n_recordings_[stem_of(fields[midi_column])];
    }
  }

  /// Seconds; 0 where there is none. A stem that several recordings have tells of none of them.
  double lag_of(std::string_view midi, std::vector<std::string>& problems) {
    if (const auto it = offsets_ms_.find(name_of(midi)); it != offsets_ms_.end()) {
      return it->second / 1000;
    }
    const auto it = offsets_ms_.find(stem_of(midi));
    if (it == offsets_ms_.end()) return 0;
    int& n = n_recordings_[it->first];
    if (n == 1) return it->second / 1000;
    if (n > 1) {
      problems.push_back(file_.string() + ": \"" + it->first + "\" is the name of " +
                         std::to_string(n) + " recordings; write \"" + name_of(midi) + '"');
    }
    n = 0;  // Told.
    return 0;
  }

 private:
  std::filesystem::path file_;
  std::map<std::string, double> offsets_ms_;  ///< By name or stem.
  std::map<std::string, int> n_recordings_;   ///< By stem.
};

/// Lists what the table names. `beats_only` leaves fills out.
void list_table(const std::filesystem::path& root, const std::string& name,
                const DatasetOptions& options, bool beats_only, Dataset& dataset) {
  const auto table = root / name;
  const std::string text = read_file(table);
  const auto lines = lines_of(text);
  if (lines.empty()) {
    throw InputError("cannot read \"" + table.string() +
                     "\": it is empty; take the table from the data set again");
  }
  const Columns columns = columns_of(table, lines[0], beats_only);
  Lags lags(root / "offsets_ms.json", lines, columns.midi);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (trimmed(lines[i]).empty()) continue;
    const auto fields = fields_of(lines[i], ',');
    if (fields.size() != columns.n_columns) {
      dataset.problems.push_back(table.string() + ':' + std::to_string(i + 1) + ": expected " +
                                 std::to_string(columns.n_columns) + " fields");
      continue;
    }
    if (options.split != "all" && fields[columns.split] != options.split) continue;
    if (beats_only && fields[columns.kind] != "beat") continue;
    const std::string audio_name(fields[columns.audio]);
    DatasetRecording recording;
    recording.annotation = root / fields[columns.midi];
    recording.name = name_of(fields[columns.midi]);
    if (!audio_name.empty()) recording.audio = find_audio(root / audio_name);
    recording.duration_s = to_number(fields[columns.duration]).value_or(0);
    recording.offset_s = lags.lag_of(fields[columns.midi], dataset.problems);
    add_recording(root, recording, audio_name, options, dataset);
  }
}

}  // namespace

Dataset list_egmd(const std::filesystem::path& given, const DatasetOptions& options) {
  const std::string table = "e-gmd-v1.0.0.csv";
  Dataset dataset;
  dataset.label_map = "egmd";
  dataset.description = "egmd " + options.split;
  list_table(dataset_root(given, {"e-gmd-v1.0.0", "egmd"}, table), table, options, false, dataset);
  return dataset;
}

Dataset list_groove(const std::filesystem::path& given, const DatasetOptions& options) {
  const std::string table = "info.csv";
  Dataset dataset;
  dataset.label_map = "egmd";
  dataset.description = "groove " + options.split;
  const auto root = dataset_root(given, {"groove"}, table);
  list_table(root, table, options, true, dataset);
  if (options.needs_audio && dataset.recordings.empty()) {
    // As its MIDI alone is published too: one line for all.
    std::erase_if(dataset.problems, [](const auto& line) { return line.starts_with(kNoAudio); });
    dataset.problems.push_back(std::string(kNoAudio) + " of data set " + dataset.description +
                               " in \"" + root.string() +
                               "\"; --given hits scores its MIDI without");
  }
  return dataset;
}

}  // namespace fyr
