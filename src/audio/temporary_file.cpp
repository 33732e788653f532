// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/temporary_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>

#include "audio/whole_file.hpp"

namespace fyr {
namespace {

/// Below 0 with errno.
int open_nameless(const std::filesystem::path& folder) {
  const int descriptor = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor >= 0) return descriptor;
  std::string name = folder / "fyr-XXXXXX";  // Some file systems cannot.
  const int named = mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) unlink(name.c_str());
  return named;
}

}  // namespace

File temporary_file(const std::filesystem::path& path) {
  std::error_code no_folder;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(no_folder);
  if (no_folder) {
    fail_to_read(path, "no folder for a temporary copy: " + no_folder.message() +
                           "; name one with TMPDIR, or save it as a WAV or FLAC file first");
  }
  const int descriptor = open_nameless(folder);
  File file(descriptor < 0 ? nullptr : fdopen(descriptor, "w+b"));
  if (!file) fail_to_copy(path);
  return file;
}

void fail_to_copy(const std::filesystem::path& path) {
  const std::string why = std::strerror(errno);
  std::error_code ignored;
  fail_to_read(path,
               "its temporary copy in \"" + std::filesystem::temp_directory_path(ignored).string() +
                   "\": " + why +
                   "; name another place with TMPDIR, or save it as a WAV or FLAC file first");
}

}  // namespace fyr
