// SPDX-License-Identifier: GPL-3.0-or-later

/// Text files that commands read whole.
#pragma once

#include <filesystem>
#include <string>

namespace fyr::app {

/// The bytes of `path`; "-" is standard input. Throws InputError.
std::string read_input(const std::filesystem::path& path);

}  // namespace fyr::app
