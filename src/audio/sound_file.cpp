// SPDX-License-Identifier: GPL-3.0-or-later
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "audio/peak_meter.hpp"
#include "audio/resampler.hpp"
#include "audio/snd_file.hpp"
#include "audio/whole_file.hpp"
#include "fyr/audio.hpp"
#include "fyr/error.hpp"
#include "utf8.hpp"

namespace fyr {
namespace {

constexpr int kMinRateHz = 8000;
constexpr int kMaxRateHz = 192000;

/// Channels whose mean has less than this share of their power are each other's negatives: 40 dB
/// down nothing is left but their noise. Wide stereo keeps half, one channel of eight an eighth.
constexpr double kCancelled = 1e-4;

/// Mean power of a square wave 20 dB over full scale: what is louder was not scaled to ±1, but to
/// the integers of 16 bits or more, and hears as noise.
constexpr double kTooLoud = 100;

void check_disk(const std::filesystem::path& path, const PiecedFile& file) {
  if (file.error() == 0) return;
  fail_to_read(path, std::generic_category().message(file.error()) + "; check the disk");
}

SndFile open_sound(const std::filesystem::path& path, PiecedFile& file, SF_INFO& info) {
  SndRefusal refusal;
  SndFile sound = open_to_read(file, info, refusal);
  check_disk(path, file);
  if (!sound) {
    fail_to_read(path, "not a sound file that libsndfile reads (" + refusal.why +
                           "); convert it to WAV or FLAC");
  }
  if (info.samplerate < kMinRateHz || info.samplerate > kMaxRateHz) {
    fail_to_read(path, "sample rate " + std::to_string(info.samplerate) +
                           " Hz, expected 8000 to 192000 Hz; resample it");
  }
  return sound;
}

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

constexpr const char* kNoSamples = "it holds no samples; record or export it again";

/// Mean of the squares of the first `n`.
double power(const std::vector<float>& values, std::size_t n) {
  const Eigen::Map<const Eigen::ArrayXf> first(values.data(), static_cast<Eigen::Index>(n));
  return static_cast<double>(first.square().mean());
}

/// Without blanks, line ends and other controls at the ends.
std::string_view without_edges(std::string_view text) {
  const auto is_edge = [](char character) {
    const auto code = static_cast<unsigned char>(character);
    return code <= 0x20 || code == 0x7F;
  };
  while (!text.empty() && is_edge(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_edge(text.back())) text.remove_suffix(1);
  return text;
}

std::string tag_of(SNDFILE* sound, int which) {
  const char* text = sf_get_string(sound, which);
  return text == nullptr ? "" : as_utf8(without_edges(text));
}

/// FLAC knows its length, or says that it does not; elsewhere `info.frames` may be an estimate.
bool ends_early(sf_count_t n_frames, const SF_INFO& info) {
  return (info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC && n_frames < info.frames &&
         info.frames < SF_COUNT_MAX;
}

}  // namespace

struct AudioReader::Impl {
  Impl(std::filesystem::path from, int rate_hz, int frames)
      : path(std::move(from)),
        file(open_whole(path)),
        sound(open_sound(path, file, info)),
        resampler(info.samplerate, rate_hz),
        block_frames(frames),
        block(static_cast<std::size_t>(frames) * static_cast<std::size_t>(info.channels)) {}

  /// Back to the first frame. Decoders of lossy formats may not seek there exactly, so it is opened
  /// anew.
  void restart() {
    sound.reset();
    info = {};
    sound = open_sound(path, file, info);
    n_frames = 0;
    mixed_power = channel_power = 0;
  }

  /// One block of the file, mixed down; false after the last.
  bool decode() {
    const sf_count_t got = sf_readf_float(sound.get(), block.data(), block_frames);
    if (got <= 0) return false;
    n_frames += got;
    mono.resize(static_cast<std::size_t>(got));
    if (!mix_down(block, info.channels, mono)) {
      fail_to_read(path,
                   "it holds samples that are not numbers (NaN or infinite); export it again");
    }
    const auto frames = static_cast<double>(got);
    mixed_power += frames * power(mono, mono.size());
    channel_power += frames * power(block, mono.size() * static_cast<std::size_t>(info.channels));
    return true;
  }

  void check_end() const {
    check_disk(path, file);
    if (sf_error(sound.get()) != SF_ERR_NO_ERROR || ends_early(n_frames, info)) {
      fail_to_read(path, "it is cut off or damaged after " +
                             std::to_string(n_frames / info.samplerate) +
                             " s; copy or export it again");
    }
    if (n_frames == 0) fail_to_read(path, kNoSamples);
    if (mixed_power < kCancelled * channel_power) {
      fail_to_read(
          path, "its channels cancel each other out; turn the phase of one, or export one alone");
    }
    if (mixed_power > kTooLoud * static_cast<double>(n_frames)) {
      fail_to_read(path,
                   "its samples are far over full scale (±1); export it again, or scale it down");
    }
  }

  std::filesystem::path path;
  PiecedFile file;
  SF_INFO info{};
  SndFile sound;
  Resampler resampler;
  sf_count_t block_frames;
  sf_count_t n_frames = 0;   ///< Decoded so far, at the file's rate.
  std::vector<float> block;  ///< Interleaved.
  std::vector<float> mono;
  double mixed_power = 0;  ///< Summed over the frames, as is that of the channels.
  double channel_power = 0;
  bool gave_samples = false;  ///< At the rate asked for, of which a file may have too few for one.
  bool ended = false;
};

AudioReader::AudioReader(const std::filesystem::path& path, int rate_hz, int block_frames)
    : impl_(std::make_unique<Impl>(path, rate_hz, block_frames)) {}

AudioReader::~AudioReader() = default;
AudioReader::AudioReader(AudioReader&&) noexcept = default;
AudioReader& AudioReader::operator=(AudioReader&&) noexcept = default;

Tags AudioReader::tags() const {
  SNDFILE* sound = impl_->sound.get();
  return {tag_of(sound, SF_STR_TITLE), tag_of(sound, SF_STR_ARTIST)};
}

double AudioReader::told_duration_s() const {
  const SF_INFO& info = impl_->info;
  if (info.frames <= 0 || info.frames == SF_COUNT_MAX) return 0;
  return static_cast<double>(info.frames) / info.samplerate;
}

float AudioReader::peak_up_to(float enough) {
  PeakMeter meter(impl_->info.samplerate);
  while (meter.often_reached() < enough && impl_->decode()) meter.push(impl_->mono);
  impl_->restart();
  return std::min(meter.peak(), enough);
}

bool AudioReader::read(std::vector<float>& samples) {
  samples.clear();
  // The resampler holds the first blocks back until its filter is full.
  while (samples.empty() && !impl_->ended) {
    if (impl_->decode()) {
      impl_->resampler.push(impl_->mono, samples);
    } else {
      impl_->check_end();
      impl_->resampler.finish(samples);
      impl_->ended = true;
      if (samples.empty() && !impl_->gave_samples) fail_to_read(impl_->path, kNoSamples);
    }
  }
  impl_->gave_samples |= !samples.empty();
  return !samples.empty();
}

Audio read_audio(const std::filesystem::path& path, int rate_hz) {
  AudioReader reader(path, rate_hz);
  Audio audio;
  audio.rate_hz = rate_hz;
  for (std::vector<float> block; reader.read(block);) {
    audio.samples.insert(audio.samples.end(), block.begin(), block.end());
  }
  return audio;
}

}  // namespace fyr
