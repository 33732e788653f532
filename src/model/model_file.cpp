// SPDX-License-Identifier: GPL-3.0-or-later
#include <fstream>
#include <nlohmann/json.hpp>

#include "fyr/error.hpp"
#include "fyr/model.hpp"

namespace fyr {
namespace {

using Json = nlohmann::json;

SpectrogramView parse_view(const Json& json) {
  SpectrogramView view;
  json.at("window_samples").get_to(view.window_samples);
  const auto scale = json.at("scale").get<std::string>();
  if (scale == "linear") {
    view.scale = FrequencyScale::Linear;
  } else if (scale == "log_filterbank") {
    view.scale = FrequencyScale::LogFilterbank;
    json.at("bands_per_octave").get_to(view.bands_per_octave);
    json.at("min_hz").get_to(view.min_hz);
    json.at("max_hz").get_to(view.max_hz);
  } else {
    throw InputError("feature settings: unknown scale \"" + scale +
                     "\"; expected linear or log_filterbank");
  }
  json.at("log_multiplier").get_to(view.log_multiplier);
  json.at("difference").get_to(view.difference);
  return view;
}

FeatureSettings parse_feature_settings(const Json& json) {
  FeatureSettings settings;
  json.at("rate_hz").get_to(settings.rate_hz);
  json.at("hop_samples").get_to(settings.hop_samples);
  for (const Json& view : json.at("views")) settings.views.push_back(parse_view(view));
  check(settings);
  return settings;
}

}  // namespace

int OutputLayout::n_columns() const {
  const int n = static_cast<int>(onsets.size());
  return n * (velocities ? 2 : 1) + (beats ? 2 : 0);
}

Model load_model(const std::filesystem::path& path) {
  throw InputError("cannot read model \"" + path.string() + "\": not built yet");
}

FeatureSettings load_feature_settings(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw InputError("cannot read feature settings \"" + path.string() + "\"");
  try {
    return parse_feature_settings(Json::parse(file));
  } catch (const Json::exception& error) {
    throw InputError("cannot read feature settings \"" + path.string() + "\": " + error.what());
  }
}

}  // namespace fyr
