// SPDX-License-Identifier: GPL-3.0-or-later

/// Audio: from a sound file to mono samples at the model's rate.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace fyr {

/// A mono recording.
struct Audio {
  std::vector<float> samples;  ///< Full scale is ±1; louder is allowed (float files).
  int rate_hz = 0;

  double duration_s() const { return static_cast<double>(samples.size()) / rate_hz; }
};

/// What a sound file says of its music (ID3, Vorbis comments, RIFF INFO …); empty where it says
/// nothing. Without blanks and controls at the ends; what is no UTF-8 is taken for Windows-1252.
struct Tags {
  std::string title;
  std::string artist;
};

/// Frames that AudioReader decodes at a time, unless told otherwise: a third of a second at 48 kHz.
inline constexpr int kAudioBlockFrames = 1 << 14;

/// Reads a recording in blocks, so that its length does not matter.
///
/// Reads any file that libsndfile reads (WAV, FLAC, Ogg, MP3, AIFF, …) and, through a program
/// `ffmpeg` in the PATH, others (M4A, AAC, WMA, films, …), 8–192 kHz, any number of channels:
/// averages the channels and resamples to `rate_hz`.
/// Resampling: soxr "high quality" (linear phase, 20 bit), so that onset times do not move.
/// The samples do not depend on `block_frames`; UsageError unless it is above 0.
class AudioReader {
 public:
  /// The path "-" is standard input. Pipes are read to their end first, and without ffmpeg; so is
  /// what ffmpeg decodes. The copies lie in the folder for temporary files and have no name.
  /// Throws InputError, naming cause and remedy, when the file is missing, a folder, unreadable,
  /// not audio or shorter than its header says. The latter is found out in WAV (RIFF, RIFX, RF64,
  /// W64), AIFF, AU, CAF, FLAC, Ogg and MP3; of other formats libsndfile reads what is there.
  AudioReader(const std::filesystem::path& path, int rate_hz, int block_frames = kAudioBlockFrames);
  /// Samples in memory, at 8–192 kHz too; `audio` must outlive the reader. Throws InputError for
  /// other rates.
  AudioReader(const Audio& audio, int rate_hz, int block_frames = kAudioBlockFrames);
  AudioReader(const Audio&& audio, int rate_hz, int block_frames = kAudioBlockFrames) = delete;
  ~AudioReader();
  AudioReader(const AudioReader&) = delete;
  AudioReader& operator=(const AudioReader&) = delete;
  AudioReader(AudioReader&&) noexcept;
  AudioReader& operator=(AudioReader&&) noexcept;

  Tags tags() const;

  /// How long the file says that it is; 0 if it says nothing, and it may be wrong.
  double told_duration_s() const;

  /// Whether samples may lie well beyond ±1: those of float files and of memory. (Those of lossy
  /// files exceed it a little, few by much.)
  bool may_exceed_full_scale() const;

  /// The largest magnitude of the channels' mean at the file's rate, less a constant offset, or
  /// `enough` where it is found to be reached, after which nothing more is decoded. A knock on the
  /// microphone counts less: of what lasts at most 0.2 s and is 18 dB over all else in 5 s or more,
  /// the rest's magnitude is told, but no less than 24 dB under the knock's or full scale. Leaves
  /// the reader at the beginning; call it before `read`. Throws as `read`, except for what only the
  /// end tells.
  float peak_up_to(float enough);

  /// Puts the next samples into `samples`; after the last ones leaves it empty and returns false.
  /// Throws InputError when the file turns out to be damaged, without samples, to hold NaN or
  /// infinite samples, samples far over full scale (mean power over 100) or channels that cancel
  /// each other out (mean power under 1e-4 of theirs).
  bool read(std::vector<float>& samples);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// All of a recording: what AudioReader reads, put together.
Audio read_audio(const std::filesystem::path& path, int rate_hz);

}  // namespace fyr
