// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <mutex>
#include <string>
#include <system_error>

#include "fyr/error.hpp"

namespace fyr::app {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& why) {
  throw OutputError("cannot write \"" + path.string() + "\": " + why);
}

[[noreturn]] void refuse_with_errno(const fs::path& path) {
  refuse(path, std::string(std::strerror(errno)) + "; choose another folder");
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

fs::path temporary_beside(const fs::path& path) {
  return folder_of(path) / (".fyr-" + std::to_string(getpid()) + ".tmp");
}

void check_overwrite(const fs::path& path, bool force) {
  std::error_code ignored;
  if (!force && fs::exists(path, ignored)) {
    refuse(path, "it exists already; use --force to replace it or choose another name");
  }
}

void write_all(const fs::path& named, const fs::path& path, const Writing& write) {
  errno = 0;
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  write(out);
  out.close();
  if (!out) refuse_with_errno(named);
}

/// Makes a temporary file, if it may be made, and removes it however its writing ends.
class Removal {
 public:
  explicit Removal(fs::path path) : path_(std::move(path)), on_interrupt_(path_) {
    const Uninterrupted uninterrupted;
    const int file = open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (file >= 0) close(file);
  }
  ~Removal() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  Removal(const Removal&) = delete;
  Removal& operator=(const Removal&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
  TemporaryFile on_interrupt_;
};

/// What a link points to in the end, whether that exists or not; other paths as they are.
fs::path link_target(fs::path path) {
  constexpr int kMostLinks = 40;  // As Linux has it: links may go round in a circle.
  std::error_code ignored;
  for (int n = 0; n < kMostLinks && fs::is_symlink(path, ignored); ++n) {
    path = folder_of(path) / fs::read_symlink(path, ignored);
  }
  return path;
}

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

std::mutex& temporary_mutex() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

bool is_device(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

void check_output(const fs::path& path, bool force) {
  if (path == "-" || is_device(path)) return;
  std::error_code error;
  if (fs::symlink_status(path, error).type() == fs::file_type::none && error) {
    refuse(path, error.message() + "; choose another name");  // Too long, or a closed folder.
  }
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) refuse(path, "it is a folder; name a file in it");
  check_overwrite(path, force);
  const fs::path target = link_target(path);
  if (!fs::is_directory(folder_of(target), ignored)) {
    refuse(path, "there is no folder \"" + folder_of(target).string() + "\"; create it first");
  }
  const std::lock_guard lock(temporary_mutex());
  const Removal probe(temporary_beside(target));
  write_all(path, probe.path(), [](std::ostream&) {});
}

void check_not_read(const fs::path& path, const std::vector<fs::path>& read) {
  if (path.empty() || path == "-") return;
  for (const fs::path& input : read) {
    std::error_code ignored;
    if (!input.empty() && !is_device(input) && fs::equivalent(path, input, ignored)) {
      throw UsageError("\"" + path.string() + "\" is both input and output; choose another output");
    }
  }
}

fs::path file_written(const fs::path& path) {
  std::error_code error;
  const fs::path target = link_target(path);
  const fs::path folder = fs::weakly_canonical(fs::absolute(folder_of(target), error), error);
  return folder / target.filename();
}

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

void write_output(const fs::path& path, const Writing& write, bool force) {
  if (path == "-") {
    write(std::cout);
    std::cout.flush();
    if (!std::cout) throw OutputError("cannot write to standard output; check its disk or pipe");
    return;
  }
  if (is_device(path)) return write_all(path, path, write);
  check_overwrite(path, force);
  std::error_code error;
  const fs::path target = link_target(path);
  if (target == path) create_output_folder(folder_of(path));  // Nobody named a link's folder.
  const std::lock_guard lock(temporary_mutex());
  const Removal temporary(temporary_beside(target));
  write_all(path, temporary.path(), write);
  if (const fs::file_status before = fs::status(target, error); fs::is_regular_file(before)) {
    fs::permissions(temporary.path(), before.permissions(), error);
  }
  fs::rename(temporary.path(), target, error);
  if (error) refuse(path, error.message() + "; choose another name");
}

void write_output(const fs::path& path, std::string_view bytes, bool force) {
  const auto write = [&](std::ostream& out) {
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  };
  write_output(path, write, force);
}

}  // namespace fyr::app
