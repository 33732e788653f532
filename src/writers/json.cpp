// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <ostream>
#include <vector>

#include "fyr/version.hpp"
#include "fyr/writers.hpp"
#include "score/bar_numbers.hpp"
#include "writers/json_output.hpp"

namespace fyr {
namespace {

constexpr int kFormatVersion = 1;

const char* name_of(Ornament ornament) {
  switch (ornament) {
    case Ornament::None:
      return "none";
    case Ornament::Flam:
      return "flam";
    case Ornament::Drag:
      return "drag";
    case Ornament::Roll:
      return "roll";
  }
  return "none";
}

/// Only of what is choked.
void add_choke(OrderedJson& json, double choked_after_s) {
  if (choked_after_s > 0) json["choked_after_s"] = rounded(choked_after_s);
}

OrderedJson to_json(const Onset& onset) {
  OrderedJson json{{"time_s", rounded(onset.time_s)},
                   {"drum", info(onset.drum).id},
                   {"velocity", onset.velocity},
                   {"confidence", rounded(onset.confidence)}};
  add_choke(json, onset.choked_after_s);
  return json;
}

OrderedJson to_json(const QuantisedHit& hit) {
  OrderedJson json{{"bar", hit.bar},
                   {"tick", hit.tick},
                   {"drum", info(hit.drum).id},
                   {"velocity", hit.velocity},
                   {"confidence", rounded(hit.confidence)},
                   {"time_s", rounded(hit.time_s)},
                   {"ornament", name_of(hit.ornament)},
                   {"n_strokes", hit.n_strokes}};
  add_choke(json, hit.choked_after_s);
  return json;
}

OrderedJson to_json(const Bar& bar, int number, const std::string& rehearsal) {
  OrderedJson grids = OrderedJson::array();
  for (const Grid grid : bar.grids) grids.push_back(grid == Grid::Triplet ? "triplet" : "straight");
  OrderedJson json{{"number", number},
                   {"start_s", rounded(bar.start_s)},
                   {"end_s", rounded(bar.end_s)},
                   {"numerator", bar.meter.numerator},
                   {"denominator", bar.meter.denominator},
                   {"length", bar.length},
                   {"grids", grids}};
  if (!rehearsal.empty()) json["rehearsal"] = rehearsal;
  return json;
}

template <typename Values>
OrderedJson array_of(const Values& values) {
  OrderedJson array = OrderedJson::array();
  for (const auto& value : values) array.push_back(to_json(value));
  return array;
}

OrderedJson bars_of(const Transcription& transcription) {
  const std::vector<Bar>& bars = transcription.rhythm.bars;
  const std::vector<Measure>& measures = transcription.score.measures;
  const std::vector<int> numbers = bar_numbers(transcription.score);
  const std::size_t n_before = transcription.score.n_silent;
  OrderedJson array = OrderedJson::array();
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const std::size_t measure = n_before + i;
    const bool written = measure < measures.size();
    array.push_back(to_json(bars[i], written ? numbers[measure] : 0,
                            written ? measures[measure].rehearsal : ""));
  }
  return array;
}

}  // namespace

void write_json(const Transcription& transcription, std::ostream& out) {
  const Rhythm& rhythm = transcription.rhythm;
  OrderedJson beats = OrderedJson::array();
  for (const Beat& beat : rhythm.beats) {
    beats.push_back({{"time_s", rounded(beat.time_s)}, {"number", beat.number}});
  }
  write_document({{"format", "fyr transcription"},
                  {"format_version", kFormatVersion},
                  {"fyr_version", kVersion},
                  {"model", transcription.model_id},
                  {"source", transcription.source},
                  {"duration_s", rounded(transcription.duration_s)},
                  {"title", transcription.score.title},
                  {"artist", transcription.score.composer},
                  {"tempo_bpm", rounded(rhythm.tempo_bpm)},
                  {"swing", rounded(rhythm.swing.share)},
                  {"swing_unit", 4 * kTicksPerQuarter / rhythm.swing.unit},
                  {"ticks_per_quarter", kTicksPerQuarter},
                  {"beats", beats},
                  {"bars", bars_of(transcription)},
                  {"onsets", array_of(transcription.onsets)},
                  {"hits", array_of(rhythm.hits)}},
                 out);
}

}  // namespace fyr
