// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cassert>
#include <utility>

#include "fyr/network.hpp"
#include "network/batch_queue.hpp"

namespace fyr {
namespace {

/// Segments that run together: one tile of the widest kernel (a multiple of every kernel's). More
/// bring no speed (benchmarks/README.md) but need more memory.
constexpr int kBatchSegments = 6;

}  // namespace

/// Cuts the frames that come into batches of segments. Frame numbers below count from the first
/// kept frame of the batch that is being filled.
struct NetworkStream::Impl {
  Impl(std::shared_ptr<const PackedNetwork> network, int first_frame, int n_threads,
       ActivationSink to)
      : packed(std::move(network)),
        sink(std::move(to)),
        lead(-first_frame),
        batch_frames(Eigen::Index{kBatchSegments} * packed->segment_hop()),
        look_ahead(std::max<Eigen::Index>(packed->overlap_frames, lead)),
        queue(*packed, kBatchSegments, batch_frames + 2 * look_ahead, n_threads),
        batch(&queue.filling()) {
    batch->first_frame = first_frame;
    block.hop_s = packed->input.frame_s;
    block.drums = packed->outputs.onsets;
  }

  /// The frame after the last one that came.
  Eigen::Index end() const { return batch->first_frame + batch->n_inputs; }

  /// Sends the batch off with its first `n_frames` frames to be kept and starts the next one with
  /// the frames that both read.
  void send(Eigen::Index n_frames) {
    const Eigen::Index hop = packed->segment_hop();
    const Batch& sent = *batch;
    batch->n_segments = static_cast<int>((n_frames + hop - 1) / hop);
    batch->columns.resize(n_frames, packed->outputs.n_columns());
    queue.send();
    deliver();
    while (queue.full()) {
      queue.help();
      deliver();
    }
    const Eigen::Index first = std::clamp<Eigen::Index>(
        n_frames - packed->overlap_frames - sent.first_frame, 0, sent.n_inputs);
    const Eigen::Index n = sent.n_inputs - first;
    const Eigen::Index first_frame = sent.first_frame + first - n_frames;
    batch = &queue.filling();
    const float* shared = sent.inputs.data() + first * sent.inputs.cols();
    std::copy_n(shared, n * sent.inputs.cols(), batch->inputs.data());
    batch->n_inputs = n;
    batch->first_frame = first_frame;
  }

  void deliver() {
    while (const Batch* done = queue.take_done()) {
      const Matrix& columns = done->columns;
      const auto n_drums = static_cast<Eigen::Index>(packed->outputs.onsets.size());
      block.onsets = columns.leftCols(n_drums);
      if (packed->outputs.velocities) block.velocities = columns.middleCols(n_drums, n_drums);
      if (packed->outputs.beats) block.beats = columns.rightCols(2);
      sink(block);
    }
  }

  std::shared_ptr<const PackedNetwork> packed;
  ActivationSink sink;
  Eigen::Index lead;          ///< Frames that come before and after those of the recording.
  Eigen::Index batch_frames;  ///< Kept of a full batch.
  Eigen::Index look_ahead;    ///< Frames that must be there after those before a batch runs.
  BatchQueue queue;
  Batch* batch;       ///< Being filled.
  Activations block;  ///< Given to the sink; keeps its memory.
};

NetworkStream::NetworkStream(const Network& network, int first_frame, int n_threads,
                             ActivationSink sink)
    : impl_(std::make_unique<Impl>(network.packed_, first_frame, n_threads, std::move(sink))) {}

NetworkStream::~NetworkStream() = default;
NetworkStream::NetworkStream(NetworkStream&&) noexcept = default;
NetworkStream& NetworkStream::operator=(NetworkStream&&) noexcept = default;

void NetworkStream::push(const MatrixView& frames) {
  Impl& impl = *impl_;
  assert(frames.rows() == 0 || frames.cols() == impl.packed->input.mean.size());
  for (Eigen::Index row = 0; row < frames.rows();) {
    const Eigen::Index full = impl.batch_frames + impl.look_ahead;
    const Eigen::Index n = std::min(frames.rows() - row, full - impl.end());
    impl.batch->inputs.middleRows(impl.batch->n_inputs, n) = frames.middleRows(row, n);
    impl.batch->n_inputs += n;
    row += n;
    if (impl.end() == full) impl.send(impl.batch_frames);
  }
}

void NetworkStream::finish() {
  Impl& impl = *impl_;
  for (Eigen::Index left = impl.end() - impl.lead; left > 0; left = impl.end() - impl.lead) {
    impl.send(std::min(left, impl.batch_frames));
  }
  while (!impl.queue.empty()) {
    impl.queue.help();
    impl.deliver();
  }
}

}  // namespace fyr
