// SPDX-License-Identifier: GPL-3.0-or-later

/// The states of the bar pointer and where in a step each of them expects hits.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include "rhythm/track_bars.hpp"

namespace fyr::rhythm {

/// One step of one meter.
struct State {
  int meter = 0;
  int step = 0;
  bool half = false;  ///< An eighth that ends a bar with an odd number of them.
};

/// Tables are made for periods of these many frames (and up to the next).
inline constexpr std::array<double, 5> kTablePeriods{10, 16, 25, 40, 64};

/// What a list of meters expects, whatever the recording.
struct Patterns {
  explicit Patterns(std::vector<MeterChoice> meters);

  /// For periods from one of kTablePeriods to the next.
  struct Table {
    std::vector<float> log_rates;  ///< [part][bin][state], relative to the part's mean rate.
    std::vector<double> shares;    ///< [part][state]: mean of those rates; 0 in padding.
  };

  std::vector<MeterChoice> meters;
  std::vector<State> states;
  std::size_t stride = 0;     ///< States rounded up to kRowFloats; what pads them is never reached.
  std::vector<float> firsts;  ///< [state]: 1 in the first step of a bar.
  std::size_t half_begin = 0;  ///< Half steps are at these places, in multiples of kRowFloats.
  std::size_t half_end = 0;
  std::vector<Table> tables;  ///< By period. Half steps have half the bins.

 private:
  Table make_table(double spread) const;
};

/// The patterns of these meters. The last that were asked for are kept, since the recordings of a
/// run have mostly the same; any thread may call.
std::shared_ptr<const Patterns> patterns_of(const std::vector<MeterChoice>& meters);

}  // namespace fyr::rhythm
