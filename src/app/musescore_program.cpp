// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/musescore_program.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <sstream>
#include <string>
#include <system_error>

#include "fyr/error.hpp"

namespace fyr::app {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 6> kNames{
    {"mscore3", "musescore3", "mscore", "musescore", "mscore4", "MuseScore4"}};

bool is_program(const fs::path& path) {
  std::error_code ignored;  // What lies in a folder that may not be searched is none for us.
  return !fs::is_directory(path, ignored) && access(path.c_str(), X_OK) == 0;
}

fs::path in_search_path(const char* name) {
  const char* variable = std::getenv("PATH");
  std::istringstream folders(variable == nullptr ? "" : variable);
  for (std::string folder; std::getline(folders, folder, ':');) {
    fs::path program = fs::path(folder) / name;
    if (is_program(program)) return program;
  }
  return {};
}

}  // namespace

fs::path installed_musescore() {
  if (const char* given = std::getenv("FYR_MUSESCORE"); given != nullptr && *given != 0) {
    // As a shell takes it: a mere name is looked for in the PATH.
    const fs::path found = fs::path(given).has_parent_path() ? fs::path() : in_search_path(given);
    return found.empty() ? given : found;
  }
  for (const char* name : kNames) {
    if (fs::path program = in_search_path(name); !program.empty()) return program;
  }
  return {};
}

fs::path find_musescore() {
  fs::path program = installed_musescore();
  if (program.empty()) {
    throw OutputError(
        "pdf, png and svg are drawn by MuseScore, which is not installed; install it (Debian: apt "
        "install musescore3), name it with FYR_MUSESCORE, or choose another format, such as mscx");
  }
  if (!is_program(program)) {
    throw OutputError("FYR_MUSESCORE names \"" + program.string() +
                      "\", which is no program; correct or unset it");
  }
  return program;
}

}  // namespace fyr::app
