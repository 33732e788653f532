// SPDX-License-Identifier: GPL-3.0-or-later

/// The JSON document inside a model file: docs/model_format.md shows one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fyr/model.hpp"
#include "model/json_fields.hpp"

namespace fyr {

/// The document's format_version that this build reads.
inline constexpr int kModelFormatVersion = 1;

/// Log-odds of confidences and weights on them are far smaller.
inline constexpr double kMaxWeight = 100;
/// No peak-picking window, no time offset and no distance of peaks is longer.
inline constexpr double kMaxWindow_s = 10.0;

struct ConvolutionSizes {
  int n_channels = 0;
  int pooled_bands = 1;
};

/// Sizes of the layers; the weights themselves are tensors.
struct LayerSizes {
  std::vector<ConvolutionSizes> convolutions;  ///< From the input up.
  std::vector<int> lstm_units;                 ///< H of each bidirectional layer above them.
  int dense_units = 0;                         ///< Outputs of the dense layer on top.
};

struct Metadata {
  Model model;  ///< Everything but weights and standardisation.
  LayerSizes sizes;
  LayerSizes hits_sizes;  ///< Of Model::hits_network, if there is one.
};

/// Throws InputError naming the field that is missing or out of range.
Metadata parse_metadata(const std::string& text);

/// Throws InputError naming the field that is missing or cannot be computed.
FeatureSettings parse_feature_settings(const Json& json);

/// A list of drum ids. Throws InputError if it is empty, or one is unknown or listed twice.
std::vector<Drum> parse_drums(const Json& ids);

/// The field "peak_picking" of an object, with the settings of each of `drums`. Throws InputError
/// naming the field that is missing or out of range.
PerDrum<PeakPicking> parse_peak_picking(const Json& object, const std::vector<Drum>& drums);

/// What parse_peak_picking reads.
Json peak_picking_json(const PerDrum<PeakPicking>& settings, const std::vector<Drum>& drums);

/// The field "context" of an object, none where it is absent. Throws InputError naming the field
/// that is missing or out of range.
std::optional<Context> parse_context(const Json& object, const std::vector<Drum>& drums);

/// What parse_context reads.
Json context_json(const Context& context, const std::vector<Drum>& drums);

}  // namespace fyr
