// SPDX-License-Identifier: GPL-3.0-or-later

/// Where copies of recordings lie that cannot be read in place.
#pragma once

#include <filesystem>

#include "audio/pieced_file.hpp"

namespace fyr {

/// An empty file without a name, which goes with its handle, in the folder for temporary files.
/// Throws InputError, as reading `path` then fails, if there can be none.
File temporary_file(const std::filesystem::path& path);

/// Throws InputError for what errno says of writing there.
[[noreturn]] void fail_to_copy(const std::filesystem::path& path);

}  // namespace fyr
