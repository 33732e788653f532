// SPDX-License-Identifier: GPL-3.0-or-later
#include <exception>

#include "evaluate/pairs.hpp"
#include "fyr/evaluate.hpp"

namespace fyr {
namespace {

constexpr int kUsualVelocity = 90;  ///< Where the annotation has none.

std::vector<Onset> onsets_of(const Annotation& annotation, const LabelMap& map,
                             std::vector<std::string>& problems) {
  const Vocabulary& drums = vocabulary("13");
  std::vector<Onset> onsets;
  for (const Hit& hit : fold(annotation, map, drums, false, problems)) {
    const auto drum = drum_from_id(drums.classes[static_cast<std::size_t>(hit.drum)]);
    const int velocity = hit.velocity > 0 ? hit.velocity : kUsualVelocity;
    onsets.push_back({hit.time_s, drum.value(), velocity, 1.0});
  }
  return onsets;
}

}  // namespace

std::vector<EvaluationPair> write_down_dataset(const Dataset& dataset, Given given) {
  const LabelMap map = load_label_map(dataset.label_map);
  std::vector<EvaluationPair> pairs;
  for (const DatasetRecording& recording : dataset.recordings) {
    EvaluationPair& pair = pairs.emplace_back();
    read_reference(recording, pair);
    try {
      const std::vector<Onset> onsets = onsets_of(pair.reference, map, pair.problems);
      RhythmOptions options;
      if (given == Given::HitsAndBeats) options.beats = pair.reference.beats;
      pair.estimate =
          to_annotation(onsets, analyse_rhythm(onsets, {}, pair.reference.duration_s, options));
      pair.estimate.duration_s = pair.reference.duration_s;
    } catch (const std::exception& error) {
      pair.problems.emplace_back(error.what());
    }
  }
  return pairs;
}

}  // namespace fyr
