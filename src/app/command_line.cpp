// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

#include "app/features_command.hpp"
#include "fyr/error.hpp"
#include "fyr/version.hpp"

namespace fyr::app {

int run(int argc, char** argv) {
  CLI::App app{"Drum transcription to MuseScore scores", "fyr"};
  app.set_version_flag("--version", std::string("fyr ") + kVersion);
  app.require_subcommand(1);
  FeaturesCommand features;
  CLI::App* features_app = app.add_subcommand("features", "Write the network's inputs as .npy");
  features_app->add_option("inputs", features.inputs)->required();
  features_app->add_option("--settings", features.settings)->required();
  features_app->add_option("-o,--output", features.output)->required();
  CLI11_PARSE(app, argc, argv);
  try {
    if (features_app->parsed()) run_features(features);
    return 0;
  } catch (const InputError& error) {
    std::cerr << "fyr: " << error.what() << '\n';
    return 3;
  }
}

}  // namespace fyr::app
