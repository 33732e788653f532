// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/batch_queue.hpp"

#include <algorithm>
#include <system_error>

namespace fyr {

BatchQueue::BatchQueue(const PackedNetwork& network, int max_segments, Eigen::Index max_inputs,
                       int n_threads)
    : slots_(n_threads > 1 ? static_cast<std::size_t>(n_threads) + 1 : 1) {
  for (Slot& slot : slots_) {
    slot.batch.inputs.resize(max_inputs, network.input.mean.size());
    slot.batch.columns.resize(Eigen::Index{max_segments} * network.segment_hop(),
                              network.outputs.n_columns());
  }
  for (int i = 0; i < std::max(1, n_threads); ++i) runners_.emplace_back(network, max_segments);
  try {
    for (std::size_t i = 1; i < runners_.size(); ++i) {
      workers_.emplace_back([this, i](const std::stop_token& stop) { work(runners_[i], stop); });
    }
  } catch (const std::system_error&) {
    // No more threads are to be had: those there are do the same work.
  }
}

void BatchQueue::send() {
  {
    const std::lock_guard lock(mutex_);
    slots_[n_sent_ % slots_.size()].done = false;
    ++n_sent_;
  }
  changed_.notify_all();
}

void BatchQueue::help() {
  std::unique_lock lock(mutex_);
  if (n_begun_ < n_sent_) {
    run_next(runners_.front(), lock);
  } else if (!empty()) {
    changed_.wait(lock, [this] { return is_done(n_taken_); });
  }
}

const Batch* BatchQueue::take_done() {
  const std::lock_guard lock(mutex_);
  return !empty() && is_done(n_taken_) ? &slot(n_taken_++) : nullptr;
}

void BatchQueue::work(BatchRunner& runner, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return n_begun_ < n_sent_; })) {
    if (stop.stop_requested()) return;
    run_next(runner, lock);
  }
}

/// Runs the first batch that is not begun, with the mutex free meanwhile.
void BatchQueue::run_next(BatchRunner& runner, std::unique_lock<std::mutex>& lock) {
  const std::size_t number = n_begun_++;
  lock.unlock();
  Batch& batch = slot(number);
  const MatrixView inputs(batch.inputs.data(), batch.n_inputs, batch.inputs.cols());
  runner.run(inputs, batch.first_frame, batch.n_segments, batch.columns);
  lock.lock();
  slots_[number % slots_.size()].done = true;
  changed_.notify_all();
}

}  // namespace fyr
