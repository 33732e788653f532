// SPDX-License-Identifier: GPL-3.0-or-later

/// The states of the bar pointer and the log-likelihood of hits in a step.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "rhythm/evidence.hpp"
#include "rhythm/tempo.hpp"
#include "rhythm/track_bars.hpp"
#include "rhythm/tracker_kernels.hpp"

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

/// All states, all tempi of a recording, and the log-likelihood of its hits in a step.
class StateSpace {
 public:
  StateSpace(const TrackerOptions& options, const Evidence& evidence,
             const TrackerKernels& kernels);

  int n_states() const { return static_cast<int>(patterns_->states.size()); }
  /// Patterns::stride.
  int stride() const { return static_cast<int>(patterns_->stride); }
  const State& state(int s) const { return patterns_->states[static_cast<std::size_t>(s)]; }
  bool has_halves() const { return half_begin() < half_end(); }
  int half_begin() const { return static_cast<int>(patterns_->half_begin); }
  int half_end() const { return static_cast<int>(patterns_->half_end); }

  int n_tempi() const { return static_cast<int>(tempi_.size()); }
  const TempoState& tempo(int k) const { return tempi_[static_cast<std::size_t>(k)]; }
  /// Frames a full step lasts at tempo `k`.
  double period(int k) const { return tempo(k).period; }

  /// Log-likelihood of the hits from frame `begin` to before `end`, if these bound one full
  /// (or half) step, for every state: `stride()` values. States of the other length get what no
  /// path survives. Of half steps only half_begin() to half_end() is written.
  ///
  /// Every part is a Poisson process whose mean rate is that of the recording; the bar patterns
  /// only say where in the bar it is higher or lower. So a busy drummer does not seem fast.
  void observe(const Evidence& evidence, int begin, int end, bool half, float* scores);

 private:
  std::vector<float> expect(const Patterns::Table& table, const Evidence& evidence,
                            bool half) const;

  const TrackerKernels& kernels_;
  std::shared_ptr<const Patterns> patterns_;
  std::vector<TempoState> tempi_;
  /// [table][state]: hits expected a frame in full and in half steps; boundless in other states.
  std::vector<std::vector<float>> expected_full_, expected_half_;
  std::vector<const float*> rows_;  ///< Of the hits that are observed.
};

}  // namespace fyr::rhythm
