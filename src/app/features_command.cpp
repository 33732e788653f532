// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/features_command.hpp"

#include <fstream>

#include "fyr/audio.hpp"
#include "fyr/error.hpp"
#include "fyr/model.hpp"
#include "fyr/spectrogram.hpp"
#include "fyr/writers.hpp"

namespace fyr::app {
namespace {

std::filesystem::path output_for(const FeaturesCommand& command,
                                 const std::filesystem::path& input) {
  if (!std::filesystem::is_directory(command.output)) return command.output;
  return command.output / input.stem().concat(".npy");
}

}  // namespace

void run_features(const FeaturesCommand& command) {
  const FeatureSettings settings = load_feature_settings(command.settings);
  if (command.inputs.size() > 1) std::filesystem::create_directories(command.output);
  for (const auto& input : command.inputs) {
    const Features features = compute_features(read_audio(input, settings.rate_hz), settings);
    const auto path = output_for(command, input);
    std::ofstream out(path, std::ios::binary);
    // Frames before and after the recording only serve the network's edges.
    const Eigen::Index lead = -features.first_frame;
    write_npy(features.frames.middleRows(lead, features.frames.rows() - 2 * lead), out);
    if (!out.flush()) throw OutputError("cannot write \"" + path.string() + "\"");
  }
}

}  // namespace fyr::app
