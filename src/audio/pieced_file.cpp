// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/pieced_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

namespace fyr {
namespace {

PiecedFile& file_of(void* user) { return *static_cast<PiecedFile*>(user); }

sf_count_t size_of(void* user) { return file_of(user).size(); }

sf_count_t tell(void* user) { return file_of(user).place(); }

/// Like lseek: damaged headers make libsndfile seek anywhere, and it counts on staying where it
/// was.
sf_count_t seek(sf_count_t offset, int whence, void* user) {
  const sf_count_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? tell(user) : size_of(user);
  if (offset < -base || offset > std::numeric_limits<sf_count_t>::max() - base) return -1;
  file_of(user).seek(base + offset);
  return tell(user);
}

sf_count_t read(void* to, sf_count_t count, void* user) {
  return file_of(user).read(static_cast<char*>(to), count);
}

sf_count_t write_nothing(const void* /*from*/, sf_count_t /*count*/, void* /*user*/) { return 0; }

}  // namespace

void PiecedFile::add(const ByteSpan& span) {
  if (span.n_bytes == 0) return;
  pieces_.push_back({size_, span, {}});
  size_ += span.n_bytes;
}

void PiecedFile::add(std::string bytes) {
  if (bytes.empty()) return;
  const auto n_bytes = static_cast<std::int64_t>(bytes.size());
  pieces_.push_back({size_, {0, n_bytes}, std::move(bytes)});
  size_ += n_bytes;
}

std::int64_t PiecedFile::read(char* to, std::int64_t n) noexcept {
  std::int64_t done = 0;
  while (done < n && place_ < size_) {
    const auto next = std::ranges::upper_bound(pieces_, place_, {}, &Piece::start);
    const std::int64_t got = read_piece(*std::prev(next), to + done, n - done);
    if (got <= 0) break;
    place_ += got;
    done += got;
  }
  return done;
}

std::int64_t PiecedFile::read_piece(const Piece& piece, char* to, std::int64_t n) noexcept {
  const std::int64_t from = place_ - piece.start;
  n = std::min(n, piece.span.n_bytes - from);
  if (!piece.own.empty()) {
    std::copy_n(piece.own.data() + from, n, to);
    return n;
  }
  const ssize_t got =
      pread(fileno(file_.get()), to, static_cast<std::size_t>(n), piece.span.offset + from);
  if (got < 0) error_ = errno;
  return got;
}

SndFile open_to_read(PiecedFile& file, SF_INFO& info, SndRefusal& refusal) {
  file.seek(0);
  return open_snd_file({size_of, seek, read, write_nothing, tell}, &file, SFM_READ, info, refusal);
}

}  // namespace fyr
