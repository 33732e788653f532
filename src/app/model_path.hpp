// SPDX-License-Identifier: GPL-3.0-or-later

/// Where the model file is.
#pragma once

#include <filesystem>
#include <optional>

namespace fyr::app {

/// The model that ships with this program: ../share/fyr/drums.safetensors beside the executable's
/// folder, or the source tree's models/ when the executable lies in its build folder.
std::optional<std::filesystem::path> shipped_model();

/// `given` (from --model or FYR_MODEL) or the shipped one; empty if there is neither.
std::filesystem::path model_if_any(const std::filesystem::path& given);

/// The same. Throws InputError if there is neither.
std::filesystem::path model_path(const std::filesystem::path& given);

}  // namespace fyr::app
