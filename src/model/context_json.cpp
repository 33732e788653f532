// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string>

#include "model/metadata.hpp"

namespace fyr {
namespace {

constexpr std::size_t kMostContextUnits = 1024;

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

DrumContext parse_drum_context(const Json& json) {
  return {number_field(json, "first_threshold", 0, 1),
          number_field(json, "own", -kMaxWeight, kMaxWeight),
          number_field(json, "constant", -kMaxWeight, kMaxWeight)};
}

Context parse_context_object(const Json& json, const std::vector<Drum>& drums) {
  Context context;
  context.least = number_field(json, "least", 0, 1);
  context.near_s = number_field(json, "near_s", 0, kMaxWindow_s);
  const Json& by_drum = object_field(json, "drums");
  for (const Drum drum : drums) {
    const std::string id(info(drum).id);
    const Json& fitted = object_field(by_drum, id.c_str());
    context.drums[index_of(drum)] = within_field(id, [&] { return parse_drum_context(fitted); });
  }
  const std::size_t n_units = array_field(json, "units").size();
  if (n_units > kMostContextUnits) {
    throw InputError("the context has " + std::to_string(n_units) + " units, at most " +
                     std::to_string(kMostContextUnits) + " are run");
  }
  read_entries(json, "units",
               [&](const Json& unit) { context.units.push_back(parse_context_unit(unit, drums)); });
  return context;
}

}  // namespace

std::optional<Context> parse_context(const Json& object, const std::vector<Drum>& drums) {
  if (!object.contains("context")) return std::nullopt;
  const Json& json = object_field(object, "context");
  return within_field("context", [&] { return parse_context_object(json, drums); });
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

}  // namespace fyr
