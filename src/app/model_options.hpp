// SPDX-License-Identifier: GPL-3.0-or-later

/// The options of every command that listens: which model, and how it multiplies.
#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <string>

#include "fyr/network.hpp"

namespace fyr::app {

struct ModelArguments {
  std::filesystem::path path;  ///< Empty: the one that ships.
  std::string weights = "float";
};

/// Declares --model, which may also come from FYR_MODEL, and --weights. `arguments` must outlive
/// parsing.
void add_model_options(CLI::App& command, ModelArguments& arguments);

/// `model` with the weights that were asked for. Throws UsageError if they cannot run here: another
/// type would give other activations.
Network make_network(const Model& model, const ModelArguments& arguments);

}  // namespace fyr::app
