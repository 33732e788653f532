// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/file_bytes.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace fyr {

FileBytes::FileBytes(int descriptor) : descriptor_(descriptor) {
  struct stat status {};
  if (fstat(descriptor, &status) == 0) size_ = status.st_size;
}

std::string FileBytes::at(std::int64_t offset, std::size_t n) const {
  std::string bytes(n, '\0');
  const ssize_t got = offset < 0 ? 0 : pread(descriptor_, bytes.data(), n, offset);
  bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(0, got)));
  return bytes;
}

}  // namespace fyr
