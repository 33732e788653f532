// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/file_identity.hpp"

#include <sys/stat.h>

#include <optional>
#include <system_error>

#include "fyr/error.hpp"

namespace fyr::app {
namespace {

namespace fs = std::filesystem;

/// What a file has of its own under all its names: the disk and its number there.
std::optional<std::pair<dev_t, ino_t>> identity(const fs::path& path) {
  struct stat status {};
  if (path == "-" || is_device(path) || stat(path.c_str(), &status) != 0) return std::nullopt;
  return std::pair{status.st_dev, status.st_ino};
}

}  // namespace

bool is_device(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  return fs::is_character_file(status) || fs::is_fifo(status) || fs::is_socket(status);
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

fs::path link_target(fs::path path) {
  constexpr int kMostLinks = 40;  // As Linux has it: links may go round in a circle.
  std::error_code ignored;
  for (int n = 0; n < kMostLinks && fs::is_symlink(path, ignored); ++n) {
    path = folder_of(path) / fs::read_symlink(path, ignored);
  }
  return path;
}

fs::path file_written(const fs::path& path) {
  std::error_code error;
  const fs::path target = link_target(path);
  const fs::path folder = fs::weakly_canonical(fs::absolute(folder_of(target), error), error);
  return folder / target.filename();
}

FilesRead::FilesRead(const std::vector<fs::path>& paths) {
  for (const fs::path& path : paths) {
    if (const auto file = identity(path)) files_.insert(*file);
  }
}

void FilesRead::check_not_among(const fs::path& path) const {
  if (const auto file = identity(path); file && files_.contains(*file)) {
    throw UsageError("\"" + path.string() + "\" is both input and output; choose another output");
  }
}

}  // namespace fyr::app
