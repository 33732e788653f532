// SPDX-License-Identifier: GPL-3.0-or-later

/// Batches of segments between the thread that fills them and those that run them.
#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "network/batch.hpp"

namespace fyr {

/// One batch: what goes in and what comes out (BatchRunner::run).
struct Batch {
  Matrix inputs;              ///< Room for the most rows that a batch needs …
  Eigen::Index n_inputs = 0;  ///< … and how many are filled.
  Eigen::Index first_frame = 0;
  int n_segments = 0;
  Matrix columns;
};

/// A ring of batches. One thread, the owner's, fills, sends and takes them; up to n_threads - 1
/// others run them. Results are taken in the order of sending. All memory is taken when it is made.
class BatchQueue {
 public:
  BatchQueue(const PackedNetwork& network, int max_segments, Eigen::Index max_inputs,
             int n_threads);
  ~BatchQueue() = default;
  BatchQueue(const BatchQueue&) = delete;
  BatchQueue& operator=(const BatchQueue&) = delete;

  /// The batch to fill. Requires: not full().
  Batch& filling() { return slot(n_sent_); }
  /// Hands the filled batch over.
  void send();

  bool full() const { return n_sent_ - n_taken_ == slots_.size(); }
  bool empty() const { return n_sent_ == n_taken_; }

  /// Runs a batch that no thread has begun, or waits until the oldest is done.
  void help();

  /// The oldest batch, once it is done, else null. Valid until its place is filled again.
  const Batch* take_done();

 private:
  struct Slot {
    Batch batch;
    bool done = false;
  };
  Batch& slot(std::size_t number) { return slots_[number % slots_.size()].batch; }
  bool is_done(std::size_t number) const { return slots_[number % slots_.size()].done; }
  void work(BatchRunner& runner, const std::stop_token& stop);
  void run_next(BatchRunner& runner, std::unique_lock<std::mutex>& lock);

  std::vector<Slot> slots_;
  std::vector<BatchRunner> runners_;  ///< The first is the owner's.
  std::mutex mutex_;                  ///< Guards what follows and Slot::done.
  std::condition_variable_any changed_;
  // Numbers of batches since the beginning.
  std::size_t n_sent_ = 0;   ///< Changed by the owner only, who so may read it unguarded.
  std::size_t n_taken_ = 0;  ///< Only the owner's.
  std::size_t n_begun_ = 0;
  /// Fewer where no more can be started. Last, so that they stop before what they use goes.
  std::vector<std::jthread> workers_;
};

}  // namespace fyr
