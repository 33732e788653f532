// SPDX-License-Identifier: GPL-3.0-or-later

/// The Viterbi recursion of track_bars.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "rhythm/choices.hpp"
#include "rhythm/step_lengths.hpp"

namespace fyr::rhythm {

/// Tracks one recording: `Viterbi(evidence, options).run()`.
class Viterbi {
 public:
  Viterbi(const Evidence& evidence, const TrackerOptions& options);
  std::vector<Pulse> run();

 private:
  static constexpr int kMostTempoChange = 1;

  /// [length in frames]
  using Lengths = std::vector<std::vector<Fit>>;

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

  void finish_steps(int t);
  void finish_lengths(int t, const Lengths& lengths, bool half);
  void rank(int t);
  void rest(int t);
  const Rest* rest_before(int t) const;
  void begin_steps(int t);
  void follow_tempo(int k);
  void begin_bars(int t, float* into, std::uint8_t* source) const;
  void begin_music(const Rest& rested, float* into, std::uint8_t* source) const;
  const Leader& leader() const;
  void settle(int t);
  void trace_back(Rest rest, int t, int until);

  std::size_t cell(int k, int s) const {
    return static_cast<std::size_t>(k) * stride_ + static_cast<std::size_t>(s);
  }
  std::uint8_t& alive_at(int t, int k) {
    return alive_[static_cast<std::size_t>((t % ring_) * space_.n_tempi() + k)];
  }
  float* starts_at(int t) { return starts_.data() + static_cast<std::size_t>(t % ring_) * cells_; }

  const Evidence& evidence_;
  const TrackerOptions& options_;
  const StateSpace space_;
  const std::size_t stride_;
  const std::size_t cells_;  ///< Cells of a frame: tempi x stride.
  const int ring_;           ///< Frames whose starts are kept: more than the longest step.
  Lengths full_, half_;
  std::vector<int> last_state_;  ///< [meter]
  /// [tempo] -> the tempi it can come from, from one faster to one slower; -1 = not tracked.
  std::vector<std::array<int, 2 * kMostTempoChange + 1>> neighbours_;
  std::vector<float> starts_;      ///< Best score of beginning a step, a ring of frames.
  std::vector<float> ends_;        ///< Best score of ending one now …
  std::vector<std::int32_t> how_;  ///< … and the deviation chosen.
  std::vector<float> scores_;
  std::vector<float> row_best_;       ///< [tempo]: the best of its row of ends_.
  std::vector<Leader> leaders_;       ///< Best of ends_, a ring of frames.
  std::vector<std::uint8_t> alive_;   ///< [frame of the ring][tempo]: whether steps begin there.
  std::vector<float> arriving_;       ///< [state]: see follow_tempo().
  std::vector<std::int32_t> change_;  ///< [state]
  Choices choices_;
  std::vector<Rest> rests_;    ///< [frame]
  std::vector<Pulse> pulses_;  ///< What is settled, in order.
  int settled_ = 0;            ///< The frame that they reach.
};

}  // namespace fyr::rhythm
