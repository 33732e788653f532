// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/tempo.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace fyr::rhythm {
namespace {

// By hand: generous, as the tracker chooses among the tempi that are kept.
constexpr double kWindow = 12 / kFrame_s;  ///< Frames in which intervals are counted together.
/// Peaks kept of each window and octave, from fast to slow: 16ths have as many multiples as there
/// are slow tempi, which would leave no room for the tempo itself.
constexpr std::array kPeaksAnOctave = {4, 4, 3, 3};
constexpr int kAround = 1;  ///< Tempi kept on each side of a peak.
/// So many tempi between two of these are kept too: music that slows down goes through them.
constexpr std::size_t kBetween = 2;
constexpr double kOtherPart = 0.25;  ///< An interval between different parts, against the same.
constexpr double kScatter = 0.6;     ///< Deviation of an interval, in frames.
constexpr int kFewHits = 24;         ///< With fewer, intervals prove nothing.

/// Weight of every tempo's period among the intervals that start in a window.
std::vector<double> count_intervals(const Evidence& evidence, double begin, double shortest,
                                    std::size_t n_tempi) {
  std::vector<double> weights(n_tempi, 0.0);
  const double longest = shortest * std::pow(kTempoRatio, static_cast<double>(n_tempi));
  const auto n_hits = evidence.hits.size();
  const auto first =
      static_cast<std::size_t>(evidence.first_hit[static_cast<std::size_t>(std::max(0.0, begin))]);
  for (std::size_t i = first; i < n_hits && evidence.hits[i].frame < begin + kWindow; ++i) {
    for (std::size_t j = i + 1; j < n_hits; ++j) {
      const double interval = evidence.hits[j].frame - evidence.hits[i].frame;
      if (interval > longest) break;
      if (interval < 0.9 * shortest) continue;
      const double weight = evidence.hits[i].part == evidence.hits[j].part ? 1 : kOtherPart;
      const double at = std::log(interval / shortest) / std::log(kTempoRatio);
      const double spread = kScatter / interval / (kTempoRatio - 1);
      const int reach = static_cast<int>(spread) + 1;
      const int middle = static_cast<int>(std::lround(at));
      for (int k = std::max(0, middle - reach);
           k <= std::min(static_cast<int>(n_tempi) - 1, middle + reach); ++k) {
        weights[static_cast<std::size_t>(k)] +=
            weight * std::max(0.0, 1 - std::abs(k - at) / (spread + 1)) / (spread + 1);
      }
    }
  }
  return weights;
}

void keep_peaks(const std::vector<double>& weights, std::vector<bool>& kept) {
  const auto n = static_cast<int>(weights.size());
  std::vector<std::pair<double, int>> peaks;
  for (int k = 0; k < n; ++k) {
    const double here = weights[static_cast<std::size_t>(k)];
    const double before = k > 0 ? weights[static_cast<std::size_t>(k) - 1] : 0;
    const double after = k + 1 < n ? weights[static_cast<std::size_t>(k) + 1] : 0;
    if (here > 0 && here >= before && here > after) peaks.emplace_back(-here, k);
  }
  std::sort(peaks.begin(), peaks.end());
  const double octave = std::log(2.0) / std::log(kTempoRatio);
  std::array<int, kPeaksAnOctave.size()> n_kept{};
  for (const auto& [weight, peak] : peaks) {
    const auto i = std::min(static_cast<std::size_t>(peak / octave), n_kept.size() - 1);
    if (++n_kept[i] > kPeaksAnOctave[i]) continue;
    const int first = std::max(0, peak - kAround);
    const int last = std::min(n - 1, peak + kAround);
    for (int k = first; k <= last; ++k) kept[static_cast<std::size_t>(k)] = true;
  }
}

void fill_gaps(std::vector<bool>& kept) {
  std::size_t last = kept.size();
  for (std::size_t k = 0; k < kept.size(); ++k) {
    if (!kept[k]) continue;
    if (last < k && k - last <= kBetween + 1) {
      std::fill(kept.begin() + static_cast<std::ptrdiff_t>(last),
                kept.begin() + static_cast<std::ptrdiff_t>(k), true);
    }
    last = k;
  }
}

}  // namespace

std::vector<TempoState> likely_tempi(const Evidence& evidence, double shortest, double longest) {
  const auto n_tempi =
      static_cast<std::size_t>(std::log(longest * 1.001 / shortest) / std::log(kTempoRatio)) + 1;
  std::vector<bool> kept(n_tempi, false);
  for (double begin = 0; begin < evidence.n_frames; begin += kWindow / 2) {
    keep_peaks(count_intervals(evidence, begin, shortest, n_tempi), kept);
  }
  fill_gaps(kept);
  const bool all = evidence.hits.size() < kFewHits || std::ranges::none_of(kept, std::identity{});
  std::vector<TempoState> tempi;
  for (std::size_t k = 0; k < n_tempi; ++k) {
    if (!all && !kept[k]) continue;
    tempi.push_back(
        {static_cast<int>(k), shortest * std::pow(kTempoRatio, static_cast<double>(k))});
  }
  return tempi;
}

}  // namespace fyr::rhythm
