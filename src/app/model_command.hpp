// SPDX-License-Identifier: GPL-3.0-or-later

/// `fyr model info`: what a model file holds.
#pragma once

#include <filesystem>
#include <iosfwd>

namespace fyr::app {

/// Reads and checks the model, then prints features, layers, outputs, peak picking and provenance.
/// Throws InputError as load_model does.
void print_model_info(const std::filesystem::path& path, std::ostream& out);

}  // namespace fyr::app
