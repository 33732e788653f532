// SPDX-License-Identifier: GPL-3.0-or-later

/// The Viterbi recursion of track_bars.hpp.
///
/// A state s is a step of a meter in one pattern (patterns.hpp), k a tempo of which a step lasts
/// P(k) frames. For every frame t the best log-likelihood is kept of a path on which
///
///     S(t, k, s)  a step s at tempo k begins at t,
///     E(t, k, s)  one ends there,
///     R(t)        music has stopped, or has not begun.
///
/// Steps end after lengths L around P(k), with the hits and beats that lie in them:
///
///     E(t, k, s) = max over L of S(t - L, k, s) + length(L, k) + observed(t - L, t, s)
///
/// (step_lengths.hpp; StateSpace::observe). The next one begins there, at the tempo, one slower or
/// one faster:
///
///     A(t, k, s) = max over |k' - k| <= 1 of E(t, k', s) - [k' != k] tempo_change
///     S(t, k, s) = A(t, k, s - 1)                       inside a bar,
///     S(t, k, s) = max over m' of A(t, k, last step of m') + price(m', m) + prior(m)
///                                                       for the first step of meter and pattern m,
///
/// where the price is 0 for the same meter and pattern, less for another pattern, most for another
/// meter, and the prior that of a bar's time in it (MeterChoice). Music stops and starts:
///
///     R(t) = max of R(t - 1), if no hit lies between, and E(t, k, s) + stop, if none follows soon
///     S(t, k, s) = at least R(t) + what it costs to go on in time, elsewhere or at another tempo
///
/// (viterbi_rest.cpp). Tempi whose E lie far behind the leader's are given up (a beam,
/// viterbi_begin.cpp), and what happened long ago is settled (choices.hpp). Scores are floats; they
/// count from the last settling. In the code `now`, `t`: frame; `k`: tempo; `s`: state; `m`: index
/// of a meter in a pattern (TrackerOptions::meters); `n`: neighbour of a tempo.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "rhythm/choices.hpp"
#include "rhythm/step_lengths.hpp"

namespace fyr::rhythm {

/// Tracks one recording: `Viterbi(evidence, options, space, kernels).run()`.
class Viterbi {
 public:
  /// `space` is that of the evidence and the options' meters; options may differ in gains.
  Viterbi(const Evidence& evidence, const TrackerOptions& options, StateSpace& space,
          const TrackerKernels& kernels);
  std::vector<Pulse> run();

 private:
  static constexpr int kMostTempoChange = 1;
  static constexpr int kLeastRest = 100;  ///< Music has stopped if this many frames are silent.

  /// [tempo]
  using Lengths = std::vector<std::vector<Fit>>;

  /// The states of a meter in one pattern.
  struct MeterStates {
    std::size_t first_state, last_state;
    std::size_t first_pattern, end_pattern;  ///< Patterns of a meter stand side by side.
    float log_prior;                         ///< A frame.
    float n_steps;                           ///< Full ones: half a step is .5.
    bool has_half;                           ///< As 7/8 has.
    double shortest;                         ///< Period of a step, in frames.
  };

  /// Where a step ends.
  struct StepEnd {
    int frame;
    int tempo;
    int state;
  };

  /// Where a step begins: where the one before it ends, in tempo and state of that unless music
  /// starts here.
  struct StepBegin {
    StepEnd at;
    bool starts;
  };

  /// When the music that stopped at frame `stopped` would go on.
  struct Pause {
    int stopped = -1;
    float period = 0;  ///< Mean of its last steps, in frames; 0: unknown.
  };

  /// The best tempo to end a step at a frame.
  struct Leader {
    float score = kNever;
    int frame = 0;
    int tempo = 0;
    int state = 0;
  };

  /// The best way to be silent at a frame.
  struct Rest {
    float score;
    int entered = -1;  ///< Frame; -1: since the start.
    int tempo = 0;
    int state = 0;
  };

