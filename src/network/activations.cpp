// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/activations.hpp"

#include <algorithm>
#include <utility>

namespace fyr {
namespace {

/// Puts `block` under the first n_frames rows of `all`, whose room doubles when it is used up.
void append(Matrix& all, Eigen::Index n_frames, const Matrix& block) {
  const Eigen::Index needed = n_frames + block.rows();
  if (needed > all.rows()) {
    all.conservativeResize(std::max(needed, 2 * all.rows()), block.cols());
  }
  all.middleRows(n_frames, block.rows()) = block;
}

}  // namespace

void ActivationCollector::push(const Activations& block) {
  all_.hop_s = block.hop_s;
  all_.drums = block.drums;
  if (!beats_only_) {
    append(all_.onsets, n_frames_, block.onsets);
    if (block.velocities.size() > 0) append(all_.velocities, n_frames_, block.velocities);
  }
  if (block.beats.size() > 0) append(all_.beats, n_frames_, block.beats);
  n_frames_ += block.onsets.rows();
}

Activations ActivationCollector::finish() {
  for (Matrix* matrix : {&all_.onsets, &all_.velocities, &all_.beats}) {
    if (matrix->size() > 0) matrix->conservativeResize(n_frames_, matrix->cols());
  }
  return std::move(all_);
}

}  // namespace fyr
