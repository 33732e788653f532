// SPDX-License-Identifier: GPL-3.0-or-later

/// Logarithmic filterbank: triangular filters over FFT bins.
#pragma once

#include <span>
#include <vector>

namespace fyr {

/// One filter: weights for consecutive bins, adding up to 1.
struct BandFilter {
  int first_bin = 0;
  std::vector<float> weights;
};

/// Triangles over three neighbours each of the points 440 Hz * 2^(k / bands_per_octave) within
/// [min_hz, max_hz], rounded to bins; points that fall on the same bin are merged, so low octaves
/// have fewer bands. The first point and the last are only edges (madmom's LogarithmicFilterbank
/// with norm_filters; Böck et al., "madmom", ACM MM 2016).
std::vector<BandFilter> log_filterbank(int n_bins, double bin_hz, int bands_per_octave,
                                       double min_hz, double max_hz);

/// out[band] = sum of weights * magnitudes. The filters are narrow, so this is a sparse product.
void apply(const std::vector<BandFilter>& filters, std::span<const float> magnitudes,
           std::span<float> out);

}  // namespace fyr
