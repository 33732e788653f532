// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/cut_off.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "audio/mpeg_frames.hpp"

namespace fyr {
namespace {

std::int64_t integer(std::string_view bytes, bool big_endian) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::size_t at = big_endian ? i : bytes.size() - 1 - i;
    value = value << 8U | static_cast<unsigned char>(bytes[at]);
  }
  return static_cast<std::int64_t>(value);
}

/// What writers put that cannot know or go back: all ones (ffmpeg), nothing (interrupted
/// recorders) or the largest positive size less some headers (SoX, arecord).
bool is_unknown(std::int64_t n_bytes) {
  return n_bytes == 0 || n_bytes >= 0xFFFFFF00 || (n_bytes >= 0x7FFFF000 && n_bytes <= 0x7FFFFFFF);
}

/// RIFF, RIFX, RF64 and IFF: chunks of a four-letter id, a 32-bit size and padding to even.
bool chunked_is_cut_off(const FileBytes& file, std::string_view magic) {
  const bool big_endian = magic == "FORM" || magic == "RIFX";
  const std::string_view sound = magic == "FORM" ? "SSND" : "data";
  const std::int64_t file_size = file.size();
  std::int64_t long_size = 0;  // RF64: the ds64 chunk holds the true size (EBU Tech 3306).
  for (std::int64_t offset = 12; offset + 8 <= file_size;) {
    const std::string header = file.at(offset, 8);
    std::int64_t n_bytes = integer(header.substr(4), big_endian);
    if (header.starts_with("ds64")) long_size = integer(file.at(offset + 16, 8), false);
    if (header.starts_with(sound)) {
      if (is_unknown(n_bytes)) n_bytes = long_size;
      return n_bytes > file_size - offset - 8;
    }
    offset += 8 + n_bytes + n_bytes % 2;  // At most 2^32 each time.
  }
  return false;
}

bool au_is_cut_off(const FileBytes& file) {
  const std::string header = file.at(4, 8);
  if (header.size() < 8) return true;
  const std::int64_t n_bytes = integer(header.substr(4), true);
  return !is_unknown(n_bytes) && integer(header.substr(0, 4), true) + n_bytes > file.size();
}

/// An Ogg stream ends with a whole page that says so (RFC 3533, section 6: header type 0x04).
bool ogg_is_cut_off(const FileBytes& file) {
  constexpr std::int64_t kMaxPageBytes = 65307;
  constexpr std::size_t kHeaderBytes = 27;
  const std::string end = file.at(std::max<std::int64_t>(0, file.size() - kMaxPageBytes),
                                  static_cast<std::size_t>(kMaxPageBytes));
  const std::size_t start = end.rfind("OggS");
  if (start == std::string::npos || start + kHeaderBytes > end.size()) return true;
  const std::string_view page = std::string_view(end).substr(start);
  const auto n_segments = static_cast<std::size_t>(integer(page.substr(26, 1), false));
  std::size_t n_bytes = kHeaderBytes + n_segments;
  for (const char segment : page.substr(kHeaderBytes, n_segments)) {
    n_bytes += static_cast<unsigned char>(segment);
  }
  return (page[5] & 0x04) == 0 || n_bytes > page.size();
}

}  // namespace

bool is_cut_off(const FileBytes& file) {
  const std::string magic = file.at(0, 4);
  if (magic == "RIFF" || magic == "RIFX" || magic == "RF64" || magic == "FORM") {
    return chunked_is_cut_off(file, magic);
  }
  if (magic == ".snd") return au_is_cut_off(file);
  if (magic == "OggS") return ogg_is_cut_off(file);
  const auto mpeg = scan_mpeg(file);
  return mpeg && mpeg->cut_off;
}

}  // namespace fyr
