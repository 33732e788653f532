// SPDX-License-Identifier: GPL-3.0-or-later

/// The bar tracker's inner loops, one set of functions for each instruction set. All sets add and
/// compare the same numbers in the same order, so that their results are equal to the bit.
#pragma once

#include <cstdint>

#include "fyr/instruction_set.hpp"

namespace fyr::rhythm {

/// The score of what cannot be.
inline constexpr float kNever = -1e9F;

/// Rows of states are padded to a multiple of this, a vector of the widest set.
inline constexpr int kRowFloats = 16;

/// The log-likelihood of one step, for every state.
struct ObservedStep {
  const float* const* log_rates;  ///< The row of every hit in the step.
  int n_hits;
  const float* expected;  ///< Hits expected a frame.
  float n_frames;
  float share;          ///< The sum is multiplied with this.
  const float* firsts;  ///< 1 for the first step of a bar, otherwise 0.
  float downbeat;       ///< Added to first steps …
  float beat;           ///< … and to others.
};

/// One way to end a step: after which beginning, with which length.
struct Ending {
  const float* starts;    ///< Score of every state when the step began.
  const float* observed;  ///< What the step's hits add.
  float cost;             ///< What its length adds.
  std::int32_t mark;      ///< Noted if this way is the best.
};

/// All ways in which a tempo's steps may end at a frame.
struct Endings {
  const Ending* ways;
  int n_full;                ///< The first ways are full steps, …
  int n_half;                ///< … the others half ones, looked at from half_begin to half_end.
  int half_begin, half_end;  ///< Multiples of kRowFloats.
};

/// One tempo to come from.
struct Arrival {
  const float* ends;
  float cost;
  std::int32_t mark;
};

/// Rows are `n` floats or bytes long, a multiple of kRowFloats.
struct TrackerKernels {
  void (*observe)(const ObservedStep& step, int n, float* scores);

  /// The best way to end a step, and its mark, for every state. Returns the best of all states.
  float (*finish)(const Endings& endings, int n, float* ends, std::uint8_t* marks);

  /// The best tempo to come from, and its mark, for every state.
  void (*follow)(const Arrival* arrivals, int n_arrivals, int n, float* arriving,
                 std::uint8_t* marks);
};

/// Requires: is_supported(set).
const TrackerKernels& tracker_kernels(InstructionSet set);

}  // namespace fyr::rhythm
