// SPDX-License-Identifier: GPL-3.0-or-later

/// From one sample rate to another, block by block.
#pragma once

#include <memory>
#include <vector>

struct soxr;

namespace fyr {

/// Streams mono blocks through soxr's "high quality" (linear phase); equal rates pass unchanged.
class Resampler {
 public:
  Resampler(int from_hz, int to_hz);

  /// Appends what `block` makes ready.
  void push(const std::vector<float>& block, std::vector<float>& out);

  /// Appends the rest, once there are no more blocks.
  void finish(std::vector<float>& out);

 private:
  struct SoxrDelete {
    void operator()(soxr* handle) const;
  };

  void run(const float* block, std::size_t n, std::vector<float>& out);

  double ratio_;
  std::unique_ptr<soxr, SoxrDelete> soxr_;  ///< Null for equal rates.
};

}  // namespace fyr
