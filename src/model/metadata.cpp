// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/metadata.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "fyr/error.hpp"

namespace fyr {
namespace {

constexpr int kMaxInt = std::numeric_limits<int>::max();
constexpr double kMaxHz = 1e6;
constexpr double kMaxLevel_db = 120;  // Of 20 bits.
constexpr int kMaxUnits = 4096;
constexpr int kMaxSegmentFrames = 10'000;
/// Log-odds of confidences and weights on them are far smaller.
constexpr double kMaxWeight = 100;
constexpr std::size_t kMostContextUnits = 1024;
/// No peak-picking window and no time offset is longer.
constexpr double kMaxWindow_s = 10.0;
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

LayerSizes parse_layers(const Json& layers) {
  LayerSizes sizes;
  for (const Json& layer : layers) {
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
  sizes = parse_layers(array_field(json, "layers"));
  if (!sizes.convolutions.empty()) throw InputError("the hits network has a convolution");
  if (sizes.dense_units != kNBeatOutputs) {
    throw InputError("the hits network's dense layer has " + std::to_string(sizes.dense_units) +
                     " units, beat and downbeat need " + std::to_string(kNBeatOutputs));
  }
  network.segment_frames = int_field(json, "segment_frames", 1, kMaxSegmentFrames);
  network.overlap_frames = int_field(json, "overlap_frames", 0, (network.segment_frames - 1) / 2);
  network.sound_weight = number_field(json, "sound_weight", 0, kMaxWeight);
  network.hits_weight = number_field(json, "hits_weight", 0, kMaxWeight);
  network.offset = number_field(json, "offset", -kMaxWeight, kMaxWeight);
  return network;
}

std::vector<double> weights_field(const Json& object, const char* key, std::size_t n) {
  return numbers_field(object, key, n, -kMaxWeight, kMaxWeight);
}

/// The field, an array of a weight for each of `drums`.
PerDrum<double> weights_by_drum(const Json& object, const char* key,
                                const std::vector<Drum>& drums) {
  const std::vector<double> weights = weights_field(object, key, drums.size());
  PerDrum<double> by_drum{};
  for (std::size_t i = 0; i < drums.size(); ++i) by_drum[index_of(drums[i])] = weights[i];
  return by_drum;
}

ContextUnit parse_context_unit(const Json& json, const std::vector<Drum>& drums) {
  ContextUnit unit;
  std::ranges::copy(weights_field(json, "weights", kNContextFeatures), unit.weights.begin());
  unit.biases = weights_by_drum(json, "biases", drums);
  unit.outputs = weights_by_drum(json, "outputs", drums);
  return unit;
}

Json context_unit_json(const ContextUnit& unit, const std::vector<Drum>& drums) {
  Json biases = Json::array();
  Json outputs = Json::array();
  for (const Drum drum : drums) {
    biases.push_back(unit.biases[index_of(drum)]);
    outputs.push_back(unit.outputs[index_of(drum)]);
  }
  return Json{{"weights", unit.weights}, {"biases", biases}, {"outputs", outputs}};
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

PeakPicking parse_peak_picking(const Json& json) {
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

Json peak_picking_json(const PeakPicking& settings) {
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

std::optional<Context> parse_context(const Json& object, const std::vector<Drum>& drums) {
  if (!object.contains("context")) return std::nullopt;
  const Json& json = object_field(object, "context");
  Context context;
  context.least = number_field(json, "least", 0, 1);
  context.near_s = number_field(json, "near_s", 0, kMaxWindow_s);
  const Json& by_drum = object_field(json, "drums");
  for (const Drum drum : drums) {
    const Json& fitted = object_field(by_drum, std::string(info(drum).id).c_str());
    context.drums[index_of(drum)] = {number_field(fitted, "first_threshold", 0, 1),
                                     number_field(fitted, "own", -kMaxWeight, kMaxWeight),
                                     number_field(fitted, "constant", -kMaxWeight, kMaxWeight)};
  }
  const Json& units = array_field(json, "units");
  if (units.size() > kMostContextUnits) {
    throw InputError("the context has " + std::to_string(units.size()) + " units, at most " +
                     std::to_string(kMostContextUnits) + " are run");
  }
  for (const Json& unit : units) context.units.push_back(parse_context_unit(unit, drums));
  return context;
}

Json context_json(const Context& context, const std::vector<Drum>& drums) {
  Json by_drum = Json::object();
  for (const Drum drum : drums) {
    const DrumContext& fitted = context.drums[index_of(drum)];
    by_drum[std::string(info(drum).id)] = {{"first_threshold", fitted.first_threshold},
                                           {"own", fitted.own},
                                           {"constant", fitted.constant}};
  }
  Json units = Json::array();
  for (const ContextUnit& unit : context.units) units.push_back(context_unit_json(unit, drums));
  return Json{
      {"least", context.least}, {"near_s", context.near_s}, {"drums", by_drum}, {"units", units}};
}

FeatureSettings parse_feature_settings(const Json& json) {
  FeatureSettings settings;
  settings.rate_hz = int_field(json, "rate_hz", 1, kMaxInt);
  settings.hop_samples = int_field(json, "hop_samples", 1, kMaxInt);
  for (const Json& view : array_field(json, "views")) settings.views.push_back(parse_view(view));
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
  metadata.sizes = parse_layers(array_field(json, "layers"));
  model.outputs = parse_outputs(object_field(json, "outputs"));
  if (metadata.sizes.dense_units != model.outputs.n_columns()) {
    throw InputError("the dense layer has " + std::to_string(metadata.sizes.dense_units) +
                     " units, the outputs need " + std::to_string(model.outputs.n_columns()));
  }
  model.segment_frames = int_field(json, "segment_frames", 1, kMaxSegmentFrames);
  model.overlap_frames = int_field(json, "overlap_frames", 0, (model.segment_frames - 1) / 2);
  const Json& peak_picking = object_field(json, "peak_picking");
  for (const Drum drum : model.outputs.onsets) {
    const std::string id(info(drum).id);
    model.peak_picking[index_of(drum)] = parse_peak_picking(object_field(peak_picking, id.c_str()));
  }
  model.context = parse_context(json, model.outputs.onsets);
  if (json.contains("hits_network")) {
    model.hits_network =
        parse_hits_network(object_field(json, "hits_network"), metadata.hits_sizes);
  }
  model.time_offset_s = number_field(json, "time_offset_s", -kMaxWindow_s, kMaxWindow_s);
  model.provenance = object_field(json, "training").dump(2);
  return metadata;
}

}  // namespace fyr
