// SPDX-License-Identifier: GPL-3.0-or-later

/// The states of the bar pointer and the cost of a step, laid out for the Viterbi recursion.
#pragma once

#include <vector>

#include "rhythm/evidence.hpp"
#include "rhythm/tempo.hpp"
#include "rhythm/track_bars.hpp"

namespace fyr::rhythm {

/// One step of one meter.
struct State {
  int meter = 0;
  int step = 0;
  bool half = false;  ///< An eighth that ends a bar with an odd number of them.
};

/// All states, all tempi, and the log-likelihood of hits in a step.
class StateSpace {
 public:
  StateSpace(const TrackerOptions& options, const Evidence& evidence);

  int n_states() const { return static_cast<int>(states_.size()); }
  /// n_states() rounded up to whole vectors; what pads them is never reached.
  int stride() const { return stride_; }
  const State& state(int s) const { return states_[static_cast<std::size_t>(s)]; }
  bool has_halves() const { return has_halves_; }

  int n_tempi() const { return static_cast<int>(tempi_.size()); }
  const TempoState& tempo(int k) const { return tempi_[static_cast<std::size_t>(k)]; }
  /// Frames a full step lasts at tempo `k`.
  double period(int k) const { return tempo(k).period; }

  /// Log-likelihood of the hits from frame `begin` to before `end`, if these bound one full
  /// (or half) step, for every state: `stride()` values. States of the other length get nothing.
  ///
  /// Every part is a Poisson process whose mean rate is that of the recording; the bar patterns
  /// only say where in the bar it is higher or lower. So a busy drummer does not seem fast.
  void observe(const Evidence& evidence, int begin, int end, bool half, float* scores) const;

 private:
  struct Table {
    std::vector<float> log_rates;  ///< [part][bin][state], relative to the part's mean rate.
    std::vector<float> expected;   ///< [state]: hits expected a frame; boundless in padding.
  };
  Table make_table(const TrackerOptions& options, const Evidence& evidence, double spread,
                   bool half) const;
  const Table& table_for(double step_frames, bool half) const;

  std::vector<State> states_;
  int stride_ = 0;
  bool has_halves_ = false;
  std::vector<TempoState> tempi_;
  std::vector<Table> full_, half_;  ///< By period.
};

}  // namespace fyr::rhythm
