// SPDX-License-Identifier: GPL-3.0-or-later

/// `fyr features`: the network's inputs, or its peaks and their context, as NumPy files. Training
/// uses it, so that training and product compute the same features.
#pragma once

#include <CLI/App.hpp>

#include "app/command.hpp"

namespace fyr::app {

/// Writes `<stem>.npy` (float32) an input: frames x features, frame k centred on sample k * hop;
/// with --peaks-of, peaks x (drum, time_s, confidence, confidence in context, 36 context features).
void add_features_command(CLI::App& app, Action& action);

}  // namespace fyr::app
