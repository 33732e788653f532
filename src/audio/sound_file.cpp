// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "audio/cut_off.hpp"
#include "audio/file_bytes.hpp"
#include "audio/mpeg_frames.hpp"
#include "audio/resampler.hpp"
#include "audio/snd_file.hpp"
#include "fyr/audio.hpp"
#include "fyr/error.hpp"
#include "text.hpp"

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

/// Of 64 KiB, of a pipe or device: more than the headers of any format need.
constexpr int kBlocksToKnow = 16;

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& why) {
  const std::string name = path == "-" ? "standard input" : "\"" + path.string() + "\"";
  throw InputError("cannot read " + name + ": " + why);
}

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

/// Whether libsndfile knows the format of what stands in the file so far. An ID3 tag may hide where
/// an MP3 begins.
bool may_become_sound(std::FILE* file) {
  std::fflush(file);
  const FileBytes bytes(fileno(file));
  if (bytes.at(0, 3) == "ID3") return true;
  std::rewind(file);
  SF_INFO info{};
  const SndFile sound(sf_open_fd(fileno(file), SFM_READ, &info, SF_FALSE));
  const bool known = sound || sf_error(nullptr) != SF_ERR_UNRECOGNISED_FORMAT;
  std::fseek(file, 0, SEEK_END);
  return known;
}

/// Copies the rest of `source` into a temporary file, after `prefix`. What is no sound is not
/// copied to an end that it may not have.
File spool(const std::filesystem::path& path, std::FILE* source, const std::string& prefix) {
  File copy(std::tmpfile());
  bool good = copy && std::fwrite(prefix.data(), 1, prefix.size(), copy.get()) == prefix.size();
  std::vector<char> bytes(1 << 16);
  for (int n_blocks = 1; good && std::feof(source) == 0; ++n_blocks) {
    const std::size_t got = std::fread(bytes.data(), 1, bytes.size(), source);
    good = std::ferror(source) == 0 && std::fwrite(bytes.data(), 1, got, copy.get()) == got;
    if (good && n_blocks == kBlocksToKnow && !may_become_sound(copy.get())) {
      fail(path, "not a sound file that libsndfile reads; convert it to WAV or FLAC");
    }
  }
  if (!good || std::fflush(copy.get()) != 0) {
    fail(path, std::string(std::strerror(errno)) + "; save it as a file first");
  }
  std::rewind(copy.get());
  return copy;
}

/// Opens a regular file with something in it, turning the system's reasons into one line.
File open_bytes(const std::filesystem::path& path) {
  errno = 0;
  File file(path == "-" ? fdopen(dup(STDIN_FILENO), "rb") : std::fopen(path.c_str(), "rb"));
  if (!file && errno == ENOENT) fail(path, "no such file; check the path");
  if (!file) fail(path, why_closed());
  struct stat status {};
  fstat(fileno(file.get()), &status);
  if (S_ISDIR(status.st_mode)) fail(path, "it is a folder; name the recordings in it");
  // Pipes cannot be rewound, which most formats need.
  if (!S_ISREG(status.st_mode)) file = spool(path, file.get(), "");
  if (FileBytes(fileno(file.get())).size() == 0) {
    fail(path, "the file is empty; record or export it again");
  }
  return file;
}

/// Puts the number of frames before an MP3 that lacks it.
File count_mpeg_frames(const std::filesystem::path& path, File file) {
  const auto frames = scan_mpeg(FileBytes(fileno(file.get())));
  if (!frames || frames->counted) return file;
  fseeko(file.get(), frames->start, SEEK_SET);
  return spool(path, file.get(), counting_frame(*frames));
}

/// Opens what can be decoded to its end, as far as containers tell.
File open_whole(const std::filesystem::path& path) {
  File file = open_bytes(path);
  if (is_cut_off(FileBytes(fileno(file.get())))) {
    fail(path, "it is cut off or damaged, its end is missing; copy or export it again");
  }
  return count_mpeg_frames(path, std::move(file));
}

