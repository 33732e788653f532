// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/batch.hpp"

#include <algorithm>

namespace fyr {
namespace {

/// Rows projected at a time: enough for whole tiles, few enough to stay in the second-level cache.
constexpr int kProjectedRows = 192;
constexpr int kStandardisedRows = 48;
constexpr int kConvolvedRows = 96;

int steps_per_chunk(int n_segments) { return std::max(1, kProjectedRows / n_segments); }

}  // namespace

BatchRunner::BatchRunner(const PackedNetwork& network, int max_segments) : network_(network) {
  const std::ptrdiff_t n_steps = network.segment_frames;
  const std::ptrdiff_t n_frames =
      std::ptrdiff_t{network.segment_hop()} * (max_segments - 1) + n_steps;
  std::ptrdiff_t projected =
      std::ptrdiff_t{network.segment_hop()} * max_segments * network.padded_outputs;
  std::ptrdiff_t most_units = 0;
  for (const PackedBiLstm& layer : network.lstm_layers) {
    const std::ptrdiff_t n_rows =
        &layer == &network.lstm_layers.front() ? n_frames : std::max(kProjectedRows, max_segments);
    projected = std::max(projected, n_rows * layer.n_gates);
    most_units = std::max(most_units, std::ptrdiff_t{layer.padded_units});
  }
  const int per_operand = network.kernels->inputs_per_operand;
  const PackedBiLstm& first = network.lstm_layers.front();
  const std::ptrdiff_t depth = first.directions[0].input.depth;
  inner_ = {0, network.segment_frames};
  if (network.convolutions.empty()) {
    standardised_ = make_aligned_floats(kStandardisedRows * depth * per_operand);
    inputs_ = make_unset_operands(kStandardisedRows * depth);
  } else {
    convolutions_.emplace(network);
    inner_.begin = std::min(convolutions_->reach(), inner_.end);
    inner_.end = std::max(inner_.begin, inner_.end - convolutions_->reach());
    inputs_ = make_unset_operands(kConvolvedRows * depth);
    const std::ptrdiff_t n_edge_rows = std::ptrdiff_t{n_edge_steps()} * max_segments;
    edge_inputs_ = make_unset_operands(n_edge_rows * depth);
    edge_projected_ = make_unset_floats(2 * n_edge_rows * first.n_gates);
    direction_stride_ = n_frames * first.n_gates;
    projected = std::max(projected, 2 * direction_stride_);
  }
  projected_ = make_unset_floats(projected);
  const std::size_t n_buffers = std::min<std::size_t>(network.lstm_layers.size(), hidden_.size());
  for (std::size_t i = 0; i < n_buffers; ++i) {
    hidden_[i] = make_unset_operands(n_steps * max_segments * 2 * most_units / per_operand);
  }
  cell_ = make_aligned_floats(max_segments * most_units);
}

void BatchRunner::run(const MatrixView& inputs, Eigen::Index first_frame, int n_segments,
                      Matrix& columns) {
  n_segments_ = n_segments;
  const FrameSource source{inputs, -network_.overlap_frames - first_frame};
  if (convolutions_) project_convolved(source);
  const int n_steps = network_.segment_frames;
  const std::size_t n_layers = network_.lstm_layers.size();
  const Operand* layer_inputs = nullptr;
  for (std::size_t i = 0; i < n_layers; ++i) {
    // The last layer's outputs at discarded frames would only be read by later steps.
    const int unread = i + 1 == n_layers ? network_.overlap_frames : 0;
    Operand* hidden = hidden_[i % hidden_.size()].get();
    const PackedBiLstm& layer = network_.lstm_layers[i];
    for (std::size_t direction = 0; direction < 2; ++direction) {
      const Steps steps = direction == 0 ? Steps{0, n_steps - unread} : Steps{unread, n_steps};
      if (i == 0) {
        if (!convolutions_) project_features(source, layer.directions[direction], layer.n_gates);
        run_first_layer(direction, steps, hidden);
      } else {
        run_direction(i, direction, steps, layer_inputs, hidden);
      }
    }
    layer_inputs = hidden;
  }
  run_dense(layer_inputs, columns);
}

/// Neighbouring segments share frames: each is convolved and projected once, but for those near the
/// edges of a segment, where the zeros around it reach. Those come from each segment alone.
void BatchRunner::project_convolved(const FrameSource& source) {
  const PackedBiLstm& layer = network_.lstm_layers.front();
  const std::ptrdiff_t n_gates = layer.n_gates;
  const std::ptrdiff_t depth = layer.directions[0].input.depth;
  const auto project = [&](const Operand* rows, std::ptrdiff_t n, float* to,
                           std::ptrdiff_t stride) {
    for (const PackedLstm& direction : layer.directions) {
      network_.kernels->project(direction.input.view(), direction.input.bias.get(), {rows, depth},
                                static_cast<int>(n), {to, n_gates});
      to += stride;
    }
  };
  const Eigen::Index last = n_frames() - (network_.segment_frames - inner_.end);
  for (Eigen::Index begin = inner_.begin; begin < last; begin += kConvolvedRows) {
    const Eigen::Index end = std::min<Eigen::Index>(begin + kConvolvedRows, last);
    convolutions_->run(source, {begin, end}, {0, n_frames()}, {inputs_.get(), depth});
    project(inputs_.get(), end - begin, projected_.get() + begin * n_gates, direction_stride_);
  }
  for (int segment = 0; segment < n_segments_; ++segment) {
    const Eigen::Index begin = Eigen::Index{segment} * network_.segment_hop();
    const Eigen::Index end = begin + network_.segment_frames;
    const std::ptrdiff_t stride = n_segments_ * depth;
    Operand* rows = edge_inputs_.get() + segment * depth;
    convolutions_->run(source, {begin, begin + inner_.begin}, {begin, end}, {rows, stride});
    convolutions_->run(source, {begin + inner_.end, end}, {begin, end},
                       {rows + inner_.begin * stride, stride});
  }
  const std::ptrdiff_t n_edge_rows = std::ptrdiff_t{n_edge_steps()} * n_segments_;
  project(edge_inputs_.get(), n_edge_rows, edge_projected_.get(), n_edge_rows * n_gates);
}

/// Neighbouring segments share frames: each frame is standardised and projected once.
void BatchRunner::project_features(const FrameSource& source, const PackedLstm& lstm, int n_gates) {
  const Eigen::Index depth = lstm.input.depth;
  const Eigen::Index width = depth * network_.kernels->inputs_per_operand;
  for (Eigen::Index begin = 0; begin < n_frames(); begin += kStandardisedRows) {
    const Eigen::Index n = std::min<Eigen::Index>(kStandardisedRows, n_frames() - begin);
    for (Eigen::Index i = 0; i < n; ++i) {
      source.standardise(network_, begin + i, 0, network_.input.mean.size(),
                         standardised_.get() + i * width);
    }
    network_.kernels->make_operands(standardised_.get(), kStandardisedRows * width, inputs_.get());
    network_.kernels->project(lstm.input.view(), lstm.input.bias.get(), {inputs_.get(), depth},
                              static_cast<int>(n), {projected_.get() + begin * n_gates, n_gates});
  }
}

void BatchRunner::run_direction(std::size_t index, std::size_t direction, Steps steps,
                                const Operand* layer_inputs, Operand* hidden) {
  const PackedBiLstm& layer = network_.lstm_layers[index];
  const std::ptrdiff_t n_gates = layer.n_gates;
  std::fill_n(cell_.get(), std::ptrdiff_t{n_segments_} * layer.padded_units, 0.0F);
  const int chunk_steps = steps_per_chunk(n_segments_);
  const PackedMatrix& input = layer.directions[direction].input;
  for (int done = 0; done < steps.end - steps.begin; done += chunk_steps) {
    const int n = std::min(chunk_steps, steps.end - steps.begin - done);
    const int begin = direction == 0 ? steps.begin + done : steps.end - done - n;
    const std::ptrdiff_t first_row = std::ptrdiff_t{begin} * n_segments_;
    network_.kernels->project(input.view(), input.bias.get(),
                              {layer_inputs + first_row * input.depth, input.depth},
                              n * n_segments_, {projected_.get(), n_gates});
    run_steps(layer, direction, steps, {begin, begin + n}, {projected_.get(), n_gates},
              n_segments_ * n_gates, hidden);
  }
}

/// The inner steps read what is projected once for all segments, those at the edges their own.
void BatchRunner::run_first_layer(std::size_t direction, Steps steps, Operand* hidden) {
  const PackedBiLstm& layer = network_.lstm_layers.front();
  const std::ptrdiff_t n_gates = layer.n_gates;
  const auto at = static_cast<std::ptrdiff_t>(direction);
  std::fill_n(cell_.get(), std::ptrdiff_t{n_segments_} * layer.padded_units, 0.0F);
  const auto run_edge = [&](Steps edge, int first_row) {
    const std::ptrdiff_t row = at * n_edge_steps() + first_row;
    run_steps(layer, direction, steps, edge,
              {edge_projected_.get() + row * n_segments_ * n_gates, n_gates}, n_segments_ * n_gates,
              hidden);
  };
  const Steps head{0, inner_.begin};
  const Steps tail{inner_.end, network_.segment_frames};
  const bool forward = direction == 0;
  run_edge(forward ? head : tail, forward ? 0 : inner_.begin);
  run_steps(layer, direction, steps, inner_,
            {projected_.get() + at * direction_stride_ + inner_.begin * n_gates,
             network_.segment_hop() * n_gates},
            n_gates, hidden);
  run_edge(forward ? tail : head, forward ? inner_.begin : 0);
}

/// Walks through the part of `chunk` that is in `steps`; `gates` starts with the chunk's first
/// step.
void BatchRunner::run_steps(const PackedBiLstm& layer, std::size_t direction, Steps steps,
                            Steps chunk, RowsView<const float> gates, std::ptrdiff_t step_stride,
                            Operand* hidden) {
  const bool forward = direction == 0;
  const std::ptrdiff_t units = layer.padded_units / network_.kernels->inputs_per_operand;
  const std::ptrdiff_t row_stride = 2 * units;
  const auto hidden_at = [&](int step) {
    return hidden + std::ptrdiff_t{step} * n_segments_ * row_stride +
           static_cast<std::ptrdiff_t>(direction) * units;
  };
  const int begin = std::max(steps.begin, chunk.begin);
  const int end = std::min(steps.end, chunk.end);
  for (int i = 0; i < end - begin; ++i) {
    const int at = forward ? begin + i : end - 1 - i;
    const bool first = at == (forward ? steps.begin : steps.end - 1);
    const Operand* previous = first ? nullptr : hidden_at(forward ? at - 1 : at + 1);
    network_.kernels->step_lstm({layer.directions[direction].recurrent.view(),
                                 {gates.data + (at - chunk.begin) * step_stride, gates.stride},
                                 {previous, row_stride},
                                 {cell_.get(), layer.padded_units},
                                 {hidden_at(at), row_stride},
                                 n_segments_});
  }
}

void BatchRunner::run_dense(const Operand* hidden, Matrix& columns) {
  const std::ptrdiff_t width = network_.dense.depth;
  const std::ptrdiff_t n_rows = std::ptrdiff_t{network_.segment_hop()} * n_segments_;
  const std::ptrdiff_t first_row = std::ptrdiff_t{network_.overlap_frames} * n_segments_;
  const std::ptrdiff_t n_outputs = network_.padded_outputs;
  network_.kernels->project(network_.dense.view(), network_.dense.bias.get(),
                            {hidden + first_row * width, width}, static_cast<int>(n_rows),
                            {projected_.get(), n_outputs});
  network_.kernels->finish_sigmoid(projected_.get(), n_rows * n_outputs);
  for (std::ptrdiff_t row = 0; row < n_rows; ++row) {
    const std::ptrdiff_t segment = row % n_segments_;
    const Eigen::Index frame = segment * network_.segment_hop() + row / n_segments_;
    if (frame >= columns.rows()) continue;
    std::copy_n(projected_.get() + row * n_outputs, columns.cols(), columns.row(frame).data());
  }
}

}  // namespace fyr
