// SPDX-License-Identifier: GPL-3.0-or-later

/// `fyr features`: the network's inputs as NumPy files. Training uses it, so that training and
/// product compute the same features.
#pragma once

#include <filesystem>
#include <vector>

namespace fyr::app {

struct FeaturesCommand {
  std::vector<std::filesystem::path> inputs;
  std::filesystem::path settings;
  std::filesystem::path output;  ///< A folder when there are several inputs or it is one.
};

/// Writes `<stem>.npy` (float32, frames x features, frame k centred on sample k * hop) an input.
void run_features(const FeaturesCommand& command);

}  // namespace fyr::app
