// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/completeness.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace fyr {
namespace {

constexpr std::string_view kDamaged =
    "it is damaged, some of its sound is missing; copy or export it again";

constexpr std::string_view kSeveral =
    "it holds several recordings, one after the other; save each as a file of its own, or convert "
    "it to WAV or FLAC";

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

struct Chunk {
  std::int64_t offset = 0;              ///< Of its header: a four-letter id and a 32-bit size.
  std::int64_t n_bytes = 0;             ///< As told, without the header.
  std::int64_t long_bytes = 0;          ///< The same in RF64, from its ds64 chunk (EBU Tech 3306).
  std::optional<std::int64_t> rate_hz;  ///< From the fmt chunk of RIFF.
};

constexpr std::int64_t kChunkHeaderBytes = 8;

bool is_big_endian(std::string_view magic) { return magic == "FORM" || magic == "RIFX"; }

/// The sound of RIFF, RIFX, RF64 or IFF, whose chunks are padded to even.
std::optional<Chunk> sound_chunk(const FileBytes& file, std::string_view magic) {
  const std::string_view sound = magic == "FORM" ? "SSND" : "data";
  Chunk chunk{12, 0, 0, {}};
  while (chunk.offset + kChunkHeaderBytes <= file.size()) {
    const std::string header = file.at(chunk.offset, kChunkHeaderBytes);
    // Space that a recorder set aside and never filled would be walked through to its end.
    if (header == std::string(kChunkHeaderBytes, '\0')) return std::nullopt;
    chunk.n_bytes = integer(header.substr(4), is_big_endian(magic));
    if (header.starts_with(sound)) return chunk;
    if (header.starts_with("ds64")) {
      chunk.long_bytes = integer(file.at(chunk.offset + 16, 8), false);
    }
    if (header.starts_with("fmt ")) {
      chunk.rate_hz = integer(file.at(chunk.offset + 12, 4), is_big_endian(magic));
    }
    chunk.offset +=
        kChunkHeaderBytes + chunk.n_bytes + chunk.n_bytes % 2;  // At most 2^32 each time.
  }
  return std::nullopt;
}

bool chunked_is_cut_off(const FileBytes& file, std::string_view magic) {
  const auto sound = sound_chunk(file, magic);
  if (!sound) return false;
  const std::int64_t n_bytes = is_unknown(sound->n_bytes) ? sound->long_bytes : sound->n_bytes;
  return n_bytes > file.size() - sound->offset - kChunkHeaderBytes;
}

/// libsndfile refuses it without saying why.
bool tells_no_rate(const FileBytes& file, std::string_view magic) {
  if (magic != "RIFF" && magic != "RIFX" && magic != "RF64") return false;
  const auto sound = sound_chunk(file, magic);
  return sound && sound->rate_hz == 0;
}

/// Recorders that go on beyond what 32 bits count tell the rest of the division, or go on telling
/// that they do not know; libsndfile reads as much as is told.
bool goes_on_beyond_its_size(const FileBytes& file, std::string_view magic) {
  if (magic != "RIFF" && magic != "RIFX") return false;
  const auto sound = sound_chunk(file, magic);
  if (!sound || sound->n_bytes == 0) return false;  // corrected_size is for those.
  const std::int64_t told_end = sound->offset + kChunkHeaderBytes + sound->n_bytes;
  const std::int64_t least_more = is_unknown(sound->n_bytes) ? 1 : std::int64_t{1} << 32;
  return file.size() - told_end >= least_more;
}

bool au_is_cut_off(const FileBytes& file, bool big_endian) {
  const std::string header = file.at(4, 8);
  if (header.size() < 8) return true;
  const std::int64_t n_bytes = integer(header.substr(4), big_endian);
  return !is_unknown(n_bytes) && integer(header.substr(0, 4), big_endian) + n_bytes > file.size();
}

/// Sony Wave64: chunks of a 16-byte id and a 64-bit size, which counts both, padded to eight.
bool wave64_is_cut_off(const FileBytes& file) {
  constexpr std::int64_t kHeaderBytes = 24;
  for (std::int64_t offset = 40; offset + kHeaderBytes <= file.size();) {
    const std::string header = file.at(offset, kHeaderBytes);
    const std::int64_t n_bytes = integer(header.substr(16), false);
    if (n_bytes < kHeaderBytes || n_bytes == std::numeric_limits<std::int64_t>::max()) return false;
    if (header.starts_with("data")) return n_bytes > file.size() - offset;
    if (n_bytes > file.size()) return true;
    offset += (n_bytes + 7) / 8 * 8;
  }
  return false;
}

/// Apple's Core Audio Format: chunks of a four-letter id and a 64-bit size; -1 is "to the end".
bool caf_is_cut_off(const FileBytes& file) {
  constexpr std::int64_t kHeaderBytes = 12;
  for (std::int64_t offset = 8; offset + kHeaderBytes <= file.size();) {
    const std::string header = file.at(offset, kHeaderBytes);
    const std::int64_t n_bytes = integer(header.substr(4), true);
    if (n_bytes < 0) return false;
    if (n_bytes > file.size() - offset - kHeaderBytes) return true;
    if (header.starts_with("data")) return false;
    offset += kHeaderBytes + n_bytes;
  }
  return false;
}

/// Where `bytes` stand next, from `offset` on; the file's size if nowhere.
std::int64_t next_of(std::string_view bytes, const FileBytes& file, std::int64_t offset) {
  constexpr std::int64_t kBlockBytes = 1 << 16;
  for (; offset < file.size(); offset += kBlockBytes) {
    const std::string block = file.at(offset, kBlockBytes + bytes.size() - 1);
    const std::size_t found = block.find(bytes);
    if (found != std::string::npos) return offset + static_cast<std::int64_t>(found);
  }
  return file.size();
}

/// Whether another FLAC stream begins behind the first, of which libFLAC reads no more than it
/// tells. A stream begins with its name and with the header of a block of 34 bytes (RFC 9639,
/// section 8.2): eight bytes that tags and frames do not have by accident.
bool has_second_flac(const FileBytes& file) {
  int n_streams = 0;
  for (std::int64_t offset = 0; (offset = next_of("fLaC", file, offset)) < file.size(); ++offset) {
    const std::string block = file.at(offset + 4, 4);
    const bool begins = block.size() == 4 && (block[0] & 0x7F) == 0 &&
                        integer(std::string_view(block).substr(1), true) == 34;
    if (begins && ++n_streams == 2) return true;
  }
  return false;
}

/// Of a page (RFC 3533, section 6): a CRC of all of it, the CRC's own bytes taken for zeros.
bool checksum_fits(std::string page) {
  constexpr std::size_t kAt = 22;
  constexpr auto kTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
      std::uint32_t sum = byte << 24U;
      for (int bit = 0; bit < 8; ++bit) sum = sum << 1U ^ (sum >> 31U) * 0x04C11DB7U;
      table[byte] = sum;
    }
    return table;
  }();
  const std::int64_t told = integer(std::string_view(page).substr(kAt, 4), false);
  page.replace(kAt, 4, 4, '\0');
  std::uint32_t sum = 0;
  for (const char byte : page) {
    sum = sum << 8U ^ kTable[(sum >> 24U ^ static_cast<unsigned char>(byte)) & 0xFFU];
  }
  return sum == told;
}

