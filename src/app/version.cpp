// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/version.hpp"

#include <cstdlib>

#include "app/console.hpp"
#include "app/model_path.hpp"
#include "fyr/error.hpp"
#include "fyr/instruction_set.hpp"
#include "fyr/version.hpp"
#include "fyr/weight_type.hpp"
#include "model/model_id.hpp"

namespace fyr::app {
namespace {

std::string model_text() {
  try {
    const char* given = std::getenv("FYR_MODEL");
    const auto path = model_path(given == nullptr ? "" : given);
    return plain(load_model_id(path) + " (" + path.string() + ")");
  } catch (const Error& error) {
    return plain(std::string("none (") + error.what() + ")");
  }
}

std::string usable_weights() {
  std::string text;
  for (const WeightType type : {WeightType::Float32, WeightType::Bfloat16}) {
    if (!is_supported(type, instruction_set())) continue;
    text += (text.empty() ? "" : ", ") + std::string(name(type));
  }
  return text;
}

}  // namespace

std::string version_text() {
  return std::string("fyr ") + kVersion + "\nmodel: " + model_text() +
         "\ninstruction set: " + std::string(name(instruction_set())) +
         "\nweights: " + usable_weights();
}

}  // namespace fyr::app
