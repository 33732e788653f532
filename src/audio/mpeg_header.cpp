// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/mpeg_header.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace fyr {
namespace {

// Flags of the Xing/Info header: which of the fields that follow are there, in this order.
constexpr std::uint32_t kHasFrames = 1;
constexpr std::uint32_t kHasBytes = 2;

/// Fraunhofer's header stands after the side information of MPEG 1 in stereo, whatever the frame
/// is.
constexpr std::size_t kVbriAt = 36;
constexpr std::size_t kVbriFramesAt = kVbriAt + 14;

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

std::string to_bytes(std::int64_t count) { return to_bytes(static_cast<std::uint32_t>(count)); }

}  // namespace

std::optional<MpegHeader> parse_mpeg_header(std::string_view frame) {
  constexpr std::array<int, 15> kKbpsMpeg1 = {0,   32,  40,  48,  56,  64,  80, 96,
                                              112, 128, 160, 192, 224, 256, 320};
  constexpr std::array<int, 15> kKbpsMpeg2 = {0,  8,  16, 24,  32,  40,  48, 56,
                                              64, 80, 96, 112, 128, 144, 160};
  constexpr std::array<int, 3> kRatesHz = {44100, 48000, 32000};
  if (frame.size() < 4) return std::nullopt;
  const std::uint32_t bits = big_endian_32(frame);
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
  const int bit_rate = 1000 * (mpeg1 ? kKbpsMpeg1[bitrate] : kKbpsMpeg2[bitrate]);
  MpegHeader header;
  header.bits = bits;
  header.mono = mono;
  header.rate_hz = kRatesHz[rate] / (mpeg1 ? 1 : version == 2 ? 2 : 4);
  header.n_bytes = (mpeg1 ? 144 : 72) * bit_rate / header.rate_hz + (padded ? 1 : 0);
  header.n_samples = mpeg1 ? 1152 : 576;
  header.side_bytes = mpeg1 ? (mono ? 17 : 32) : (mono ? 9 : 17);
  return header;
}

std::optional<MpegInfo> parse_mpeg_info(std::string_view frame, const MpegHeader& header) {
  if (std::min<std::int64_t>(std::ssize(frame), header.n_bytes) < std::int64_t{kMpegInfoBytes}) {
    return std::nullopt;
  }
  const std::string_view tagged = frame.substr(4 + header.side_bytes);
  if (tagged.starts_with("Xing") || tagged.starts_with("Info")) {
    if ((big_endian_32(tagged.substr(4)) & kHasFrames) == 0) return MpegInfo{};
    return MpegInfo{big_endian_32(tagged.substr(8)), true};
  }
  if (frame.substr(kVbriAt).starts_with("VBRI")) {
    return MpegInfo{big_endian_32(frame.substr(kVbriFramesAt)), false};
  }
  return std::nullopt;
}

std::string recounted(std::string frame, const MpegHeader& header, std::int64_t n_frames,
                      std::int64_t n_bytes) {
  const std::size_t flags_at = 4 + header.side_bytes + 4;
  frame.replace(flags_at + 4, 4, to_bytes(n_frames));
  const bool has_bytes = (big_endian_32(std::string_view(frame).substr(flags_at)) & kHasBytes) != 0;
  if (has_bytes) frame.replace(flags_at + 8, 4, to_bytes(n_bytes));
  return frame;
}

std::string counting_frame(const MpegHeader& header, std::int64_t n_frames) {
  constexpr std::uint32_t kBitrateBits = 0xFU << 12U;
  constexpr std::uint32_t kPaddingBit = 1U << 9U;
  constexpr std::uint32_t kNoChecksumBit = 1U << 16U;
  // 128 kbit/s (MPEG 1) or 80 (2): room for the count.
  const std::uint32_t bits =
      (header.bits & ~(kBitrateBits | kPaddingBit)) | 9U << 12U | kNoChecksumBit;
  std::string frame = to_bytes(bits) + std::string(header.side_bytes, '\0') + "Xing" +
                      to_bytes(kHasFrames) + to_bytes(n_frames);
  frame.resize(static_cast<std::size_t>(parse_mpeg_header(frame)->n_bytes), '\0');
  return frame;
}

}  // namespace fyr
