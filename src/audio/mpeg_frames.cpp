// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/mpeg_frames.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fyr {
namespace {

std::uint32_t big_endian_32(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes.substr(0, 4)) value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}

struct FrameHeader {
  std::int64_t n_bytes = 0;    ///< Of the whole frame.
  std::size_t side_bytes = 0;  ///< Of the side information that follows the 4-byte header.
};

/// Layer III headers of MPEG 1, 2 and 2.5 (ISO/IEC 11172-3, section 2.4.1.3 and 13818-3).
std::optional<FrameHeader> parse_header(std::uint32_t bits) {
  constexpr std::array<int, 15> kKbpsMpeg1 = {0,   32,  40,  48,  56,  64,  80, 96,
                                              112, 128, 160, 192, 224, 256, 320};
  constexpr std::array<int, 15> kKbpsMpeg2 = {0,  8,  16, 24,  32,  40,  48, 56,
                                              64, 80, 96, 112, 128, 144, 160};
  constexpr std::array<int, 3> kRatesHz = {44100, 48000, 32000};
  const std::uint32_t version = bits >> 19U & 3U;  // 0: 2.5, 2: 2, 3: 1.
  const std::uint32_t layer = bits >> 17U & 3U;    // 1: III.
  const std::uint32_t bitrate = bits >> 12U & 15U;
  const std::uint32_t rate = bits >> 10U & 3U;
  const bool in_sync = bits >> 21U == 0x7FF;
  if (!in_sync || version == 1 || layer != 1 || bitrate == 0 || bitrate == 15 || rate == 3) {
    return std::nullopt;
  }
  const bool mpeg1 = version == 3;
  const bool mono = (bits >> 6U & 3U) == 3;
  const bool padded = (bits >> 9U & 1U) == 1;
  const int rate_hz = kRatesHz[rate] / (mpeg1 ? 1 : version == 2 ? 2 : 4);
  const int bit_rate = 1000 * (mpeg1 ? kKbpsMpeg1[bitrate] : kKbpsMpeg2[bitrate]);
  FrameHeader header;
  header.n_bytes = (mpeg1 ? 144 : 72) * bit_rate / rate_hz + (padded ? 1 : 0);
  header.side_bytes = mpeg1 ? (mono ? 17 : 32) : (mono ? 9 : 17);
  return header;
}

/// Where the first frame is: after the ID3v2 tag, whose size has 7 bits a byte (id3.org, 2.4.0).
std::int64_t skip_id3(std::string_view head) {
  if (!head.starts_with("ID3") || head.size() < 10) return 0;
  std::int64_t n_bytes = 0;
  for (const char byte : head.substr(6, 4)) n_bytes = n_bytes << 7 | (byte & 0x7F);
  return 10 + n_bytes;
}

/// Frames after the first, as LAME and others write it into the first ("Xing" or "Info").
std::optional<std::int64_t> declared_frames(std::string_view frame, const FrameHeader& header) {
  const std::size_t at = 4 + header.side_bytes;
  if (frame.size() < at + 12) return std::nullopt;
  const std::string_view tag = frame.substr(at, 4);
  const bool counted = (frame[at + 7] & 1) != 0;
  if ((tag != "Xing" && tag != "Info") || !counted) return std::nullopt;
  return big_endian_32(frame.substr(at + 8));
}

}  // namespace

bool mpeg_is_cut_off(const FileBytes& file) {
  std::int64_t offset = skip_id3(file.at(0, 10));
  std::optional<std::int64_t> declared;
  std::int64_t n_frames = -1;  // The frame that holds the count does not count.
  while (offset + 4 <= file.size()) {
    const std::string start = file.at(offset, 64);
    const auto header = parse_header(big_endian_32(start));
    if (!header) return false;  // A tag, or damage that the decoder knows better how to judge.
    if (n_frames < 0) declared = declared_frames(start, *header);
    offset += header->n_bytes;
    ++n_frames;
    if (offset > file.size()) return true;
  }
  return declared && n_frames < *declared;
}

}  // namespace fyr
