// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "fyr/audio.hpp"
#include "fyr/error.hpp"
#include "support/sound_files.hpp"

namespace fyr {
namespace {

using test::read_bytes;
using test::sine;
using test::TemporaryFolder;
using test::write_bytes;
using test::write_sound;
using testing::AllOf;
using testing::HasSubstr;

constexpr int kWav = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
constexpr int kFlac = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
constexpr int kMp3 = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III;
constexpr int kOgg = SF_FORMAT_OGG | SF_FORMAT_VORBIS;
constexpr int kAiff = SF_FORMAT_AIFF | SF_FORMAT_PCM_16;

struct Container {
  const char* name;
  int format;
};

std::string error_of(const std::filesystem::path& path) {
  try {
    read_audio(path, 44100);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

void expect_error(const std::filesystem::path& path, const std::string& cause) {
  EXPECT_THAT(error_of(path), AllOf(HasSubstr(path.filename().string()), HasSubstr(cause)));
}

class EveryContainer : public testing::TestWithParam<Container> {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / (std::string("song.") + GetParam().name);
};

TEST_P(EveryContainer, IsReadAtItsLength) {
  write_sound(path_, sine(440, 44100, 1.0), GetParam().format);
  EXPECT_NEAR(read_audio(path_, 44100).duration_s(), 1.0, 0.06);  // MP3 pads to frames.
}

TEST_P(EveryContainer, IsRefusedWhenCutOff) {
  write_sound(path_, sine(440, 44100, 2.0), GetParam().format);
  const std::string bytes = read_bytes(path_);
  for (const double share : {0.5, 0.9, 0.99}) {
    write_bytes(path_, bytes.substr(0, static_cast<std::size_t>(share * double(bytes.size()))));
    expect_error(path_, "cut off or damaged");
  }
}

INSTANTIATE_TEST_SUITE_P(SoundFile, EveryContainer,
                         testing::Values(Container{"wav", kWav}, Container{"flac", kFlac},
                                         Container{"mp3", kMp3}, Container{"ogg", kOgg},
                                         Container{"aiff", kAiff}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(SoundFile, KeepsFrequencyAndLengthAtEveryRate) {
  const TemporaryFolder folder;
  for (const int rate_hz : {8000, 22050, 44100, 48000, 96000, 192000}) {
    write_sound(folder / "a.wav", sine(1000, rate_hz, 1.0), kWav, rate_hz);
    const Audio audio = read_audio(folder / "a.wav", 44100);
    EXPECT_NEAR(audio.duration_s(), 1.0, 1e-4) << rate_hz;
    const std::vector<float> expected = sine(1000, 44100, 1.0);
    for (std::size_t k = 4000; k < 40000; k += 7) {
      ASSERT_NEAR(audio.samples[k], expected[k], 2e-3) << rate_hz << " Hz, sample " << k;
    }
  }
}

TEST(SoundFile, AveragesChannels) {
  const TemporaryFolder folder;
  write_sound(folder / "a.wav", {0.5F, 0.25F, -0.5F, -0.5F, 0.0F, 0.75F}, kWav, 44100, 2);
  EXPECT_THAT(read_audio(folder / "a.wav", 44100).samples,
              testing::Pointwise(testing::FloatNear(1e-4F), {0.375F, -0.5F, 0.375F}));
}

TEST(SoundFile, ReadsStreamsOfUnknownLength) {
  const TemporaryFolder folder;
  write_sound(folder / "a.wav", sine(440, 44100, 1.0), kWav);
  std::string wav = read_bytes(folder / "a.wav");
  for (const char byte : {'\xff', '\0'}) {
    wav.replace(4, 4, 4, byte);
    wav.replace(40, 4, 4, byte);
    write_bytes(folder / "streamed.wav", wav);
    EXPECT_NEAR(read_audio(folder / "streamed.wav", 44100).duration_s(), 1.0, 1e-4);
  }
}

TEST(SoundFile, ReadsFlacOfUnknownLength) {
  const TemporaryFolder folder;
  write_sound(folder / "a.flac", sine(440, 44100, 1.0), kFlac);
  std::string flac = read_bytes(folder / "a.flac");
  // STREAMINFO: 4 + 4 bytes before it; its bits 108..143 count the samples, zero is "unknown".
  flac[21] = static_cast<char>(flac[21] & 0xF0);
  flac.replace(22, 4, 4, '\0');
  write_bytes(folder / "streamed.flac", flac);
  EXPECT_NEAR(read_audio(folder / "streamed.flac", 44100).duration_s(), 1.0, 1e-4);
}

TEST(SoundFile, ReadsMp3WithoutFrameCount) {
  const TemporaryFolder folder;
  write_sound(folder / "a.mp3", sine(440, 44100, 2.0), kMp3);
  std::string mp3 = read_bytes(folder / "a.mp3");
  const std::size_t next_frame = mp3.find(mp3.substr(0, 2), 4);
  write_bytes(folder / "untagged.mp3", mp3.substr(next_frame));
  EXPECT_NEAR(read_audio(folder / "untagged.mp3", 44100).duration_s(), 2.0, 0.1);
  write_bytes(folder / "tagged.mp3", mp3 + "TAG" + std::string(125, ' '));
  EXPECT_NEAR(read_audio(folder / "tagged.mp3", 44100).duration_s(), 2.0, 0.1);
}

TEST(SoundFile, NamesWhatIsNotThere) {
  const TemporaryFolder folder;
  expect_error(folder / "missing.wav", "no such file; check the path");
  std::filesystem::create_directory(folder / "album");
  expect_error(folder / "album", "it is a folder; name the recordings in it");
}

TEST(SoundFile, RefusesWhatIsNoRecording) {
  const TemporaryFolder folder;
  write_bytes(folder / "empty.wav", "");
  expect_error(folder / "empty.wav", "the file is empty");
  write_bytes(folder / "text.wav", "These are words, not samples.\n");
  expect_error(folder / "text.wav", "convert it to WAV or FLAC");
  write_sound(folder / "nothing.wav", {}, kWav);
  expect_error(folder / "nothing.wav", "it holds no samples");
  write_sound(folder / "slow.wav", sine(100, 4000, 1.0), kWav, 4000);
  expect_error(folder / "slow.wav", "sample rate 4000 Hz, expected 8000 to 192000 Hz");
}

TEST(SoundFile, RefusesSamplesThatAreNotNumbers) {
  const TemporaryFolder folder;
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    std::vector<float> samples = sine(440, 44100, 1.0);
    samples[30000] = bad;
    write_sound(folder / "bad.wav", samples, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
    expect_error(folder / "bad.wav", "not numbers (NaN or infinite)");
  }
}

TEST(SoundFile, NamesMissingPermission) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const TemporaryFolder folder;
  write_sound(folder / "locked.wav", sine(440, 44100, 0.1), kWav);
  std::filesystem::permissions(folder / "locked.wav", std::filesystem::perms::none);
  expect_error(folder / "locked.wav", "Permission denied; check its permissions");
}

TEST(SoundFile, DoesNotBelieveHugeLengths) {
  const TemporaryFolder folder;
  write_sound(folder / "a.flac", sine(440, 44100, 1.0), kFlac);
  std::string flac = read_bytes(folder / "a.flac");
  flac[21] = static_cast<char>(flac[21] | 0x0F);  // 2^36 - 1 samples, 18 days.
  flac.replace(22, 4, 4, '\xff');
  write_bytes(folder / "huge.flac", flac);
  expect_error(folder / "huge.flac", "cut off or damaged after 1 s");
}

}  // namespace
}  // namespace fyr
