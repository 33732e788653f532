// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/peak_meter.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <functional>
#include <numeric>

namespace fyr {
namespace {

/// -18 dB: the loudest tenth of 60 rendered validation performances (render_performances.py) is
/// at most 14 dB above the fourth loudest (2026-11-28).
constexpr float kFarBelow = 0.125F;
/// -24 dB: where the knock is all there is, the noise around it must not become as loud as music. A
/// bad sample of a float file, beyond full scale, must not make the music as soft as that.
constexpr float kLeastShare = 0.0625F;
/// 5 s: a shorter one may be a single stroke.
constexpr std::size_t kFewestTenths = 50;

}  // namespace

PeakMeter::PeakMeter(int rate_hz) : n_a_tenth_(static_cast<std::size_t>(rate_hz / 10)) {}

void PeakMeter::push(std::span<const float> samples) {
  while (!samples.empty()) {
    const std::size_t n = std::min(samples.size(), n_a_tenth_ - begun_.n);
    const Eigen::Map<const Eigen::ArrayXf> part(samples.data(), static_cast<Eigen::Index>(n));
    begun_.least = std::min(begun_.least, part.minCoeff());
    begun_.most = std::max(begun_.most, part.maxCoeff());
    // In order, for the sum must not depend on how the recording is cut into blocks.
    begun_.sum = std::accumulate(part.begin(), part.end(), begun_.sum);
    begun_.n += n;
    samples = samples.subspan(n);
    if (begun_.n == n_a_tenth_) end_tenth();
  }
}

float PeakMeter::peak() {
  end_tenth();
  const float loudest = loudest_.front();
  const float often = often_reached();
  if (n_tenths_ < kFewestTenths || often == 0 || often > kFarBelow * loudest) return loudest;
  return std::max(often, kLeastShare * std::min(1.0F, loudest));
}

/// Music has no mean over a tenth of a second but what a sound card adds.
void PeakMeter::end_tenth() {
  if (begun_.n == 0) return;
  ++n_tenths_;
  const auto offset = static_cast<float>(begun_.sum / static_cast<double>(begun_.n));
  const float peak = std::max(begun_.most - offset, offset - begun_.least);
  if (peak > loudest_.back()) {
    loudest_.back() = peak;
    std::ranges::sort(loudest_, std::greater());
  }
  begun_ = {};
}

}  // namespace fyr
