// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/kit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "fyr/encode_sound.hpp"

namespace fyr {
namespace {

float peak_of(const std::vector<float>& samples) {
  return std::abs(*std::max_element(samples.begin(), samples.end(),
                                    [](float a, float b) { return std::abs(a) < std::abs(b); }));
}

/// Zero crossings a second: how bright a sound is.
double brightness(const std::vector<float>& samples, int rate_hz) {
  int n = 0;
  const std::size_t end = std::min<std::size_t>(samples.size(), 4000);
  for (std::size_t k = 1; k < end; ++k) n += (samples[k] > 0) != (samples[k - 1] > 0) ? 1 : 0;
  return n * static_cast<double>(rate_hz) / static_cast<double>(end);
}

/// One channel of interleaved two.
std::vector<float> channel(const std::vector<float>& samples, std::size_t index) {
  std::vector<float> out;
  for (std::size_t k = index; k < samples.size(); k += 2) out.push_back(samples[k]);
  return out;
}

Audio recording() {
  Audio audio{std::vector<float>(2 * 44100), 44100};
  audio.samples[300] = 0.8F;
  return audio;
}

TEST(DrumSample, IsFiniteAudibleAndStartsAtOnce) {
  for (const DrumInfo& drum : kDrums) {
    for (const int rate_hz : {8000, 44100}) {
      const std::vector<float> sample = drum_sample(drum.drum, rate_hz);
      ASSERT_TRUE(std::all_of(sample.begin(), sample.end(), [](float v) {
        return std::isfinite(v);
      })) << drum.id;
      EXPECT_LE(peak_of(sample), 1.0F) << drum.id;
      EXPECT_GT(peak_of(sample), 0.3F) << drum.id;
      EXPECT_LE(sample.size(), static_cast<std::size_t>(2.5 * rate_hz)) << drum.id;
      const std::vector<float> attack(sample.begin(), sample.begin() + rate_hz / 50);
      EXPECT_GT(peak_of(attack), 0.3F * peak_of(sample)) << drum.id;
      EXPECT_LT(std::abs(sample.back()), 0.01F) << drum.id;
    }
  }
}

TEST(DrumSample, SoundsLikeItsInstrument) {
  const auto bright = [](Drum drum) { return brightness(drum_sample(drum, 44100), 44100); };
  EXPECT_LT(bright(Drum::Kick), bright(Drum::FloorTom) + 200);
  EXPECT_LT(bright(Drum::FloorTom), bright(Drum::HighTom));
  EXPECT_LT(bright(Drum::HighTom), bright(Drum::Snare));
  EXPECT_LT(bright(Drum::Snare), bright(Drum::ClosedHiHat));
  EXPECT_LT(drum_sample(Drum::ClosedHiHat, 44100).size() * 4,
            drum_sample(Drum::OpenHiHat, 44100).size());
}

TEST(Sonify, PutsTheRecordingLeftAndTheHitsRight) {
  const auto out = sonify(recording(), {{1.0, Drum::Snare, 127, 1}});
  ASSERT_EQ(out.size(), 4U * 44100);
  EXPECT_EQ(channel(out, 0), recording().samples);
  const std::vector<float> right = channel(out, 1);
  EXPECT_EQ(peak_of({right.begin(), right.begin() + 44100}), 0.0F);
  EXPECT_GT(peak_of({right.begin() + 44100, right.begin() + 44600}), 0.1F);
}

TEST(Sonify, KeepsVelocities) {
  const auto right = channel(
      sonify(recording(), {{0.2, Drum::SideStick, 127, 1}, {1.0, Drum::SideStick, 64, 1}}), 1);
  const float loud = peak_of({right.begin(), right.begin() + 40000});
  const float soft = peak_of({right.begin() + 40000, right.end()});
  EXPECT_NEAR(soft / loud, velocity_gain(64), 1e-4);
  EXPECT_NEAR(loud, 0.8F, 1e-4);  // As loud as the recording.
}

TEST(Sonify, AHalfHardStrokeIsTwelveDecibelsSofter) {
  EXPECT_NEAR(20 * std::log10(velocity_gain(64)), -12, 0.2);
  EXPECT_EQ(velocity_gain(127), 1.0F);
}

TEST(Sonify, ScalesARecordingOverFullScaleInsteadOfClippingIt) {
  Audio loud{std::vector<float>(4410), 44100};
  loud.samples[300] = 2;
  loud.samples[600] = -1;
  const auto left = channel(sonify(loud, {}), 0);
  EXPECT_NEAR(left[300], 1, 1e-6);
  EXPECT_NEAR(left[600], -0.5, 1e-6);
}

TEST(Sonify, TheKitIsHeardBesideSilence) {
  const Audio silent{std::vector<float>(44100), 44100};
  EXPECT_NEAR(peak_of(channel(sonify(silent, {{0.1, Drum::Kick, 90, 1}}), 1)), 0.9, 1e-4);
}

TEST(Sonify, MixesBothOnBothSides) {
  SonifyOptions options;
  options.mix = true;
  const auto out = sonify(recording(), {{1.0, Drum::Kick, 100, 1}}, options);
  EXPECT_EQ(channel(out, 0), channel(out, 1));
  EXPECT_NEAR(out[600], 0.4F, 1e-6);
}

TEST(Sonify, AHandStopsACrash) {
  const auto kit = [](double choked_after_s) {
    return channel(sonify(recording(), {{0.1, Drum::Crash, 127, 1, choked_after_s}}), 1);
  };
  const std::vector<float> rings = kit(0);
  const std::vector<float> choked = kit(0.3);
  const auto at = [](double s) { return static_cast<std::ptrdiff_t>(s * 44100); };
  EXPECT_TRUE(std::equal(rings.begin(), rings.begin() + at(0.4), choked.begin()));
  EXPECT_GT(peak_of({rings.begin() + at(0.46), rings.end()}), 0.01F);
  EXPECT_EQ(peak_of({choked.begin() + at(0.46), choked.end()}), 0.0F);
}

TEST(Sonify, ClicksOnBeats) {
  SonifyOptions options;
  options.beats = {{-0.01, 4}, {0.5, 1}, {1.0, 2}};
  const auto right = channel(sonify(recording(), {}, options), 1);
  const auto part = [&](double time_s) {
    const auto start = right.begin() + std::lround(time_s * 44100);
    return std::vector<float>(start, start + 800);
  };
  EXPECT_GT(peak_of(part(0.5)), 0.3F);
  EXPECT_GT(brightness(part(0.5), 44100), 1.2 * brightness(part(1.0), 44100));
  EXPECT_EQ(peak_of(part(0.3)), 0.0F);
  EXPECT_EQ(peak_of(part(0)), 0.0F);  // A beat before the recording is not heard.
}

TEST(Sonify, StandsHitsAtAndPastTheEnd) {
  const auto out = sonify(recording(), {{0, Drum::Crash, 127, 1}, {99, Drum::Crash, 127, 1}});
  EXPECT_EQ(out.size(), 4U * 44100);
}

TEST(EncodeSound, WritesEveryFormat) {
  const std::vector<float> samples(2 * 4410, 0.25F);
  EXPECT_THAT(encode_sound(samples, 2, 44100, SoundFormat::Wav), testing::StartsWith("RIFF"));
  EXPECT_THAT(encode_sound(samples, 2, 44100, SoundFormat::Flac), testing::StartsWith("fLaC"));
  EXPECT_THAT(encode_sound(samples, 2, 44100, SoundFormat::Ogg), testing::StartsWith("OggS"));
  EXPECT_GT(encode_sound(samples, 2, 44100, SoundFormat::Mp3).size(), 500U);
}

}  // namespace
}  // namespace fyr
