// SPDX-License-Identifier: GPL-3.0-or-later

/// Sound files made while a test runs.
#pragma once

#include <gtest/gtest.h>
#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <numbers>
#include <utility>
#include <vector>

#include "support/temporary_folder.hpp"

namespace fyr::test {

/// A sine, the same in every channel, interleaved.
inline std::vector<float> sine(double hz, int rate_hz, double duration_s, int channels = 1) {
  const auto n_frames = static_cast<std::size_t>(duration_s * rate_hz);
  std::vector<float> samples;
  for (std::size_t k = 0; k < n_frames; ++k) {
    const double phase = 2 * std::numbers::pi * hz * static_cast<double>(k) / rate_hz;
    samples.insert(samples.end(), static_cast<std::size_t>(channels),
                   static_cast<float>(0.5 * std::sin(phase)));
  }
  return samples;
}

/// Writes `samples` with libsndfile; `format` is SF_FORMAT_… (container | encoding), `tags` are
/// SF_STR_… and their texts.
inline void write_sound(const std::filesystem::path& path, const std::vector<float>& samples,
                        int format, int rate_hz = 44100, int channels = 1,
                        const std::vector<std::pair<int, const char*>>& tags = {}) {
  SF_INFO info{};
  info.samplerate = rate_hz;
  info.channels = channels;
  info.format = format;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  ASSERT_NE(file, nullptr) << sf_strerror(nullptr);
  for (const auto& [which, text] : tags) sf_set_string(file, which, text);
  // Small blocks: libsndfile 1.2.0 overflows its stack when asked to encode Vorbis in one go.
  const sf_count_t n_frames = static_cast<sf_count_t>(samples.size()) / channels;
  for (sf_count_t k = 0; k < n_frames; k += 1024) {
    sf_writef_float(file, samples.data() + k * channels, std::min<sf_count_t>(1024, n_frames - k));
  }
  sf_close(file);
}

}  // namespace fyr::test
