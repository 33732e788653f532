// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/timbre.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace fyr {
namespace {

/// What a full-scale sine reads.
double highest(const SpectrogramView& view) {
  return view.log_multiplier > 0 ? std::log10(1 + view.log_multiplier) : 1;
}

}  // namespace

TimbreCollector::TimbreCollector(const FeatureSettings& settings)
    : bands_per_value_(n_bands(settings.views.front(), settings.rate_hz) /
                       static_cast<int>(kNTimbreValues)),
      n_lead_(static_cast<std::size_t>(n_lead_frames(settings))),
      n_before_(n_lead_frames(settings)),
      scale_(static_cast<float>(kTimbreFullScale / highest(settings.views.front()))) {
  timbre_.hop_s = settings.hop_s();
  timbre_.log_multiplier = settings.views.front().log_multiplier;
}

void TimbreCollector::push(const MatrixView& features) {
  if (bands_per_value_ == 0) return;
  const Eigen::Index first = std::min(n_before_, features.rows());
  n_before_ -= first;
  for (Eigen::Index k = first; k < features.rows(); ++k) {
    for (Eigen::Index v = 0; v < static_cast<Eigen::Index>(kNTimbreValues); ++v) {
      const float mean = features.row(k).segment(v * bands_per_value_, bands_per_value_).mean();
      const float scaled = std::clamp(scale_ * mean, 0.0F, float{kTimbreFullScale});
      timbre_.values.push_back(static_cast<std::uint8_t>(std::lround(scaled)));
    }
  }
}

Timbre TimbreCollector::finish() {
  const std::size_t n_after = std::min(timbre_.values.size(), n_lead_ * kNTimbreValues);
  timbre_.values.erase(timbre_.values.end() - static_cast<std::ptrdiff_t>(n_after),
                       timbre_.values.end());
  return std::move(timbre_);
}

}  // namespace fyr
