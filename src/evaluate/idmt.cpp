// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/dataset_layouts.hpp"

namespace fyr {

Dataset list_idmt(const std::filesystem::path& given, const DatasetOptions& options) {
  const auto root =
      dataset_root(given, {"IDMT-SMT-DRUMS-V2", "IDMT-SMT-Drums-V2", "idmt"}, "annotation_xml");
  // The single-drum and training takes beside the mixes have no complete annotation.
  const auto annotations = files_by_name(root / "annotation_xml", "#MIX", {".xml"});
  const auto audio = files_by_name(root / "audio", "#MIX", {".wav", ".flac"});
  Dataset dataset;
  dataset.label_map = "idmt";
  dataset.description = "idmt mix";
  pair_up(annotations, audio, options.partial, dataset);
  return dataset;
}

}  // namespace fyr
