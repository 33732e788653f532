// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <system_error>

#include "app/console.hpp"
#include "app/file_identity.hpp"
#include "app/interrupt.hpp"
#include "app/output_folder.hpp"
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

/// Containers and hosts that share a folder have the same process numbers.
std::string temporary_name() {
  std::random_device random;
  return ".fyr-" + std::to_string(random()) + "-" + std::to_string(random()) + ".tmp";
}

[[noreturn]] void refuse_existing(const fs::path& path) {
  refuse(path, "it exists already; use --force to replace it or choose another name");
}

void check_overwrite(const fs::path& path, bool force) {
  std::error_code ignored;
  if (!force && fs::exists(path, ignored)) refuse_existing(path);
}

void write_all(const fs::path& named, const fs::path& path, std::ios::openmode mode,
               const Writing& write) {
  errno = 0;
  std::ofstream out(path, std::ios::binary | mode);
  write(out);
  out.close();
  if (!out) refuse_with_errno(named);
}

/// Makes a file of a name that nothing had before, and removes it however its writing ends.
class Temporary {
 public:
  /// To take the place of `target`, which the user named `named`. Throws OutputError.
  Temporary(const fs::path& named, const fs::path& target) {
    constexpr int kMostTries = 100;
    for (int n_tries = 1;; ++n_tries) {
      path_ = folder_of(target) / temporary_name();
      errno = create();
      if (errno == 0) return;
      if (errno != EEXIST || n_tries == kMostTries) refuse_with_errno(named);
    }
  }
  ~Temporary() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  const fs::path& path() const { return path_; }

 private:
  /// 0, or the system's reason.
  int create() {
    const Uninterrupted uninterrupted;
    constexpr int kAnew = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    const int file = open(path_.c_str(), kAnew, 0666);
    if (file < 0) return errno;
    close(file);
    on_interrupt_.emplace(path_);
    return 0;
  }

  fs::path path_;
  std::optional<TemporaryFile> on_interrupt_;
};

/// Renames; without `force` only to a name that nothing has, where the disk's file system can tell
/// in one step: another program may have made the file while this one was written.
std::error_code put_in_place(const fs::path& from, const fs::path& to, bool force) {
#ifdef RENAME_NOREPLACE
  if (!force) {
    if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return {};
    const bool cannot_tell = errno == EINVAL || errno == ENOSYS;
    if (!cannot_tell) return {errno, std::generic_category()};
  }
#endif
  std::error_code error;
  fs::rename(from, to, error);
  return error;
}

std::mutex& temporary_mutex() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

void check_output(const fs::path& path, bool force) {
  if (path == "-" || is_device(path)) return;
  std::error_code error;
  if (fs::symlink_status(path, error).type() == fs::file_type::none && error) {
    refuse(path, error.message() + "; choose another name");  // Too long, or a closed folder.
  }
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) refuse(path, "it is a folder; name a file in it");
  if (fs::is_block_file(path, ignored)) refuse(path, "it is a disk; name a file on it");
  check_overwrite(path, force);
  const fs::path target = link_target(path);
  if (!fs::is_directory(folder_of(target), ignored)) {
    refuse(path, "there is no folder \"" + folder_of(target).string() + "\"; create it first");
  }
  const std::lock_guard lock(temporary_mutex());
  const Temporary probe(path, target);
}

void write_output(const fs::path& path, const Writing& write, bool force) {
  if (path == "-") {
    const ClearLine clear;
    write(std::cout);
    std::cout.flush();
    if (!std::cout) throw OutputError("cannot write to standard output; check its disk or pipe");
    return;
  }
  if (is_device(path)) return write_all(path, path, std::ios::out, write);
  check_overwrite(path, force);
  std::error_code error;
  const fs::path target = link_target(path);
  if (target == path) create_output_folder(folder_of(path));  // Nobody named a link's folder.
  const std::lock_guard lock(temporary_mutex());
  const Temporary temporary(path, target);
  // Only if it is there: one that an interruption has removed must not come back.
  write_all(path, temporary.path(), std::ios::in, write);
  if (const fs::file_status before = fs::status(target, error); fs::is_regular_file(before)) {
    fs::permissions(temporary.path(), before.permissions(), error);
  }
  error = put_in_place(temporary.path(), target, force);
  if (error == std::errc::file_exists) refuse_existing(path);
  if (error) refuse(path, error.message() + "; choose another name");
}

void write_output(const fs::path& path, std::string_view bytes, bool force) {
  const auto write = [&](std::ostream& out) {
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  };
  write_output(path, write, force);
}

}  // namespace fyr::app
