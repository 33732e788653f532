// SPDX-License-Identifier: GPL-3.0-or-later

/// Features on their way into the first LSTM layer of a network that begins with convolutions.
#pragma once

#include <vector>

#include "fyr/matrix.hpp"
#include "network/packed_network.hpp"

namespace fyr {

/// Frames begin..end - 1, counted from the first frame of a batch of segments.
struct FrameRange {
  Eigen::Index begin = 0;
  Eigen::Index end = 0;
};

/// The features of a batch. Frames without a row are silence.
struct FrameSource {
  const MatrixView& features;
  Eigen::Index first_row = 0;  ///< Row of frame 0.

  /// Writes the frame's standardised features from `first_column` on to `values`.
  void standardise(const PackedNetwork& network, Eigen::Index frame, Eigen::Index first_column,
                   Eigen::Index n_columns, float* values) const;
};

/// Runs the convolutions over stretches of frames. Owns the buffers; allocates nothing afterwards.
class Convolutions {
 public:
  explicit Convolutions(const PackedNetwork& network);

  /// Frames on each side of a frame that its result depends on.
  int reach() const { return static_cast<int>(network_.convolutions.size()); }

  /// Writes a row for each frame of `wanted`: what the last convolution gives, then the features
  /// that the first one does not see. Outside of `image` it sees zeros. A frame's result does not
  /// depend on which others are wanted.
  void run(const FrameSource& source, FrameRange wanted, FrameRange image,
           RowsView<Operand> outputs);

 private:
  void run_block(const FrameSource& source, FrameRange wanted, FrameRange image,
                 RowsView<Operand> outputs);
  void fill_image(const FrameSource& source, FrameRange frames);
  void write_others(const FrameSource& source, FrameRange frames, RowsView<Operand> outputs);

  const PackedNetwork& network_;
  RowVector plane_values_;  ///< One frame's features that the image holds.
  AlignedFloats values_;    ///< Frames of the first convolution's inputs, before they are operands.
  std::vector<AlignedOperands> images_;  ///< Frames of each convolution's inputs.
  AlignedOperands no_frame_;             ///< Zeros, for what lies outside.
  AlignedFloats sums_;
  AlignedFloats other_values_;  ///< One frame's features besides the image, filled up with zeros.
  AlignedOperands others_;      ///< Those as operands.
};

}  // namespace fyr
