// SPDX-License-Identifier: GPL-3.0-or-later

/// What libsndfile is given to read: a file, or parts of it with bytes of our own between them.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "audio/file_bytes.hpp"
#include "audio/snd_file.hpp"

namespace fyr {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

class PiecedFile {
 public:
  /// Empty at first. Requires: `file` is a regular file, open for reading.
  explicit PiecedFile(File file) : file_(std::move(file)) {}

  /// Appends a part of the file.
  void add(const ByteSpan& span);

  /// Appends `bytes`.
  void add(std::string bytes);

  std::int64_t size() const { return size_; }
  std::int64_t place() const { return place_; }

  /// Requires: `place` is not negative; it may lie beyond the end, where nothing is read.
  void seek(std::int64_t place) { place_ = place; }

  /// Reads the next `n` bytes; fewer at the end, and after an error of the system.
  std::int64_t read(char* to, std::int64_t n) noexcept;

  /// The error of the system that ended reading, as errno; 0 if there was none.
  int error() const { return error_; }

 private:
  struct Piece {
    std::int64_t start = 0;  ///< Among all the bytes.
    ByteSpan span;           ///< In the file, or in `own` where that is not empty.
    std::string own;
  };

  std::int64_t read_piece(const Piece& piece, char* to, std::int64_t n) noexcept;

  File file_;
  std::vector<Piece> pieces_;
  std::int64_t size_ = 0;
  std::int64_t place_ = 0;
  int error_ = 0;
};

/// Opens it from its beginning on; null with libsndfile's `refusal`. Requires: `file` outlives the
/// result and stays where it is.
SndFile open_to_read(PiecedFile& file, SF_INFO& info, SndRefusal& refusal);

}  // namespace fyr
