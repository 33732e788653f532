// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/spectrogram.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "fyr/error.hpp"
#include "spectrogram/fft.hpp"
#include "spectrogram/filterbank.hpp"
#include "support/npy.hpp"

namespace fyr {
namespace {

using ::testing::HasSubstr;

/// Largest difference from NumPy in double precision, relative to the value, or to 1e-2 where that
/// is larger: a difference of two frames keeps the absolute rounding of the levels it is made of
/// (0..4).
constexpr float kParityTolerance = 1e-4F;

SpectrogramView linear_view() {
  SpectrogramView view;
  view.scale = FrequencyScale::Linear;
  return view;
}

FeatureSettings two_views() {
  SpectrogramView slow{2048, FrequencyScale::LogFilterbank, 12, 30, 17000, 4000, true};
  SpectrogramView fast{512, FrequencyScale::LogFilterbank, 6, 120, 17000, 4000, true};
  return {44100, 441, {slow, fast}};
}

Audio sine(double hz, std::size_t n_samples) {
  Audio audio{std::vector<float>(n_samples), 44100};
  for (std::size_t n = 0; n < n_samples; ++n) {
    const double phase = 2 * std::numbers::pi * hz * static_cast<double>(n) / 44100;
    audio.samples[n] = static_cast<float>(std::sin(phase));
  }
  return audio;
}

Audio fixture_audio() {
  const Matrix samples = test::read_npy(FYR_TEST_DATA "/spectrogram/samples.npy");
  return {std::vector<float>(samples.data(), samples.data() + samples.size()), 44100};
}

void expect_near_relative(const Matrix& actual, const Matrix& expected) {
  ASSERT_EQ(actual.rows(), expected.rows());
  ASSERT_EQ(actual.cols(), expected.cols());
  const Matrix scale = expected.cwiseAbs().cwiseMax(1e-2F);
  const float worst = (actual - expected).cwiseAbs().cwiseQuotient(scale).maxCoeff();
  EXPECT_LT(worst, kParityTolerance);
}

TEST(RealFft, ConstantLandsInBinZero) {
  RealFft fft(64);
  for (float& sample : fft.input()) sample = 1.0F;
  const auto bins = fft.execute();
  ASSERT_EQ(bins.size(), 33U);
  EXPECT_NEAR(std::abs(bins[0]), 64.0F, 1e-4F);
  EXPECT_NEAR(std::abs(bins[1]), 0.0F, 1e-4F);
}

TEST(Filterbank, FiltersHaveUnitAreaAndRisingCentres) {
  const auto filters = log_filterbank(1025, 44100.0 / 2048, 12, 30, 17000);
  EXPECT_GT(filters.size(), 60U);
  int previous = -1;
  for (const BandFilter& filter : filters) {
    float area = 0;
    for (const float weight : filter.weights) area += weight;
    EXPECT_NEAR(area, 1.0F, 1e-5F);
    EXPECT_GT(filter.first_bin, previous);
    previous = filter.first_bin;
  }
}

TEST(Spectrogram, FullScaleSineOnABinReadsOne) {
  const FeatureSettings settings{44100, 441, {linear_view()}};
  const Features features = compute_features(sine(100 * 44100.0 / 2048, 44100), settings);
  const auto row = features.frames.row(50 - features.first_frame);
  EXPECT_EQ(features.frames.cols(), 1025);
  EXPECT_NEAR(row[100], 1.0F, 1e-3F);
  EXPECT_NEAR(row[101], 0.5F, 1e-3F);  // Hann's first side bin
  EXPECT_NEAR(row[103], 0.0F, 1e-3F);
}

TEST(Spectrogram, FrameIsCentredOnItsHop) {
  Audio audio{std::vector<float>(44100), 44100};
  audio.samples[20 * 441] = 1.0F;
  FeatureSettings settings{44100, 441, {linear_view()}};
  const Features features = compute_features(audio, settings);
  Eigen::Index loudest = 0;
  features.frames.col(10).maxCoeff(&loudest);
  EXPECT_EQ(loudest + features.first_frame, 20);
}

TEST(Spectrogram, EqualsNumPyWithTwoViews) {
  const Features features = compute_features(fixture_audio(), two_views());
  EXPECT_EQ(features.first_frame, -2);
  EXPECT_EQ(features.frames.cols(), n_features(two_views()));
  expect_near_relative(features.frames,
                       test::read_npy(FYR_TEST_DATA "/spectrogram/log_filterbank.npy"));
}

TEST(Spectrogram, EqualsNumPyWithLinearBins) {
  const Features features = compute_features(fixture_audio(), {44100, 441, {linear_view()}});
  const Matrix expected = test::read_npy(FYR_TEST_DATA "/spectrogram/linear_every_8th.npy");
  Matrix every_8th(expected.rows(), expected.cols());
  for (Eigen::Index row = 0; row < expected.rows(); ++row) {
    every_8th.row(row) = features.frames.row(8 * row);
  }
  expect_near_relative(every_8th, expected);
}

TEST(Spectrogram, ShiftingByWholeHopsShiftsTheFrames) {
  Audio audio = fixture_audio();
  const Features before = compute_features(audio, two_views());
  audio.samples.insert(audio.samples.begin(), 7 * 441, 0.0F);
  const Features after = compute_features(audio, two_views());
  ASSERT_EQ(after.frames.rows(), before.frames.rows() + 7);
  EXPECT_EQ(after.frames.bottomRows(before.frames.rows()), before.frames);
}

TEST(Spectrogram, GivesTheSameFramesHoweverTheSamplesAreCut) {
  const Audio audio = fixture_audio();
  const Matrix whole = compute_features(audio, two_views()).frames;
  for (const std::size_t block : {1U, 440U, 441U, 3000U}) {
    SpectrogramStream stream(two_views());
    Eigen::Index row = 0;
    const auto expect_next = [&](const MatrixView& frames) {
      ASSERT_LE(row + frames.rows(), whole.rows());
      EXPECT_EQ(Matrix(frames), Matrix(whole.middleRows(row, frames.rows())));
      row += frames.rows();
    };
    for (std::size_t at = 0; at < audio.samples.size(); at += block) {
      const std::size_t n = std::min(block, audio.samples.size() - at);
      expect_next(stream.push({audio.samples.data() + at, n}));
    }
    expect_next(stream.finish());
    EXPECT_EQ(row, whole.rows()) << block;
  }
}

TEST(Spectrogram, NoSamplesGiveNoFrames) {
  const Features features = compute_features({{}, 44100}, two_views());
  EXPECT_EQ(features.frames.rows(), 0);
}

TEST(Spectrogram, ImpossibleSettingsAreNamed) {
  const auto said = [](auto set) -> std::string {
    FeatureSettings settings = two_views();
    settings.views[1].scale = FrequencyScale::LogFilterbank;
    check(settings);
    set(settings, settings.views[1]);
    try {
      check(settings);
    } catch (const InputError& error) {
      return error.what();
    }
    return "taken";
  };
  using Settings = FeatureSettings;
  using View = SpectrogramView;
  EXPECT_THAT(said([](Settings& s, View&) { s.rate_hz = 7999; }), HasSubstr("rate_hz must be"));
  for (const int hop : {0, 4, 44101, 2147483647}) {
    EXPECT_THAT(said([=](Settings& s, View&) { s.hop_samples = hop; }),
                HasSubstr("hop_samples must last"));
  }
  EXPECT_THAT(said([](Settings& s, View&) { s.views.clear(); }), HasSubstr("at least one view"));
  EXPECT_THAT(said([](Settings& s, View& v) { s.views.assign(17, v); }), HasSubstr("16 views"));
  for (const int window : {14, 1023, 65538}) {
    EXPECT_THAT(said([=](Settings&, View& v) { v.window_samples = window; }),
                HasSubstr("window_samples must be even"));
  }
  EXPECT_THAT(said([](Settings&, View& v) { v.log_multiplier = -1; }), HasSubstr("log_multiplier"));
  EXPECT_THAT(said([](Settings&, View& v) { v.bands_per_octave = 97; }),
              HasSubstr("bands_per_octave must be"));
  EXPECT_THAT(said([](Settings&, View& v) { v.min_hz = 0; }), HasSubstr("min_hz must be"));
  EXPECT_THAT(said([](Settings&, View& v) { v.min_hz = v.max_hz; }), HasSubstr("below max_hz"));
  EXPECT_THAT(said([](Settings&, View& v) { v.max_hz = 30000; }), HasSubstr("half of rate_hz"));
}

}  // namespace
}  // namespace fyr
