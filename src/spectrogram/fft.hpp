// SPDX-License-Identifier: GPL-3.0-or-later

/// Real FFT of one fixed size. The only place that sees FFTW.
#pragma once

#include <complex>
#include <memory>
#include <span>

namespace fyr {

/// Forward transform of `size` real samples to size / 2 + 1 bins, unnormalised.
///
/// Plans are estimated, not measured, so that the same input gives the same bits in every run.
/// Making and destroying are serialised (FFTW's planner is not thread-safe); one object serves one
/// thread at a time.
class RealFft {
 public:
  explicit RealFft(int size);
  ~RealFft();
  RealFft(const RealFft&) = delete;
  RealFft& operator=(const RealFft&) = delete;
  RealFft(RealFft&&) noexcept;
  RealFft& operator=(RealFft&&) noexcept;

  /// Where the caller puts the samples; execute() may overwrite them.
  std::span<float> input();
  /// Transforms input(); the result stays valid until the next call.
  std::span<const std::complex<float>> execute();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fyr
