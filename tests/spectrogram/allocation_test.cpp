// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "fyr/spectrogram.hpp"
#include "support/count_allocations.hpp"

namespace fyr {
namespace {

TEST(SpectrogramStream, AllocatesNothingOnceItHasSeenBlocksOfThatLength) {
  FeatureSettings settings;
  settings.views.resize(2);
  settings.views[0].difference = true;
  settings.views[1].window_samples = 1024;
  settings.views[1].scale = FrequencyScale::Linear;
  settings.views[1].log_multiplier = 1;
  const std::vector<float> block(10'000, 0.25F);

  const long before_making = test::n_allocations();
  SpectrogramStream stream(settings);
  EXPECT_GT(test::n_allocations(), before_making);
  Eigen::Index n_frames = 0;
  for (int i = 0; i < 4; ++i) n_frames += stream.push(block).rows();
  const long before = test::n_allocations();
  for (int i = 0; i < 50; ++i) n_frames += stream.push(block).rows();
  EXPECT_EQ(test::n_allocations(), before);
  EXPECT_GT(n_frames, 1000);
}

}  // namespace
}  // namespace fyr
