// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectrogram/filterbank.hpp"

#include <cmath>
#include <numeric>

namespace fyr {
namespace {

constexpr double kTuningHz = 440.0;

std::vector<int> centre_bins(int n_bins, double bin_hz, int bands_per_octave, double min_hz,
                             double max_hz) {
  std::vector<int> centres;
  const auto step_of = [&](double hz) { return bands_per_octave * std::log2(hz / kTuningHz); };
  const int first = static_cast<int>(std::ceil(step_of(min_hz)));
  const int last = static_cast<int>(std::floor(step_of(max_hz)));
  for (int step = first; step <= last; ++step) {
    const double hz = kTuningHz * std::exp2(static_cast<double>(step) / bands_per_octave);
    const int bin = static_cast<int>(std::lround(hz / bin_hz));
    if (bin < n_bins && (centres.empty() || bin > centres.back())) centres.push_back(bin);
  }
  return centres;
}

BandFilter triangle(int start, int centre, int stop) {
  BandFilter filter{start + 1, {}};
  for (int bin = start + 1; bin < stop; ++bin) {
    const float weight = bin <= centre
                             ? static_cast<float>(bin - start) / static_cast<float>(centre - start)
                             : static_cast<float>(stop - bin) / static_cast<float>(stop - centre);
    filter.weights.push_back(weight);
  }
  const float area = std::accumulate(filter.weights.begin(), filter.weights.end(), 0.0F);
  for (float& weight : filter.weights) weight /= area;
  return filter;
}

}  // namespace

std::vector<BandFilter> log_filterbank(int n_bins, double bin_hz, int bands_per_octave,
                                       double min_hz, double max_hz) {
  const std::vector<int> centres = centre_bins(n_bins, bin_hz, bands_per_octave, min_hz, max_hz);
  std::vector<BandFilter> filters;
  for (std::size_t i = 1; i + 1 < centres.size(); ++i) {
    filters.push_back(triangle(centres[i - 1], centres[i], centres[i + 1]));
  }
  return filters;
}

void apply(const std::vector<BandFilter>& filters, std::span<const float> magnitudes,
           std::span<float> out) {
  for (std::size_t band = 0; band < filters.size(); ++band) {
    const float* magnitude = magnitudes.data() + filters[band].first_bin;
    float sum = 0;
    for (const float weight : filters[band].weights) sum += weight * *magnitude++;
    out[band] = sum;
  }
}

}  // namespace fyr
