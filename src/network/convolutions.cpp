// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/convolutions.hpp"

#include <algorithm>

namespace fyr {
namespace {

/// Frames at a time: few enough to stay in the second-level cache, enough to hide that neighbouring
/// blocks compute some frames of the inner images twice.
constexpr Eigen::Index kBlockFrames = 48;

FrameRange widened(FrameRange frames, Eigen::Index by, FrameRange within) {
  return {std::max(frames.begin - by, within.begin), std::min(frames.end + by, within.end)};
}

}  // namespace

void FrameSource::standardise(const PackedNetwork& network, Eigen::Index frame,
                              Eigen::Index first_column, Eigen::Index n_columns,
                              float* values) const {
  Eigen::Map<RowVector> standardised(values, n_columns);
  const auto mean = network.input.mean.segment(first_column, n_columns);
  const auto scale = network.input.scale.segment(first_column, n_columns);
  const Eigen::Index row = first_row + frame;
  if (row >= 0 && row < features.rows()) {
    standardised =
        (features.row(row).segment(first_column, n_columns) - mean).array() * scale.array();
  } else {
    standardised = -mean.array() * scale.array();
  }
}

Convolutions::Convolutions(const PackedNetwork& network)
    : network_(network), plane_values_(network.input.image.n_features()) {
  const int n_lanes = network.kernels->n_lanes;
  const int per_operand = network.kernels->inputs_per_operand;
  std::ptrdiff_t most_operands = 0;
  std::ptrdiff_t most_sums = 0;
  for (std::size_t k = 0; k < network.convolutions.size(); ++k) {
    const PackedConvolution& layer = network.convolutions[k];
    const std::ptrdiff_t n_frames = kBlockFrames + 2 * (reach() - static_cast<int>(k));
    const std::ptrdiff_t n_operands =
        round_up(n_frames * layer.frame_operands() * per_operand, n_lanes) / per_operand;
    images_.push_back(make_aligned_operands(n_operands));
    if (k == 0) values_ = make_aligned_floats(n_operands * per_operand);
    most_operands = std::max(most_operands, std::ptrdiff_t{layer.frame_operands()});
    most_sums = std::max(most_sums, std::ptrdiff_t{layer.n_bands} * layer.padded_channels);
  }
  no_frame_ = make_aligned_operands(most_operands);
  sums_ = make_unset_floats(most_sums);
  const std::ptrdiff_t n_others =
      round_up(network.input.mean.size() - network.input.image.n_features(), n_lanes);
  other_values_ = make_aligned_floats(n_others);
  others_ = make_unset_operands(n_others);
}

void Convolutions::run(const FrameSource& source, FrameRange wanted, FrameRange image,
                       RowsView<Operand> outputs) {
  for (Eigen::Index begin = wanted.begin; begin < wanted.end; begin += kBlockFrames) {
    run_block(source, {begin, std::min(begin + kBlockFrames, wanted.end)}, image,
              {outputs.data + (begin - wanted.begin) * outputs.stride, outputs.stride});
  }
}

void Convolutions::run_block(const FrameSource& source, FrameRange wanted, FrameRange image,
                             RowsView<Operand> outputs) {
  const std::size_t n_layers = network_.convolutions.size();
  FrameRange before = widened(wanted, reach(), image);
  fill_image(source, before);
  for (std::size_t k = 0; k < n_layers; ++k) {
    const PackedConvolution& layer = network_.convolutions[k];
    const FrameRange after = widened(wanted, static_cast<Eigen::Index>(n_layers - 1 - k), image);
    const auto frame_at = [&](Eigen::Index frame) -> const Operand* {
      if (frame < before.begin || frame >= before.end) return no_frame_.get();
      return images_[k].get() + (frame - before.begin) * layer.frame_operands();
    };
    RowsView<Operand> to = outputs;
    if (k + 1 < n_layers) {
      const PackedConvolution& next = network_.convolutions[k + 1];
      to = {images_[k + 1].get() + next.band_operands, next.frame_operands()};
    }
    for (Eigen::Index frame = after.begin; frame < after.end; ++frame) {
      network_.kernels->convolve({layer.weights.get(),
                                  layer.bias.get(),
                                  layer.padded_channels / network_.kernels->n_lanes,
                                  layer.n_bands_left(),
                                  layer.pooled_bands,
                                  layer.band_operands,
                                  {frame_at(frame - 1), frame_at(frame), frame_at(frame + 1)},
                                  sums_.get(),
                                  to.data + (frame - after.begin) * to.stride});
    }
    before = after;
  }
  write_others(source, wanted, outputs);
}

/// The first convolution's inputs: for each band its value in every plane.
void Convolutions::fill_image(const FrameSource& source, FrameRange frames) {
  const PackedConvolution& first = network_.convolutions.front();
  const int per_operand = network_.kernels->inputs_per_operand;
  const std::ptrdiff_t band_values = std::ptrdiff_t{first.band_operands} * per_operand;
  const std::ptrdiff_t frame_values = std::ptrdiff_t{first.frame_operands()} * per_operand;
  for (Eigen::Index frame = frames.begin; frame < frames.end; ++frame) {
    source.standardise(network_, frame, 0, plane_values_.size(), plane_values_.data());
    float* lowest = values_.get() + (frame - frames.begin) * frame_values + band_values;
    const float* from = plane_values_.data();
    for (int plane = 0; plane < network_.input.image.n_planes; ++plane) {
      for (int band = 0; band < first.n_bands; ++band) lowest[band * band_values + plane] = *from++;
    }
  }
  const std::ptrdiff_t n_values = (frames.end - frames.begin) * frame_values;
  network_.kernels->make_operands(values_.get(), round_up(n_values, network_.kernels->n_lanes),
                                  images_.front().get());
}

void Convolutions::write_others(const FrameSource& source, FrameRange frames,
                                RowsView<Operand> outputs) {
  const Kernels& kernels = *network_.kernels;
  const Eigen::Index first = network_.input.image.n_features();
  const Eigen::Index n = network_.input.mean.size() - first;
  const PackedConvolution& last = network_.convolutions.back();
  const std::ptrdiff_t begin =
      std::ptrdiff_t{last.n_bands_left()} * last.padded_channels / kernels.inputs_per_operand;
  const std::ptrdiff_t n_operands =
      round_up(n, kernels.inputs_per_operand) / kernels.inputs_per_operand;
  for (Eigen::Index frame = frames.begin; frame < frames.end; ++frame) {
    source.standardise(network_, frame, first, n, other_values_.get());
    kernels.make_operands(other_values_.get(), round_up(n, kernels.n_lanes), others_.get());
    std::copy_n(others_.get(), n_operands,
                outputs.data + (frame - frames.begin) * outputs.stride + begin);
  }
}

}  // namespace fyr
