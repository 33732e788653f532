// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <exception>
#include <string>
#include <utility>

#include "evaluate/pairs.hpp"
#include "fyr/beats_in_hits.hpp"
#include "fyr/error.hpp"
#include "fyr/evaluate.hpp"
#include "fyr/network.hpp"

namespace fyr {
namespace {

/// Beats are looked for in silence too: one wrong time must not take half an hour.
constexpr double kLongest_s = 6 * 3600;
constexpr int kUsualVelocity = 90;  ///< Where the annotation has none.

std::vector<Onset> onsets_of(const Annotation& annotation, const LabelMap& map, bool ignore_unknown,
                             std::vector<std::string>& problems) {
  const Vocabulary& drums = vocabulary("13");
  std::vector<Onset> onsets;
  for (const Hit& hit : fold(annotation, map, drums, ignore_unknown, problems)) {
    const auto drum = drum_from_id(drums.classes[static_cast<std::size_t>(hit.drum)]);
    const int velocity = hit.velocity > 0 ? hit.velocity : kUsualVelocity;
    // Where the annotation is later than the audio, the first may have been before its start.
    onsets.push_back({std::max(hit.time_s, 0.0), drum.value(), velocity, 1.0});
  }
  return onsets;
}

}  // namespace

HitsReader read_hits_with(const Model& model, Network network) {
  if (network.hits_network() == nullptr) return {};
  return [settings = *model.hits_network, network = std::move(network)](
             const std::vector<Onset>& hits, double duration_s) {
    return beats_of_hits(hits, settings, *network.hits_network(), duration_s);
  };
}

std::vector<EvaluationPair> write_down_dataset(const Dataset& dataset, Given given,
                                               const HitsReader& read_hits,
                                               const EvaluateOptions& scoring) {
  const std::string& named = scoring.reference_map;
  const LabelMap map = load_label_map(named.empty() ? dataset.label_map : named);
  std::vector<EvaluationPair> pairs;
  for (const DatasetRecording& recording : dataset.recordings) {
    EvaluationPair& pair = pairs.emplace_back();
    read_reference(recording, pair);
    try {
      const std::vector<Onset> onsets =
          onsets_of(pair.reference, map, scoring.ignore_unknown, pair.problems);
      RhythmOptions options;
      if (given == Given::HitsAndBeats) options.beats = pair.reference.beats;
      const double duration_s = pair.reference.duration_s;
      if (duration_s > kLongest_s) {
        throw InputError("cannot write down \"" + pair.reference.file +
                         "\": it lasts more than 6 hours; mend its times");
      }
      const Activations beats = read_hits ? read_hits(onsets, duration_s) : Activations{};
      pair.estimate = to_annotation(onsets, analyse_rhythm(onsets, beats, duration_s, options));
      pair.estimate.duration_s = duration_s;
    } catch (const std::exception& error) {
      pair.problems.push_back(problem_of(pair, error));
    }
  }
  return pairs;
}

}  // namespace fyr
