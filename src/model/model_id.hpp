// SPDX-License-Identifier: GPL-3.0-or-later

/// The name of a model file, without its weights.
#pragma once

#include <filesystem>
#include <string>

namespace fyr {

/// Model::id of a model file whose header and metadata are good; the weights are not read.
/// Throws InputError naming file, cause and remedy.
std::string load_model_id(const std::filesystem::path& path);

}  // namespace fyr
