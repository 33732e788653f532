// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "audio/peak_meter.hpp"
#include "audio/power.hpp"
#include "audio/resampler.hpp"
#include "audio/sample_source.hpp"
#include "fyr/audio.hpp"
#include "fyr/error.hpp"

namespace fyr {
namespace {

constexpr int kMinRateHz = 8000;
constexpr int kMaxRateHz = 192000;

/// Channels whose mean has less than this share of their power are each other's negatives: 40 dB
/// down nothing is left but their noise. Wide stereo keeps half, one channel of eight an eighth.
constexpr double kCancelled = 1e-4;

/// Mean power of a square wave 20 dB over full scale: what is louder was not scaled to ±1, but to
/// the integers of 16 bits or more, a mistake that is better told than mended in silence.
constexpr double kTooLoud = 100;

constexpr const char* kNoSamples = "it holds no samples; record or export it again";

/// The source, once its rate is known to be one that is read.
std::unique_ptr<SampleSource> at_usual_rate(std::unique_ptr<SampleSource> source) {
  if (source->rate_hz() < kMinRateHz || source->rate_hz() > kMaxRateHz) {
    source->refuse("sample rate " + std::to_string(source->rate_hz()) +
                   " Hz, expected 8000 to 192000 Hz; resample it");
  }
  return source;
}

int checked(int block_frames) {
  if (block_frames > 0) return block_frames;
  throw UsageError("cannot decode " + std::to_string(block_frames) +
                   " frames at a time: it must be above 0");
}

}  // namespace

struct AudioReader::Impl {
  Impl(std::unique_ptr<SampleSource> from, int rate_hz)
      : source(at_usual_rate(std::move(from))), resampler(source->rate_hz(), rate_hz) {}

  void restart() {
    source->restart();
    n_samples = 0;
    power = 0;
  }

  /// One block at the source's rate; false after the last.
  bool decode() {
    if (!source->decode(mono)) return false;
    if (!std::ranges::all_of(mono, [](float sample) { return std::isfinite(sample); })) {
      source->refuse("it holds samples that are not numbers (NaN or infinite); export it again");
    }
    n_samples += mono.size();
    power += static_cast<double>(mono.size()) * mean_power(mono);
    return true;
  }

  void check_end() const {
    source->check_end();
    if (n_samples == 0) source->refuse(kNoSamples);
    if (power < kCancelled * source->channel_power()) {
      source->refuse(
          "its channels cancel each other out; turn the phase of one, or export one alone");
    }
    if (power > kTooLoud * static_cast<double>(n_samples)) {
      source->refuse("its samples are far over full scale (±1); export it again, or scale it down");
    }
  }

  std::unique_ptr<SampleSource> source;
  Resampler resampler;
  std::vector<float> mono;    ///< The last block.
  std::size_t n_samples = 0;  ///< Decoded so far …
  double power = 0;           ///< … and the sum of their squares.
  bool gave_samples = false;  ///< At the rate asked for, of which a file may have too few for one.
  bool ended = false;
};

AudioReader::AudioReader(const std::filesystem::path& path, int rate_hz, int block_frames)
    : impl_(std::make_unique<Impl>(open_sound_file(path, checked(block_frames)), rate_hz)) {}

AudioReader::AudioReader(const Audio& audio, int rate_hz, int block_frames)
    : impl_(std::make_unique<Impl>(open_samples(audio, checked(block_frames)), rate_hz)) {}

AudioReader::~AudioReader() = default;
AudioReader::AudioReader(AudioReader&&) noexcept = default;
AudioReader& AudioReader::operator=(AudioReader&&) noexcept = default;

Tags AudioReader::tags() const { return impl_->source->tags(); }

double AudioReader::told_duration_s() const { return impl_->source->told_duration_s(); }

bool AudioReader::may_exceed_full_scale() const { return impl_->source->may_exceed_full_scale(); }

float AudioReader::peak_up_to(float enough) {
  PeakMeter meter(impl_->source->rate_hz());
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
      if (samples.empty() && !impl_->gave_samples) impl_->source->refuse(kNoSamples);
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
