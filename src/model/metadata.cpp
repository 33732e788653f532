// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/metadata.hpp"

#include <algorithm>
#include <limits>

#include "fyr/error.hpp"

namespace fyr {
namespace {

constexpr int kMaxInt = std::numeric_limits<int>::max();
constexpr double kMaxHz = 1e6;
constexpr double kMaxLevel_db = 120;  // Of 20 bits.
constexpr int kMaxUnits = 4096;
constexpr int kMaxSegmentFrames = 10'000;
/// Of the hits network: shorter frames are not needed, and many.
constexpr double kMinFrame_s = 0.005;
constexpr int kNBeatOutputs = 2;

SpectrogramView parse_view(const Json& json) {
  SpectrogramView view;
  view.window_samples = int_field(json, "window_samples", 1, kMaxInt);
  const std::string& scale = string_field(json, "scale");
  if (scale == "linear") {
    view.scale = FrequencyScale::Linear;
  } else if (scale == "log_filterbank") {
    view.scale = FrequencyScale::LogFilterbank;
    view.bands_per_octave = int_field(json, "bands_per_octave", 1, kMaxInt);
    view.min_hz = number_field(json, "min_hz", 0, kMaxHz);
    view.max_hz = number_field(json, "max_hz", 0, kMaxHz);
  } else {
    throw InputError("unknown scale " + quoted(scale) + ", expected linear or log_filterbank");
  }
  view.log_multiplier = number_field(json, "log_multiplier", 0, 1e12);
  view.difference = bool_field(json, "difference");
  return view;
}

int parse_units(const Json& layer) { return int_field(layer, "units", 1, kMaxUnits); }

void parse_layer(const Json& layer, LayerSizes& sizes) {
  const std::string& type = string_field(layer, "type");
  if (sizes.dense_units != 0) throw InputError("a layer follows the dense layer");
  if (type == "convolution") {
    if (!sizes.lstm_units.empty()) throw InputError("a convolution follows a bilstm layer");
    sizes.convolutions.push_back({int_field(layer, "channels", 1, kMaxUnits),
                                  int_field(layer, "pooled_bands", 1, kMaxUnits)});
  } else if (type == "bilstm") {
    sizes.lstm_units.push_back(parse_units(layer));
  } else if (type == "dense") {
    const std::string& activation = string_field(layer, "activation");
    if (activation != "sigmoid") {
      throw InputError("unknown activation " + quoted(activation) + ", expected sigmoid");
    }
    sizes.dense_units = parse_units(layer);
  } else {
    throw InputError("unknown layer type " + quoted(type) +
                     ", expected convolution, bilstm or dense");
  }
}

/// The field "layers" of an object.
LayerSizes parse_layers(const Json& object) {
  LayerSizes sizes;
  read_entries(object, "layers", [&](const Json& layer) { parse_layer(layer, sizes); });
  if (sizes.lstm_units.empty()) throw InputError("no layer is bilstm");
  if (sizes.dense_units == 0) throw InputError("the last layer must be dense");
  return sizes;
}

OutputLayout parse_outputs(const Json& json) {
  OutputLayout outputs;
  outputs.onsets = parse_drums(array_field(json, "onsets"));
  outputs.velocities = bool_field(json, "velocities");
  outputs.beats = bool_field(json, "beats");
  return outputs;
}

/// The fields "segment_frames" and "overlap_frames" of an object.
void parse_segments(const Json& object, LayerStack& stack) {
  stack.segment_frames = int_field(object, "segment_frames", 1, kMaxSegmentFrames);
  stack.overlap_frames = int_field(object, "overlap_frames", 0, (stack.segment_frames - 1) / 2);
}

std::optional<InputLevel> parse_input_level(const Json& object) {
  if (!object.contains("input_level")) return std::nullopt;
  const Json& json = object_field(object, "input_level");
  InputLevel level;
  level.quiet_db = number_field(json, "quiet_db", -kMaxLevel_db, 0);
  level.raised_db = number_field(json, "raised_db", level.quiet_db, 0);
  level.most_db = number_field(json, "most_db", 0, kMaxLevel_db);
  return level;
}

/// The field "hits_network" without its weights.
HitsNetwork parse_hits_network(const Json& json, LayerSizes& sizes) {
  HitsNetwork network;
  network.frame_s = number_field(json, "frame_s", kMinFrame_s, kMaxWindow_s);
  network.least_strength = number_field(json, "least_strength", 0, 1);
  sizes = parse_layers(json);
  if (!sizes.convolutions.empty()) throw InputError("the hits network has a convolution");
  if (sizes.dense_units != kNBeatOutputs) {
    throw InputError("the hits network's dense layer has " + std::to_string(sizes.dense_units) +
                     " units, beat and downbeat need " + std::to_string(kNBeatOutputs));
  }
  parse_segments(json, network.stack);
  network.sound_weight = number_field(json, "sound_weight", 0, kMaxWeight);
  network.hits_weight = number_field(json, "hits_weight", 0, kMaxWeight);
  network.offset = number_field(json, "offset", -kMaxWeight, kMaxWeight);
  return network;
}

/// One drum's settings.
PeakPicking parse_picking(const Json& json) {
  PeakPicking settings;
  settings.threshold = number_field(json, "threshold", 0, 1);
  // Models from before these rules have none of them.
  if (json.contains("presence")) settings.presence = number_field(json, "presence", 0, 1);
  if (json.contains("alone_s")) settings.alone_s = number_field(json, "alone_s", 0, kMaxWindow_s);
  if (json.contains("pooled")) settings.pooled = bool_field(json, "pooled");
  settings.gap_s = number_field(json, "gap_s", 0, kMaxWindow_s);
  settings.pre_max_s = number_field(json, "pre_max_s", 0, kMaxWindow_s);
  settings.post_max_s = number_field(json, "post_max_s", 0, kMaxWindow_s);
  settings.pre_mean_s = number_field(json, "pre_mean_s", 0, kMaxWindow_s);
  settings.post_mean_s = number_field(json, "post_mean_s", 0, kMaxWindow_s);
  return settings;
}

/// What parse_picking reads.
Json picking_json(const PeakPicking& settings) {
  return Json{{"threshold", settings.threshold},
              {"presence", settings.presence},
              {"alone_s", settings.alone_s},
              {"pooled", settings.pooled},
              {"gap_s", settings.gap_s},
              {"pre_max_s", settings.pre_max_s},
              {"post_max_s", settings.post_max_s},
              {"pre_mean_s", settings.pre_mean_s},
              {"post_mean_s", settings.post_mean_s}};
}

}  // namespace

std::vector<Drum> parse_drums(const Json& ids) {
  std::vector<Drum> drums;
  for (const Json& id : ids) {
    const auto drum = id.is_string() ? drum_from_id(id.get<std::string>()) : std::nullopt;
    if (!drum) throw InputError("unknown drum " + id.dump() + ", expected one of " + drum_ids());
    if (std::find(drums.begin(), drums.end(), *drum) != drums.end()) {
      throw InputError("drum " + id.dump() + " is listed twice");
    }
    drums.push_back(*drum);
  }
  if (drums.empty()) throw InputError("the list of drums is empty");
  return drums;
}

PerDrum<PeakPicking> parse_peak_picking(const Json& object, const std::vector<Drum>& drums) {
  const Json& json = object_field(object, "peak_picking");
  PerDrum<PeakPicking> settings;
  for (const Drum drum : drums) {
    const std::string id(info(drum).id);
    settings[index_of(drum)] = within_field("peak_picking", [&] {
      const Json& of_drum = object_field(json, id.c_str());
      return within_field(id, [&] { return parse_picking(of_drum); });
    });
  }
  return settings;
}

Json peak_picking_json(const PerDrum<PeakPicking>& settings, const std::vector<Drum>& drums) {
  Json json = Json::object();
  for (const Drum drum : drums) {
    json[std::string(info(drum).id)] = picking_json(settings[index_of(drum)]);
  }
  return json;
}

FeatureSettings parse_feature_settings(const Json& json) {
  FeatureSettings settings;
  settings.rate_hz = int_field(json, "rate_hz", 1, kMaxInt);
  settings.hop_samples = int_field(json, "hop_samples", 1, kMaxInt);
  read_entries(json, "views",
               [&](const Json& view) { settings.views.push_back(parse_view(view)); });
  check(settings);
  return settings;
}

Metadata parse_metadata(const std::string& text) {
  const Json json = parse_json(text, "the metadata");
  const int version = int_field(json, "format_version", 0, kMaxInt);
  if (version != kModelFormatVersion) {
    throw InputError("format version " + std::to_string(version) + ", this build reads " +
                     std::to_string(kModelFormatVersion));
  }
  Metadata metadata;
  Model& model = metadata.model;
  model.id = string_field(json, "model_id");
  model.input_level = parse_input_level(json);
  model.features = parse_feature_settings(object_field(json, "features"));
  metadata.sizes = parse_layers(json);
  model.stack.outputs = parse_outputs(object_field(json, "outputs"));
  if (metadata.sizes.dense_units != model.stack.outputs.n_columns()) {
    throw InputError("the dense layer has " + std::to_string(metadata.sizes.dense_units) +
                     " units, the outputs need " + std::to_string(model.stack.outputs.n_columns()));
  }
  parse_segments(json, model.stack);
  model.peak_picking = parse_peak_picking(json, model.stack.outputs.onsets);
  model.context = parse_context(json, model.stack.outputs.onsets);
  if (json.contains("hits_network")) {
    const Json& hits = object_field(json, "hits_network");
    model.hits_network =
        within_field("hits_network", [&] { return parse_hits_network(hits, metadata.hits_sizes); });
  }
  model.time_offset_s = number_field(json, "time_offset_s", -kMaxWindow_s, kMaxWindow_s);
  model.provenance = object_field(json, "training").dump(2);
  return metadata;
}

}  // namespace fyr
