// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "fyr/activations.hpp"
#include "fyr/onsets.hpp"
#include "support/count_allocations.hpp"
#include "support/pseudo_features.hpp"

namespace fyr {
namespace {

/// Activations below the threshold, with a hit of every drum in frame `hit`.
Activations activations_with_hit(Eigen::Index n_frames, Eigen::Index hit) {
  Activations block;
  block.hop_s = 0.01;
  block.drums = {Drum::Kick, Drum::Snare, Drum::ClosedHiHat};
  block.onsets = 0.1F * test::pseudo_features(n_frames, 3);
  block.onsets.row(hit).setOnes();
  return block;
}

TEST(PeakFinder, AllocatesForPeaksOnlyAndSeldom) {
  const Activations block = activations_with_hit(500, 250);
  PeakFinder finder(PerDrum<PeakPicking>{}, 1, 0);
  finder.push(block);
  const long before = test::n_allocations();
  constexpr int kBlocks = 100;
  for (int i = 0; i < kBlocks; ++i) finder.push(block);
  // Three drums' peaks, in vectors that double.
  EXPECT_LE(test::n_allocations() - before, 3 * 7);
  EXPECT_EQ(finder.finish()[index_of(Drum::Snare)].size(), static_cast<std::size_t>(kBlocks + 1));
}

}  // namespace
}  // namespace fyr
