// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/network.hpp"

#include <algorithm>
#include <cassert>
#include <future>

#include "network/batch.hpp"
#include "network/packed_network.hpp"

namespace fyr {
namespace {

/// Segments that run together: one tile of the widest kernel (a multiple of every tile_rows). More
/// bring no speed (benchmarks/README.md) but need more memory.
constexpr int kBatchSegments = 6;

Activations split(const PackedNetwork& network, const Matrix& columns) {
  Activations activations;
  activations.hop_s = network.hop_s;
  activations.drums = network.outputs.onsets;
  const auto n_drums = static_cast<Eigen::Index>(network.outputs.onsets.size());
  activations.onsets = columns.leftCols(n_drums);
  if (network.outputs.velocities) activations.velocities = columns.middleCols(n_drums, n_drums);
  if (network.outputs.beats) activations.beats = columns.rightCols(2);
  return activations;
}

}  // namespace

Network::Network(const Model& model, InstructionSet set)
    : packed_(std::make_shared<const PackedNetwork>(pack(model, set))) {}

Activations Network::run(const Features& features, int n_threads) const {
  assert(features.frames.rows() == 0 || features.frames.cols() == packed_->input_mean.size());
  const Eigen::Index n_frames =
      std::max<Eigen::Index>(features.frames.rows() + Eigen::Index{2} * features.first_frame, 0);
  const Eigen::Index hop = packed_->segment_hop();
  const Eigen::Index n_segments = (n_frames + hop - 1) / hop;
  const Eigen::Index n_workers =
      std::clamp<Eigen::Index>(n_threads, 1, std::max<Eigen::Index>(n_segments, 1));
  // Batches as even as possible, the same number for every thread.
  const Eigen::Index most = kBatchSegments * n_workers;
  const Eigen::Index n_batches = (n_segments + most - 1) / most * n_workers;
  Matrix columns(n_frames, packed_->outputs.n_columns());

  const auto run_batches = [&](Eigen::Index first_batch) {
    BatchRunner runner(*packed_, static_cast<int>((n_segments + n_batches - 1) / n_batches));
    for (Eigen::Index batch = first_batch; batch < n_batches; batch += n_workers) {
      const Eigen::Index begin = n_segments * batch / n_batches;
      const Eigen::Index end = n_segments * (batch + 1) / n_batches;
      runner.run(features, begin, static_cast<int>(end - begin), columns);
    }
  };
  std::vector<std::future<void>> others;
  for (Eigen::Index worker = 1; worker < n_workers; ++worker) {
    others.push_back(std::async(std::launch::async, run_batches, worker));
  }
  if (n_batches > 0) run_batches(0);
  for (std::future<void>& other : others) other.get();
  return split(*packed_, columns);
}

}  // namespace fyr
