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

std::string to_bytes(std::uint32_t value) {
  std::string bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    bytes += static_cast<char>(value >> shift & 0xFFU);
  }
  return bytes;
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

/// The number of frames after the first, as LAME and others write it into the first ("Xing" or
/// "Info").
std::optional<std::int64_t> declared_frames(std::string_view frame, const FrameHeader& header) {
  const std::size_t at = 4 + header.side_bytes;
  if (frame.size() < at + 12) return std::nullopt;
  const std::string_view tag = frame.substr(at, 4);
  const bool counted = (frame[at + 7] & 1) != 0;
  if ((tag != "Xing" && tag != "Info") || !counted) return std::nullopt;
  return big_endian_32(frame.substr(at + 8));
}

/// Tags that players write after the last frame: ID3v1, APEv2, Lyrics3.
bool closes(std::string_view bytes) {
  return bytes.starts_with("TAG") || bytes.starts_with("APETAGEX") || bytes.starts_with("LYRICSBE");
}

}  // namespace

std::optional<MpegFrames> scan_mpeg(const FileBytes& file) {
  MpegFrames frames;
  frames.start = skip_id3(file.at(0, 10));
  std::optional<std::int64_t> declared;
  std::int64_t offset = frames.start;
  for (; offset + 4 <= file.size(); ++frames.n_frames) {
    const std::string head = file.at(offset, 64);
    const auto header = parse_header(big_endian_32(head));
    if (!header) break;
    if (offset == frames.start) {
      frames.header = big_endian_32(head);
      declared = declared_frames(head, *header);
    }
    offset += header->n_bytes;
  }
  const std::string rest = file.at(offset, 8);
  if (frames.n_frames == 0 || (rest.size() >= 4 && !closes(rest))) return std::nullopt;
  frames.counted = declared.has_value();
  if (frames.counted) --frames.n_frames;
  frames.cut_off = offset > file.size() || (declared && frames.n_frames < *declared);
  return frames;
}

std::string counting_frame(const MpegFrames& frames) {
  constexpr std::uint32_t kBitrateBits = 0xFU << 12U;
  constexpr std::uint32_t kPaddingBit = 1U << 9U;
  constexpr std::uint32_t kNoChecksumBit = 1U << 16U;
  // 128 kbit/s (MPEG 1) or 80 (2): room for the count.
  const std::uint32_t bits =
      (frames.header & ~(kBitrateBits | kPaddingBit)) | 9U << 12U | kNoChecksumBit;
  const auto header = parse_header(bits);
  if (!header) return {};
  std::string frame = to_bytes(bits) + std::string(header->side_bytes, '\0') + "Xing" +
                      to_bytes(1) + to_bytes(static_cast<std::uint32_t>(frames.n_frames));
  frame.resize(static_cast<std::size_t>(header->n_bytes), '\0');
  return frame;
}

}  // namespace fyr
