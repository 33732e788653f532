// SPDX-License-Identifier: GPL-3.0-or-later

/// Running another program, without a shell between.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace fyr::app {

/// Runs `program` to its end, with nothing to read and silenced, in this process's environment with
/// the `settings` (name, value) put over it. Returns its exit code, or 128 + the signal that ended
/// it. An interruption ends it too. One at a time. Throws OutputError if it cannot be started.
int run_program(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                const std::vector<std::pair<std::string, std::string>>& settings);

}  // namespace fyr::app
