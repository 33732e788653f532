// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/annotation.hpp"

namespace fyr {
namespace {

Annotation named() {
  Annotation annotation;
  annotation.file = "transcription";
  return annotation;
}

AnnotatedHit hit_of(double time_s, Drum drum, int velocity) {
  return {time_s, std::string(info(drum).id), velocity, 0};
}

}  // namespace

Annotation to_annotation(const std::vector<Onset>& onsets) {
  Annotation annotation = named();
  for (const Onset& onset : onsets) {
    annotation.hits.push_back(hit_of(onset.time_s, onset.drum, onset.velocity));
  }
  return annotation;
}

Annotation to_annotation(const std::vector<Onset>& onsets, const Rhythm& rhythm) {
  Annotation annotation = to_annotation(onsets);
  annotation.beats = rhythm.beats;
  for (const Bar& bar : rhythm.bars) annotation.bar_ticks.push_back(bar.length);
  for (const QuantisedHit& hit : rhythm.hits) {
    annotation.written.push_back(
        {std::string(info(hit.drum).id), hit.bar, played_tick(rhythm, hit), hit.time_s});
  }
  return annotation;
}

}  // namespace fyr
