// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <ostream>

#include "fyr/version.hpp"
#include "fyr/writers.hpp"
#include "writers/json_output.hpp"

namespace fyr {
namespace {

constexpr const char* kJamsVersion = "0.3.4";

OrderedJson observation(double time_s, double duration_s, OrderedJson value,
                        OrderedJson confidence) {
  return {{"time", rounded(time_s)},
          {"duration", rounded(duration_s)},
          {"value", std::move(value)},
          {"confidence", std::move(confidence)}};
}

/// All of the recording, and hits that were given for a moment after its end: JAMS knows none after
/// what is annotated.
double annotated_s(const Transcription& transcription) {
  const std::vector<Onset>& onsets = transcription.onsets;
  return std::max(transcription.duration_s, onsets.empty() ? 0.0 : onsets.back().time_s);
}

/// One list of observations with who made it.
OrderedJson annotation(const Transcription& transcription, const char* name_space,
                       OrderedJson data) {
  return {{"namespace", name_space},
          {"time", 0},
          {"duration", rounded(annotated_s(transcription))},
          {"data", std::move(data)},
          {"annotation_metadata",
           {{"curator", {{"name", ""}, {"email", ""}}},
            {"annotator", OrderedJson::object()},
            {"version", transcription.model_id},
            {"corpus", ""},
            {"annotation_tools", std::string("fyr ") + kVersion},
            {"annotation_rules", ""},
            {"validation", ""},
            {"data_source", "program"}}},
          {"sandbox", OrderedJson::object()}};
}

/// One observation an onset, its value as `value_of` tells.
template <typename ValueOf>
OrderedJson per_onset(const std::vector<Onset>& onsets, ValueOf value_of) {
  OrderedJson data = OrderedJson::array();
  for (const Onset& onset : onsets) {
    data.push_back(observation(onset.time_s, 0, value_of(onset), rounded(onset.confidence)));
  }
  return data;
}

/// Without the beats of first and last bar that lie outside the recording.
OrderedJson beats_of(const Transcription& transcription) {
  OrderedJson data = OrderedJson::array();
  for (const Beat& beat : transcription.rhythm.beats) {
    if (beat.time_s < 0 || beat.time_s > transcription.duration_s) continue;
    data.push_back(observation(beat.time_s, 0, beat.number, nullptr));
  }
  return data;
}

struct Section {
  double start_s;
  std::string letter;
};

/// From one rehearsal letter to the next.
OrderedJson sections_of(const Transcription& transcription) {
  const std::vector<Bar>& bars = transcription.rhythm.bars;
  const std::vector<Measure>& measures = transcription.score.measures;
  std::vector<Section> sections;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const std::string& letter = measures[transcription.score.n_silent + i].rehearsal;
    if (!letter.empty()) sections.push_back({std::max(0.0, bars[i].start_s), letter});
  }
  OrderedJson data = OrderedJson::array();
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const double end_s = i + 1 < sections.size()
                             ? sections[i + 1].start_s
                             : std::min(bars.back().end_s, transcription.duration_s);
    data.push_back(
        observation(sections[i].start_s, end_s - sections[i].start_s, sections[i].letter, nullptr));
  }
  return data;
}

OrderedJson file_metadata(const Transcription& transcription) {
  return {{"title", transcription.score.title},
          {"artist", transcription.score.composer},
          {"release", ""},
          {"duration", rounded(transcription.duration_s)},
          {"identifiers", OrderedJson::object()},
          {"jams_version", kJamsVersion}};
}

}  // namespace

void write_jams(const Transcription& transcription, std::ostream& out) {
  const std::vector<Onset>& onsets = transcription.onsets;
  const Rhythm& rhythm = transcription.rhythm;
  OrderedJson annotations = OrderedJson::array();
  const auto add = [&](const char* name_space, OrderedJson data) {
    annotations.push_back(annotation(transcription, name_space, std::move(data)));
  };
  add("onset", per_onset(onsets, [](const Onset&) { return OrderedJson(nullptr); }));
  add("tag_open",
      per_onset(onsets, [](const Onset& onset) { return OrderedJson(info(onset.drum).id); }));
  add("note_midi",
      per_onset(onsets, [](const Onset& onset) { return OrderedJson(info(onset.drum).midi_key); }));
  add("beat", beats_of(transcription));
  // One tempo for all of it, so it is surely that one: this namespace wants a number.
  add("tempo",
      OrderedJson::array({observation(0, transcription.duration_s, rounded(rhythm.tempo_bpm), 1)}));
  if (OrderedJson sections = sections_of(transcription); !sections.empty()) {
    add("segment_open", std::move(sections));
  }
  write_document({{"annotations", annotations},
                  {"file_metadata", file_metadata(transcription)},
                  {"sandbox", {{"source", transcription.source}}}},
                 out);
}

}  // namespace fyr
