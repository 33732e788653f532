// SPDX-License-Identifier: GPL-3.0-or-later

/// Single frames of MPEG audio, Layer III (MP3): headers, and the frame that only counts the
/// others.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fyr {

struct MpegHeader {
  std::uint32_t bits = 0;
  std::int64_t n_bytes = 0;    ///< Of the whole frame.
  std::size_t side_bytes = 0;  ///< Of the side information that follows the 4-byte header.
  int rate_hz = 0;
  bool mono = false;
  int n_samples = 0;  ///< Of each channel.
};

/// Headers of MPEG 1, 2 and 2.5 (ISO/IEC 11172-3, section 2.4.1.3 and 13818-3); nothing for other
/// layers and for free bit rates.
std::optional<MpegHeader> parse_mpeg_header(std::string_view frame);

/// Of a first frame that holds no sound but says how many frames follow: "Xing" or "Info" as LAME
/// writes it, "VBRI" as Fraunhofer's encoders do.
struct MpegInfo {
  std::optional<std::int64_t> n_frames;
  /// Xing and Info tell more, such as how much silence the encoder put before the sound.
  bool extensible = false;
};

/// How many bytes of a frame parse_mpeg_info looks at. Shorter ones hold no MpegInfo.
inline constexpr std::size_t kMpegInfoBytes = 64;

std::optional<MpegInfo> parse_mpeg_info(std::string_view frame, const MpegHeader& header);

/// `frame`, whose MpegInfo is extensible, with other counts.
std::string recounted(std::string frame, const MpegHeader& header, std::int64_t n_frames,
                      std::int64_t n_bytes);

/// A silent frame to put before others like `header`'s. Without one decoders guess the length from
/// the first frame's bit rate, and libsndfile 1.2 stops there.
std::string counting_frame(const MpegHeader& header, std::int64_t n_frames);

}  // namespace fyr
