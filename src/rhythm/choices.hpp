// SPDX-License-Identifier: GPL-3.0-or-later

/// The Viterbi recursion's memory: which way led to each cell of the last minutes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "rhythm/evidence.hpp"

namespace fyr::rhythm {

/// The score of what cannot be.
inline constexpr float kNever = -1e9F;

/// What happened this long ago is settled: by then the likely paths have merged (truncated
/// traceback, as decoders of convolutional codes do: Forney, "The Viterbi algorithm", Proc. IEEE
/// 61, 1973). So memory does not grow with the recording.
inline constexpr int kSettleEvery = static_cast<int>(60 / kFrame_s);

/// A source is eight times the meter before, or this, plus the tempo change.
inline constexpr int kFromRest = 31;

/// Choices of every cell in a ring of frames that reaches back to what is settled.
class Choices {
 public:
  /// `longest`: frames that no step exceeds.
  Choices(std::size_t n_cells, int n_frames, int longest)
      : n_cells_(n_cells),
        ring_(static_cast<std::size_t>(std::min(n_frames, 2 * kSettleEvery + longest) + 1)),
        lengths_(n_cells * ring_),
        sources_(n_cells * ring_) {}

  /// [cell]: which of its tempo's lengths the step had that ends at frame `t`.
  std::uint8_t* lengths(int t) { return lengths_.data() + row(t); }
  /// [cell]: where the step that begins at frame `t` came from.
  std::uint8_t* sources(int t) { return sources_.data() + row(t); }

 private:
  std::size_t row(int t) const { return static_cast<std::size_t>(t) % ring_ * n_cells_; }

  std::size_t n_cells_;
  std::size_t ring_;
  std::vector<std::uint8_t> lengths_, sources_;
};

}  // namespace fyr::rhythm