/// Pages (RFC 3533, section 6) from the first on. The last says that its stream ends (header type
/// 0x04) and is whole; streams that belong together all begin (0x02) before any goes on, so one
/// that begins later is another recording. libsndfile leaves out pages that are damaged, and if
/// they are the first or last of the sound it does not miss them: all would come early.
std::string_view why_not_whole_ogg(const FileBytes& file) {
  constexpr std::size_t kHeaderBytes = 27;
  constexpr std::size_t kMostHeaderBytes = kHeaderBytes + 255;
  bool goes_on = false;
  bool ended = false;
  std::map<std::string, std::int64_t> n_pages;  // By the stream's serial number.
  for (std::int64_t offset = 0; (offset = next_of("OggS", file, offset)) < file.size();) {
    const std::string page = file.at(offset, kMostHeaderBytes);
    if (page.size() < kHeaderBytes) return kCutOff;
    const auto n_segments = static_cast<std::size_t>(static_cast<unsigned char>(page[26]));
    const auto type = static_cast<unsigned char>(page[5]);
    const bool begins = (type & 0x02U) != 0;
    if (begins && goes_on) return kSeveral;
    goes_on = !begins;
    std::size_t n_bytes = kHeaderBytes + n_segments;
    for (const char segment : page.substr(kHeaderBytes, n_segments)) {
      n_bytes += static_cast<unsigned char>(segment);
    }
    const std::string whole = file.at(offset, n_bytes);
    if (whole.size() < n_bytes) return kCutOff;
    const bool in_order =
        integer(std::string_view(page).substr(18, 4), false) == n_pages[page.substr(14, 4)]++;
    if (!in_order || !checksum_fits(whole)) return kDamaged;
    offset += static_cast<std::int64_t>(n_bytes);
    ended = (type & 0x04U) != 0;
  }
  return ended ? "" : kCutOff;
}

bool is_cut_off(const FileBytes& file, std::string_view magic) {
  if (magic == "RIFF" || magic == "RIFX" || magic == "RF64" || magic == "FORM") {
    return chunked_is_cut_off(file, magic);
  }
  if (magic == "riff") return wave64_is_cut_off(file);
  if (magic == "caff") return caf_is_cut_off(file);
  return (magic == ".snd" || magic == "dns.") && au_is_cut_off(file, magic == ".snd");
}

}  // namespace

std::string_view why_not_whole(const FileBytes& file) {
  const std::string magic = file.at(0, 4);
  if (magic == "OggS") return why_not_whole_ogg(file);
  if ((magic == "fLaC" || magic.starts_with("ID3")) && has_second_flac(file)) return kSeveral;
  if (tells_no_rate(file, magic)) {
    return "its header tells a sample rate of 0 Hz, expected 8000 to 192000 Hz; export it again";
  }
  if (goes_on_beyond_its_size(file, magic)) {
    return "it goes on beyond the most that its header can count; convert it to RF64, W64 or FLAC "
           "with a program that ignores the header's size";
  }
  return is_cut_off(file, magic) ? kCutOff : "";
}

std::optional<Correction> corrected_size(const FileBytes& file) {
  constexpr std::int64_t kGreatest = 0xFFFFFFFF;
  const std::string magic = file.at(0, 4);
  if (magic != "RIFF" && magic != "RIFX") return std::nullopt;
  const auto sound = sound_chunk(file, magic);
  if (!sound || sound->n_bytes != 0) return std::nullopt;
  const std::int64_t start = sound->offset + kChunkHeaderBytes;
  const std::int64_t n_bytes = file.size() - start;
  const std::int64_t told = integer(file.at(4, 4), is_big_endian(magic));
  const bool was_closed = !is_unknown(told) && kChunkHeaderBytes + told > start;
  if (was_closed || n_bytes == 0 || n_bytes > kGreatest) return std::nullopt;
  std::string bytes;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes += static_cast<char>(n_bytes >> shift & 0xFF);
  }
  if (is_big_endian(magic)) std::ranges::reverse(bytes);
  return Correction{start - 4, bytes};
}

}  // namespace fyr
