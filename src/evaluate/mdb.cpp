// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/dataset_layouts.hpp"
#include "fyr/error.hpp"

namespace fyr {
namespace {

std::string audio_ending(const std::string& part) {
  if (part == "drum_only") return "_Drum";
  if (part == "full_mix") return "_MIX";
  if (part == "approx_mix") return "_BALMIX";
  throw UsageError("mdb has no part \"" + part + "\"; there are drum_only, full_mix, approx_mix");
}

}  // namespace

Dataset list_mdb(const std::filesystem::path& given, const DatasetOptions& options) {
  const std::string part = options.part.empty() ? "drum_only" : options.part;
  const std::string level = options.annotations.empty() ? "subclass" : options.annotations;
  const std::string ending = audio_ending(part);
  if (level != "subclass" && level != "class" && level != "pp") {
    throw UsageError("mdb has no annotations \"" + level + "\"; there are subclass, class, pp");
  }
  const auto root = dataset_root(given, {"mdb", "MDB Drums", "MDBDrums/MDB Drums"}, "annotations");
  const auto annotations = level == "pp"
                               ? files_by_name(root / "annotations_pp", "", {".txt"})
                               : files_by_name(root / "annotations" / level, '_' + level, {".txt"});
  const auto audio = files_by_name(root / "audio" / part, ending, {".wav", ".flac"});
  const auto beats = files_by_name(root / "annotations" / "beats", "_MIX", {".beats"});
  Dataset dataset;
  dataset.label_map = level == "pp" ? "gm" : "mdb";
  dataset.description = "mdb " + part + ' ' + level;
  pair_up(annotations, audio, options.partial, dataset);
  for (DatasetRecording& recording : dataset.recordings) {
    const auto file = beats.find(recording.name);
    if (file != beats.end()) recording.beats = file->second;
  }
  return dataset;
}

}  // namespace fyr
