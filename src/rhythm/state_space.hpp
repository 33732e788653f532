// SPDX-License-Identifier: GPL-3.0-or-later

/// The tempi of the bar pointer and the log-likelihood of hits in a step.
#pragma once

#include <memory>
#include <vector>

#include "rhythm/evidence.hpp"
#include "rhythm/patterns.hpp"
#include "rhythm/tempo.hpp"
#include "rhythm/track_bars.hpp"
#include "rhythm/tracker_kernels.hpp"

namespace fyr::rhythm {

/// Hits are not independent as a Poisson process has it: a bar's evidence is worth this share.
inline constexpr float kEvidenceShare = 0.5F;

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
