// SPDX-License-Identifier: GPL-3.0-or-later

/// Looking at the bytes of an open file without moving its position.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace fyr {

struct ByteSpan {
  std::int64_t offset = 0;
  std::int64_t n_bytes = 0;
};

class FileBytes {
 public:
  /// Requires: `descriptor` is a regular file, open for reading while this lives.
  explicit FileBytes(int descriptor);

  std::int64_t size() const { return size_; }

  /// Up to `n` bytes from `offset`; fewer at the end of the file, none beyond it.
  std::string at(std::int64_t offset, std::size_t n) const;

 private:
  int descriptor_;
  std::int64_t size_ = 0;
};

}  // namespace fyr
