// SPDX-License-Identifier: GPL-3.0-or-later

// Compiled once for each instruction set (src/CMakeLists.txt). Only the types of
// tracker_kernels.hpp and intrinsics may be used here, no library code: see simd.hpp.
#include "network/simd.hpp"
#include "rhythm/tracker_kernels.hpp"

namespace fyr::FYR_SIMD {

extern const rhythm::TrackerKernels kTrackerKernels;

namespace {

using Bytes = std::uint8_t __attribute__((vector_size(kLanes)));

inline Integers fill_integers(std::int32_t x) { return x - Integers{}; }

inline void store_bytes(std::uint8_t* to, Integers x) {
  const Bytes bytes = __builtin_convertvector(x, Bytes);
  __builtin_memcpy(to, &bytes, sizeof bytes);
}

/// The best so far of every lane, and what it was.
struct Best {
  Vector score;
  Integers mark;

  inline void consider(Vector other, std::int32_t other_mark) {
    const Integers better = other > score;
    score = better ? other : score;
    mark = better ? fill_integers(other_mark) : mark;
  }
};

void observe(const rhythm::ObservedStep& step, int n, float* scores) {
  const Vector length = fill(step.n_frames);
  const Vector share = fill(step.share);
  const Vector downbeat = fill(step.downbeat);
  const Vector beat = fill(step.beat);
  for (int s = 0; s < n; s += kLanes) {
    Vector sum = -load(step.expected + s) * length;
    for (int i = 0; i < step.n_hits; ++i) sum += load(step.log_rates[i] + s);
    const Vector odds = load(step.firsts + s) > Vector{} ? downbeat : beat;
    store(scores + s, sum * share + odds);
  }
}

inline void consider_way(const rhythm::Ending& way, int s, Best& best) {
  best.consider(load(way.starts + s) + load(way.observed + s) + fill(way.cost), way.mark);
}

float finish(const rhythm::Endings& endings, int n, float* ends, std::uint8_t* marks) {
  Vector highest = fill(rhythm::kNever);
  for (int s = 0; s < n; s += kLanes) {
    Best best{fill(rhythm::kNever), Integers{}};
    for (int i = 0; i < endings.n_full; ++i) consider_way(endings.ways[i], s, best);
    if (s >= endings.half_begin && s < endings.half_end) {
      const rhythm::Ending* half = endings.ways + endings.n_full;
      for (int i = 0; i < endings.n_half; ++i) consider_way(half[i], s, best);
    }
    highest = best.score > highest ? best.score : highest;
    store(ends + s, best.score);
    store_bytes(marks + s, best.mark);
  }
  float most = highest[0];
  for (int i = 1; i < kLanes; ++i) most = highest[i] > most ? highest[i] : most;
  return most;
}

void follow(const rhythm::Arrival* arrivals, int n_arrivals, int n, float* arriving,
            std::uint8_t* marks) {
  for (int s = 0; s < n; s += kLanes) {
    Best best{fill(rhythm::kNever), Integers{}};
    for (int i = 0; i < n_arrivals; ++i) {
      best.consider(load(arrivals[i].ends + s) - fill(arrivals[i].cost), arrivals[i].mark);
    }
    store(arriving + s, best.score);
    store_bytes(marks + s, best.mark);
  }
}

}  // namespace

const rhythm::TrackerKernels kTrackerKernels{observe, finish, follow};

}  // namespace fyr::FYR_SIMD
