// SPDX-License-Identifier: GPL-3.0-or-later

/// Where a reader's samples come from: a file or memory.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "fyr/audio.hpp"

namespace fyr {

class SampleSource {
 public:
  SampleSource() = default;
  virtual ~SampleSource() = default;
  SampleSource(const SampleSource&) = delete;
  SampleSource& operator=(const SampleSource&) = delete;

  virtual int rate_hz() const = 0;
  virtual Tags tags() const = 0;
  virtual double told_duration_s() const = 0;
  virtual bool may_exceed_full_scale() const = 0;

  /// Puts the mean of the channels of the next block into `mono`; false after the last.
  virtual bool decode(std::vector<float>& mono) = 0;

  /// The mean of the channels' squares, summed over the frames so far; 0 where there is one
  /// channel.
  virtual double channel_power() const = 0;

  /// Throws InputError for what turns out to be damaged. To be called after the last block.
  virtual void check_end() const = 0;

  /// Back to the first sample.
  virtual void restart() = 0;

  /// Throws InputError with the source's name.
  [[noreturn]] virtual void refuse(const std::string& why) const = 0;
};

/// A sound file in blocks of `block_frames`. Throws InputError as AudioReader does.
std::unique_ptr<SampleSource> open_sound_file(const std::filesystem::path& path, int block_frames);

/// Samples in memory, which must outlive the source.
std::unique_ptr<SampleSource> open_samples(const Audio& audio, int block_frames);

}  // namespace fyr
