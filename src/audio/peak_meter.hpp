// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <span>

namespace fyr {

/// The largest magnitude of a recording, told from that of one knock on the microphone and from a
/// constant offset.
class PeakMeter {
 public:
  explicit PeakMeter(int rate_hz);

  void push(std::span<const float> samples);

  /// Of the samples so far, as far as tenths of a second are whole.
  float often_reached() const { return loudest_.back(); }

  /// Of all samples, once the last are there. What lasts two tenths of a second at most, and so
  /// lies in three, and leaves all else far below counts less, unless the recording is hardly
  /// longer.
  float peak();

 private:
  /// As far as a tenth of a second has come.
  struct Tenth {
    std::size_t n = 0;  ///< Samples.
    float least = std::numeric_limits<float>::max();
    float most = std::numeric_limits<float>::lowest();
    double sum = 0;
  };

  void end_tenth();

  std::size_t n_a_tenth_;
  std::size_t n_tenths_ = 0;  ///< Ended.
  Tenth begun_;
  std::array<float, 4> loudest_ = {};  ///< Tenths, the loudest first.
};

}  // namespace fyr
