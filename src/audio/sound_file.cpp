// SPDX-License-Identifier: GPL-3.0-or-later
#include <sndfile.h>
#include <soxr.h>

#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>

#include "fyr/audio.hpp"
#include "fyr/error.hpp"

namespace fyr {
namespace {

constexpr int kMinRateHz = 8000;
constexpr int kMaxRateHz = 192000;
constexpr sf_count_t kBlockFrames = 1 << 14;

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& why) {
  throw InputError("cannot read \"" + path.string() + "\": " + why);
}

struct SndFileClose {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using SndFile = std::unique_ptr<SNDFILE, SndFileClose>;

/// Turns the system's reasons into one line before libsndfile hides them.
void check_openable(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (!std::filesystem::exists(status)) fail(path, "no such file; check the path");
  if (std::filesystem::is_directory(status)) {
    fail(path, "it is a folder; name the recordings in it");
  }
  errno = 0;
  const std::ifstream probe(path, std::ios::binary);
  if (!probe) fail(path, std::string(std::strerror(errno)) + "; check its permissions");
  if (std::filesystem::is_regular_file(status) && std::filesystem::file_size(path, ignored) == 0) {
    fail(path, "the file is empty; record or export it again");
  }
}

/// Streams mono blocks through soxr.
class Resampler {
 public:
  Resampler(int from_hz, int to_hz) : from_hz_(from_hz), to_hz_(to_hz) {
    if (from_hz == to_hz) return;
    const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
    soxr_error_t error = nullptr;
    soxr_.reset(soxr_create(from_hz, to_hz, 1, &error, nullptr, &quality, nullptr));
    if (error != nullptr) throw Error(std::string("resampler: ") + soxr_strerror(error));
  }

  void push(const std::vector<float>& block, std::vector<float>& out) {
    if (!soxr_) {
      out.insert(out.end(), block.begin(), block.end());
      return;
    }
    run(block.data(), block.size(), out);
  }

  void finish(std::vector<float>& out) {
    if (soxr_) run(nullptr, 0, out);
  }

 private:
  struct SoxrDelete {
    void operator()(soxr_t soxr) const { soxr_delete(soxr); }
  };

  void run(const float* block, std::size_t n, std::vector<float>& out) {
    const std::size_t expected =
        n * static_cast<std::size_t>(to_hz_) / static_cast<std::size_t>(from_hz_) + 4096;
    std::size_t done = 0;
    do {
      const std::size_t before = out.size();
      out.resize(before + expected);
      std::size_t used = 0;
      const soxr_error_t error =
          soxr_process(soxr_.get(), block, n, &used, out.data() + before, expected, &done);
      out.resize(before + done);
      if (error != nullptr) throw Error(std::string("resampler: ") + soxr_strerror(error));
      if (block != nullptr) {
        block += used;
        n -= used;
      }
    } while (n > 0 || (block == nullptr && done > 0));
  }

  int from_hz_;
  int to_hz_;
  std::unique_ptr<std::remove_pointer_t<soxr_t>, SoxrDelete> soxr_;
};

/// Averages the channels of an interleaved block; false if a sample is not finite.
bool mix_down(const std::vector<float>& block, int channels, std::vector<float>& mono) {
  bool finite = true;
  const auto n_channels = static_cast<std::size_t>(channels);
  const float gain = 1.0F / static_cast<float>(channels);
  for (std::size_t frame = 0; frame < mono.size(); ++frame) {
    float sum = 0;
    for (std::size_t c = 0; c < n_channels; ++c) sum += block[frame * n_channels + c];
    finite = finite && std::isfinite(sum);
    mono[frame] = sum * gain;
  }
  return finite;
}

}  // namespace

Audio read_audio(const std::filesystem::path& path, int rate_hz) {
  check_openable(path);
  SF_INFO info{};
  const SndFile file(sf_open(path.c_str(), SFM_READ, &info));
  if (!file) {
    fail(path, std::string("not a sound file that libsndfile reads (") + sf_strerror(nullptr) +
                   "); convert it to WAV or FLAC");
  }
  if (info.samplerate < kMinRateHz || info.samplerate > kMaxRateHz) {
    fail(path, "sample rate " + std::to_string(info.samplerate) +
                   " Hz, expected 8000 to 192000 Hz; resample it");
  }

  Audio audio;
  audio.rate_hz = rate_hz;
  Resampler resampler(info.samplerate, rate_hz);
  std::vector<float> block;
  std::vector<float> mono;
  sf_count_t n_frames = 0;
  while (true) {
    block.resize(static_cast<std::size_t>(kBlockFrames * info.channels));
    const sf_count_t got = sf_readf_float(file.get(), block.data(), kBlockFrames);
    if (got <= 0) break;
    mono.resize(static_cast<std::size_t>(got));
    if (!mix_down(block, info.channels, mono)) {
      fail(path, "it holds samples that are not numbers (NaN or infinite); export it again");
    }
    resampler.push(mono, audio.samples);
    n_frames += got;
  }
  if (n_frames < info.frames && info.frames < SF_COUNT_MAX) {
    fail(path, "it ends after " + std::to_string(n_frames) + " of " + std::to_string(info.frames) +
                   " samples; the file is cut off or damaged, copy or export it again");
  }
  if (n_frames == 0) fail(path, "it holds no samples; record or export it again");
  resampler.finish(audio.samples);
  return audio;
}

}  // namespace fyr