  void allocate();
  void finish_steps(int t);
  int gather_endings(int t, int k, const Lengths& lengths, bool half);
  const float* observed(int t, int length, bool half);
  void note_leader(int t);
  void rest(int t);
  const Rest* rest_before(int t) const;
  void begin_steps(int t);
  void begin_row(int t, int k, const Rest* rested, std::uint8_t* choices);
  void begin_bars(int t, int k, float* into, std::uint8_t* choices);
  void begin_music(int t, int k, const Rest& rested, float* into, std::uint8_t* choices);
  float period_before(const Rest& rest, int now);
  const Leader& leader() const;
  float leading_score(int t) const;
  StepBegin begin_of(const StepEnd& end) const;
  void settle(int t);
  void trace_back(Rest rest, int t, int until);

  std::size_t place(int t, int k) const {
    return static_cast<std::size_t>(k) * static_cast<std::size_t>(ring_) +
           static_cast<std::size_t>(t % ring_);
  }
  std::size_t row(int k) const { return static_cast<std::size_t>(k) * stride_; }
  bool has_ends(int k) const { return row_best_[static_cast<std::size_t>(k)] > kNever; }
  std::uint8_t& alive_at(int t, int k) { return alive_[place(t, k)]; }
  float* starts_at(int t, int k) { return starts_.get() + place(t, k) * stride_; }
  Rest& rest_at(int t) { return rests_[static_cast<std::size_t>(t) % rests_.size()]; }
  const Rest& rest_at(int t) const { return rests_[static_cast<std::size_t>(t) % rests_.size()]; }

  const Evidence& evidence_;
  const TrackerOptions& options_;
  const float rigidity_;
  StateSpace& space_;
  const TrackerKernels& kernels_;
  const std::size_t stride_;
  const std::size_t cells_;  ///< Cells of a frame: tempi x stride.
  const int ring_;           ///< Frames whose starts are kept: more than the longest step.
  const float silence_;      ///< Log-likelihood of a frame without hits, whatever the beat.
  Lengths full_, half_;
  std::vector<MeterStates> meters_;  ///< [meter in a pattern]
  std::vector<float> positions_;     ///< [state]: full steps from the beginning of its bar.
  /// [tempo] -> the tempi it can come from, from one faster to one slower; -1 = not tracked.
  std::vector<std::array<int, 2 * kMostTempoChange + 1>> neighbours_;
  /// [tempo][frame of the ring][state]: best score of beginning a step, written where alive_ only.
  /// Most of it never is, and takes no memory.
  std::unique_ptr<float[]> starts_;
  std::vector<float> ends_;          ///< Best score of ending one now …
  std::vector<std::uint8_t> marks_;  ///< … and which length was chosen.
  std::vector<float> row_best_;      ///< [tempo]: the best of its row of ends_; kNever: no row.
  std::vector<int> last_alive_;      ///< [tempo]: the last frame where steps began.
  std::vector<Leader> leaders_;      ///< Best of ends_, a ring of frames.
  std::vector<std::uint8_t> alive_;  ///< [tempo][frame of the ring]: whether steps begin there.
  std::vector<float> observed_;      ///< [half, length][state]
  std::vector<int> observed_at_;     ///< [half, length]: the frame for which that holds.
  std::vector<Ending> endings_;
  std::vector<float> arriving_;        ///< [state]: the best tempo to come from …
  std::vector<std::uint8_t> changes_;  ///< … and which that is.
  std::vector<float> arrivals_;        ///< [meter in a pattern]: those of its last step.
  /// A row: the length and, times four, the change of tempo of every state; kRested instead of a
  /// change. Then the meter before of every meter's first step.
  Choices choices_;
  std::vector<Rest> rests_;    ///< A ring of frames.
  Pause pause_;                ///< The last that was asked for.
  std::vector<Pulse> pulses_;  ///< What is settled, in order.
  int settled_ = 0;            ///< The frame that they reach.

  static constexpr std::uint8_t kLengthBits = 3;
  static constexpr int kChangeShift = 2;
  static constexpr std::uint8_t kRested = 3;
  static_assert(2 * kMostDeviation <= kLengthBits && 2 * kMostTempoChange < kRested);
};

}  // namespace fyr::rhythm