SndFile open_sound(const std::filesystem::path& path, std::FILE* file, SF_INFO& info) {
  SndFile sound(sf_open_fd(fileno(file), SFM_READ, &info, SF_FALSE));
  if (!sound) {
    fail(path, std::string("not a sound file that libsndfile reads (") + sf_strerror(nullptr) +
                   "); convert it to WAV or FLAC");
  }
  if (info.samplerate < kMinRateHz || info.samplerate > kMaxRateHz) {
    fail(path, "sample rate " + std::to_string(info.samplerate) +
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

/// The largest magnitude of a recording, told from that of one knock on the microphone.
class PeakMeter {
 public:
  explicit PeakMeter(int rate_hz) : tenth_(static_cast<std::size_t>(rate_hz / 10)) {}

  void push(std::span<const float> samples) {
    while (!samples.empty()) {
      const std::size_t n = std::min(samples.size(), tenth_ - n_in_tenth_);
      const Eigen::Map<const Eigen::ArrayXf> part(samples.data(), static_cast<Eigen::Index>(n));
      peak_ = std::max(peak_, part.abs().maxCoeff());
      samples = samples.subspan(n);
      n_in_tenth_ += n;
      if (n_in_tenth_ == tenth_) end_tenth();
    }
  }

  /// Of the samples so far, as far as tenths of a second are whole.
  float often_reached() const { return loudest_.back(); }

  /// Of all samples, once the last are there. What lasts three tenths of a second at most and
  /// leaves all else far below counts less.
  float peak() {
    end_tenth();
    const float loudest = loudest_.front();
    const float often = often_reached();
    if (often == 0 || often > kFarBelow * loudest) return loudest;
    return std::max(often, kLeastShare * loudest);
  }

 private:
  /// -18 dB: the loudest tenth of 60 rendered validation performances (render_performances.py) is
  /// at most 14 dB above the fourth loudest (2026-11-28).
  static constexpr float kFarBelow = 0.125F;
  /// -24 dB: where the knock is all there is, the noise around it must not become as loud as music.
  static constexpr float kLeastShare = 0.0625F;

  void end_tenth() {
    if (peak_ > loudest_.back()) {
      loudest_.back() = peak_;
      std::ranges::sort(loudest_, std::greater());
    }
    peak_ = 0;
    n_in_tenth_ = 0;
  }

  std::size_t tenth_;                  ///< Of a second, in samples.
  std::size_t n_in_tenth_ = 0;         ///< That peak_ is of.
  float peak_ = 0;                     ///< Of the tenth that has begun.
  std::array<float, 4> loudest_ = {};  ///< Tenths, the loudest first.
};

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
        sound(open_sound(path, file.get(), info)),
        resampler(info.samplerate, rate_hz),
        block_frames(frames),
        block(static_cast<std::size_t>(frames) * static_cast<std::size_t>(info.channels)) {}

  /// Back to the first frame. Decoders of lossy formats may not seek there exactly, so it is opened
  /// anew.
  void restart() {
    sound.reset();
    std::rewind(file.get());
    info = {};
    sound = open_sound(path, file.get(), info);
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
      fail(path, "it holds samples that are not numbers (NaN or infinite); export it again");
    }
    const auto frames = static_cast<double>(got);
    mixed_power += frames * power(mono, mono.size());
    channel_power += frames * power(block, mono.size() * static_cast<std::size_t>(info.channels));
    return true;
  }

  void check_end() const {
    if (sf_error(sound.get()) != SF_ERR_NO_ERROR || ends_early(n_frames, info)) {
      fail(path, "it is cut off or damaged after " + std::to_string(n_frames / info.samplerate) +
                     " s; copy or export it again");
    }
    if (n_frames == 0) fail(path, kNoSamples);
    if (mixed_power < kCancelled * channel_power) {
      fail(path, "its channels cancel each other out; turn the phase of one, or export one alone");
    }
    if (mixed_power > kTooLoud * static_cast<double>(n_frames)) {
      fail(path, "its samples are far over full scale (±1); export it again, or scale it down");
    }
  }

  std::filesystem::path path;
  File file;
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
      if (samples.empty() && !impl_->gave_samples) fail(impl_->path, kNoSamples);
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
