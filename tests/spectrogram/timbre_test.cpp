// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/timbre.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

namespace fyr {
namespace {

/// 81 bands, so four make a value and one is left over; the frame before the first sample already
/// hears it.
FeatureSettings settings() {
  FeatureSettings settings;
  settings.views.resize(1);
  settings.views[0].log_multiplier = 4000;
  settings.views[0].difference = true;
  return settings;
}

std::vector<float> sine(double hz, double seconds) {
  std::vector<float> samples(static_cast<std::size_t>(seconds * 44100));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] =
        static_cast<float>(std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / 44100));
  }
  return samples;
}

/// As transcribe() does, in blocks of `block` samples.
Timbre timbre_of(const std::vector<float>& samples, std::size_t block) {
  SpectrogramStream spectrogram(settings());
  TimbreCollector collector(settings());
  for (std::size_t i = 0; i < samples.size(); i += block) {
    const std::size_t n = std::min(block, samples.size() - i);
    collector.push(spectrogram.push(std::span(samples).subspan(i, n)));
  }
  collector.push(spectrogram.finish());
  return collector.finish();
}

TEST(Timbre, IsTheMeanOfNeighbouringBands) {
  const std::vector<float> samples = sine(1000, 0.5);
  const Features features = compute_features({samples, 44100}, settings());
  const Timbre timbre = timbre_of(samples, samples.size());
  ASSERT_EQ(n_bands(settings().views[0], 44100), 81);
  ASSERT_EQ(timbre.n_frames(), 50U);
  EXPECT_EQ(timbre.log_multiplier, 4000);
  const double full_scale = std::log10(4001.0);
  for (std::size_t frame = 0; frame < timbre.n_frames(); ++frame) {
    const auto row = static_cast<Eigen::Index>(frame) - features.first_frame;
    for (std::size_t v = 0; v < kNTimbreValues; ++v) {
      double sum = 0;
      for (Eigen::Index band = 0; band < 4; ++band) {
        sum += static_cast<double>(features.frames(row, 4 * static_cast<Eigen::Index>(v) + band));
      }
      EXPECT_NEAR(timbre.values[frame * kNTimbreValues + v], 255 * sum / 4 / full_scale, 0.51)
          << frame << " " << v;
    }
  }
}

TEST(Timbre, DoesNotDependOnTheBlocks) {
  const std::vector<float> samples = sine(300, 1);
  const Timbre whole = timbre_of(samples, samples.size());
  EXPECT_EQ(timbre_of(samples, 1000).values, whole.values);
  EXPECT_EQ(timbre_of(samples, 100).values, whole.values);
}

TEST(Timbre, OfNoSoundIsEmpty) { EXPECT_TRUE(timbre_of({}, 1).values.empty()); }

TEST(Timbre, NeedsEnoughBands) {
  FeatureSettings few = settings();
  few.views[0].bands_per_octave = 2;
  ASSERT_LT(n_bands(few.views[0], 44100), 20);
  TimbreCollector collector(few);
  const Features features = compute_features({sine(300, 0.1), 44100}, few);
  collector.push({features.frames.data(), features.frames.rows(), features.frames.cols()});
  EXPECT_TRUE(collector.finish().values.empty());
}

}  // namespace
}  // namespace fyr
