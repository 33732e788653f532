// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/features_command.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <sstream>
#include <vector>

#include "app/output_file.hpp"
#include "fyr/audio.hpp"
#include "fyr/model.hpp"
#include "fyr/spectrogram.hpp"
#include "fyr/writers.hpp"

namespace fyr::app {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::vector<fs::path> inputs;
  fs::path settings;
  fs::path output;  ///< A folder when there are several inputs or it is one.
};

/// Replaces existing files: they are a cache.
ExitCode run_features(const Arguments& arguments) {
  const FeatureSettings settings = load_feature_settings(arguments.settings);
  if (arguments.inputs.size() > 1) create_output_folder(arguments.output);
  const bool folder = fs::is_directory(arguments.output);
  for (const fs::path& input : arguments.inputs) {
    const fs::path output =
        folder ? arguments.output / input.stem().concat(".npy") : arguments.output;
    check_output(output, true);
    const Features features = compute_features(read_audio(input, settings.rate_hz), settings);
    // Frames before and after the recording only serve the network's edges.
    const Eigen::Index lead = -features.first_frame;
    std::ostringstream bytes;
    write_npy(features.frames.middleRows(lead, features.frames.rows() - 2 * lead), bytes);
    write_output(output, bytes.view(), true);
  }
  return ExitCode::Done;
}

}  // namespace

void add_features_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("features", "Write the network's inputs as .npy, for training");
  command->add_option("inputs", arguments->inputs, "Recordings")->type_name("FILE")->required();
  command
      ->add_option("--settings", arguments->settings,
                   "Feature settings (models/training/features.json)")
      ->type_name("FILE")
      ->required();
  command->add_option("-o,--output", arguments->output, "Output file, or folder for several inputs")
      ->type_name("PATH")
      ->required();
  command->callback(
      [arguments, &action] { action = [arguments] { return run_features(*arguments); }; });
}

}  // namespace fyr::app
