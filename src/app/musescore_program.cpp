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

fs::path in_search_path(const char* name) {
  const char* variable = std::getenv("PATH");
  std::istringstream folders(variable == nullptr ? "" : variable);
  for (std::string folder; std::getline(folders, folder, ':');) {
    fs::path program = fs::path(folder) / name;
    std::error_code ignored;  // A folder that may not be searched holds no program for us.
    if (!fs::is_directory(program, ignored) && access(program.c_str(), X_OK) == 0) return program;
  }
  return {};
}

}  // namespace

fs::path installed_musescore() {
  if (const char* given = std::getenv("FYR_MUSESCORE"); given != nullptr && *given != 0) {
    return given;
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
  if (access(program.c_str(), X_OK) != 0) {
    throw OutputError("FYR_MUSESCORE names \"" + program.string() +
                      "\", which is no program; correct or unset it");
  }
  return program;
}

}  // namespace fyr::app
