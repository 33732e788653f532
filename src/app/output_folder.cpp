// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/output_folder.hpp"

#include <system_error>

#include "fyr/error.hpp"

namespace fyr::app {
namespace {

namespace fs = std::filesystem;

/// The path and those above it that do not exist, the innermost first.
std::vector<fs::path> missing_folders(fs::path path) {
  std::vector<fs::path> missing;
  std::error_code error;
  for (path = path / ""; path.has_parent_path() && path != path.parent_path();) {
    path = path.parent_path();
    if (fs::exists(path, error) || error) break;
    missing.push_back(path);
  }
  return missing;
}

}  // namespace

void create_output_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    throw OutputError("cannot create folder \"" + folder.string() + "\": " + error.message() +
                      "; choose another one");
  }
}

NewFolders::NewFolders(const fs::path& path)
    : missing_(missing_folders(path)), on_interrupt_(missing_) {}

NewFolders::~NewFolders() {
  std::error_code ignored;
  for (const fs::path& folder : missing_) {
    if (fs::is_directory(folder, ignored)) fs::remove(folder, ignored);
  }
}

}  // namespace fyr::app
