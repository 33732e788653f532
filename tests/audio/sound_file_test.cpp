// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fyr/audio.hpp"
#include "fyr/encode_sound.hpp"
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
constexpr int kWave64 = SF_FORMAT_W64 | SF_FORMAT_PCM_16;
constexpr int kCaf = SF_FORMAT_CAF | SF_FORMAT_PCM_16;

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

/// Lets no program be found, such as ffmpeg.
class WithoutPrograms {
 public:
  WithoutPrograms() { setenv("PATH", "/nowhere", 1); }
  ~WithoutPrograms() { setenv("PATH", path_.c_str(), 1); }
  WithoutPrograms(const WithoutPrograms&) = delete;
  WithoutPrograms& operator=(const WithoutPrograms&) = delete;

 private:
  std::string path_ = std::getenv("PATH");
};

void expect_error(const std::filesystem::path& path, const std::string& cause) {
  EXPECT_THAT(error_of(path), AllOf(HasSubstr(path.filename().string()), HasSubstr(cause)));
}

/// Length of the first frame at 44.1 kHz, from its bit rate and padding.
std::size_t mpeg1_frame_bytes(const std::string& mp3) {
  constexpr std::array kKbps = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
  const auto bits = static_cast<unsigned char>(mp3[2]);
  return std::size_t(144000 * kKbps.at(bits >> 4U) / 44100) + (bits >> 1U & 1U);
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

TEST_P(EveryContainer, TellsTitleAndArtist) {
  // Long enough that an MP3's tag, at its end, is a small part.
  write_sound(path_, sine(440, 44100, 10.0), GetParam().format, 44100, 1,
              {{SF_STR_TITLE, " Größe "}, {SF_STR_ARTIST, "Nobody"}});
  AudioReader reader(path_, 44100);
  reader.peak_up_to(1);
  const bool has_tags = std::string_view(GetParam().name) != "w64";
  EXPECT_EQ(reader.tags().title, has_tags ? "Größe" : "");
  EXPECT_EQ(reader.tags().artist, has_tags ? "Nobody" : "");
}

TEST(SoundFile, TakesTagsThatAreNotUtf8ForLatin1) {
  const TemporaryFolder folder;
  for (const char* title : {"Gr\xF6\xDF"
                            "e",
                            "Größe"}) {
    write_sound(folder / "a.wav", sine(440, 44100, 1.0), kWav, 44100, 1, {{SF_STR_TITLE, title}});
    EXPECT_EQ(AudioReader(folder / "a.wav", 44100).tags().title, "Größe");
  }
}

TEST(SoundFile, ReadsTagsAsTheirProgramsMeantThem) {
  const TemporaryFolder folder;
  for (const auto& [written, title] :
       {std::pair{"Gr\xC3\xB6\xC3\x9F\xC3", "Größ"},  // Cut off, as at 30 bytes of ID3v1.
        std::pair{"Caf\xE9", "Café"},                 // Latin 1 that looks cut off.
        std::pair{"It\x92s \x80\x31", "It’s €1"},     // Windows-1252.
        std::pair{"\r\n\t Title\x01\n \n", "Title"}}) {
    write_sound(folder / "a.wav", sine(440, 44100, 1.0), kWav, 44100, 1, {{SF_STR_TITLE, written}});
    EXPECT_EQ(AudioReader(folder / "a.wav", 44100).tags().title, title);
  }
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
                                         Container{"aiff", kAiff}, Container{"w64", kWave64},
                                         Container{"caf", kCaf}),
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
  wav.replace(4, 4, 4, '\xff');
  wav.replace(40, 4, 4, '\xff');
  write_bytes(folder / "streamed.wav", wav);
  EXPECT_NEAR(read_audio(folder / "streamed.wav", 44100).duration_s(), 1.0, 1e-4);
}

/// Whoever records puts the sizes there at the end.
TEST(SoundFile, ReadsWhatAnInterruptedRecorderLeft) {
  const TemporaryFolder folder;
  write_sound(folder / "a.wav", sine(440, 44100, 1.0), kWav);
  std::string wav = read_bytes(folder / "a.wav");
  ASSERT_EQ(wav.substr(36, 4), "data");
  wav.replace(40, 4, 4, '\0');
  const std::vector<float> whole = read_audio(folder / "a.wav", 44100).samples;
  for (const std::string& riff : {std::string(4, '\0'), std::string("\x24\0\0\0", 4),
                                  std::string("\x24\xF0\xFF\x7F"), std::string(4, '\xFF')}) {
    write_bytes(folder / "b.wav", wav.replace(4, 4, riff));
    EXPECT_EQ(read_audio(folder / "b.wav", 44100).samples, whole);
  }
  // One that is closed, with something else behind no sound.
  const std::string more = std::string("LIST\4\0\0\0INFO", 12);
  wav = wav.substr(0, 44) + more;
  write_bytes(folder / "b.wav", wav.replace(4, 4, std::string("\x30\0\0\0", 4)));
  expect_error(folder / "b.wav", "it holds no samples");
}

TEST(SoundFile, ReadsFlacOfUnknownLength) {
  const TemporaryFolder folder;
  write_sound(folder / "a.flac", sine(440, 44100, 20.0), kFlac);
  std::string flac = read_bytes(folder / "a.flac");
  // STREAMINFO: 4 + 4 bytes before it; its bits 108..143 count the samples, zero is "unknown".
  flac[21] = static_cast<char>(flac[21] & 0xF0);
  flac.replace(22, 4, 4, '\0');
  write_bytes(folder / "streamed.flac", flac);
  EXPECT_NEAR(read_audio(folder / "streamed.flac", 44100).duration_s(), 20.0, 1e-4);
  flac[flac.size() / 2] = static_cast<char>(flac[flac.size() / 2] ^ 1);
  write_bytes(folder / "damaged.flac", flac);
  expect_error(folder / "damaged.flac", "cut off or damaged, only 9 s of it");
}

/// A second of silence, then two of loud noise: guessing the length from the first frames would go
/// wrong.
class Mp3 : public testing::Test {
 protected:
  static constexpr double kNoiseFrom_s = 1;
  static constexpr double kEncoderDelay_s = 576.0 / 44100;

  Mp3() {
    std::vector<float> samples(44100, 0.0F);
    for (int k = 0; k < 2 * 44100; ++k) samples.push_back(0.5F * float((k * 7919) % 199 - 99) / 99);
    write_sound(folder_ / "a.mp3", samples, kMp3);
    whole_ = read_bytes(folder_ / "a.mp3");
    frames_ = whole_.substr(mpeg1_frame_bytes(whole_));
  }

  /// How long a file of these bytes is, and where its noise begins, in seconds.
  std::pair<double, double> read(const std::string& bytes) {
    write_bytes(folder_ / "b.mp3", bytes);
    const Audio audio = read_audio(folder_ / "b.mp3", 44100);
    const auto loud =
        std::ranges::find_if(audio.samples, [](float x) { return std::abs(x) > 0.2F; });
    return {audio.duration_s(), double(loud - audio.samples.begin()) / 44100};
  }

  /// The encoder's own count of frames, changed.
  std::string with_count(int n_frames) const {
    std::string bytes = whole_;
    const std::size_t at = bytes.find("Xing") + 8;
    for (std::size_t i = 0; i < 4; ++i) {
      bytes[at + i] = static_cast<char>(std::size_t(n_frames) >> (24 - 8 * i));
    }
    return bytes;
  }

  int count() const {
    int n_frames = 0;
    for (std::size_t i = 0; i < frames_.size(); ++n_frames)
      i += mpeg1_frame_bytes(frames_.substr(i));
    return n_frames;
  }

  void expect_all(const std::string& bytes, double delay_s) {
    const auto [duration_s, noise_from_s] = read(bytes);
    EXPECT_NEAR(duration_s, 3.0, 0.06);
    EXPECT_NEAR(noise_from_s, kNoiseFrom_s + delay_s, 0.003);
  }

  TemporaryFolder folder_;
  std::string whole_;
  std::string frames_;  ///< Without the one that counts them.
};

std::string id3(const std::string& body) {
  return std::string("ID3\4\0\0\0\0\0", 9) + static_cast<char>(body.size()) + body;
}

std::string id3(std::size_t n_bytes) { return id3(std::string(n_bytes, '\0')); }

TEST_F(Mp3, IsReadWhereItsEncoderTellsTheDelay) {
  ASSERT_NE(whole_.find("Xing"), std::string::npos);
  expect_all(whole_, 0);
  expect_all(id3(20) + whole_, 0);
  expect_all(id3(20) + id3(100) + whole_, 0);
  expect_all(whole_ + std::string(100, '\0'), 0);
}

TEST_F(Mp3, MayStandBehindATagThatHoldsNothing) {
  expect_all(id3(0) + whole_, 0);
  expect_all(id3(0) + id3(20) + whole_, 0);
  expect_all(id3(0) + frames_, kEncoderDelay_s);
}

TEST_F(Mp3, IsReadToItsEndWithoutACount) {
  expect_all(frames_, kEncoderDelay_s);
  expect_all(frames_ + "TAG" + std::string(125, ' '), kEncoderDelay_s);
  expect_all(frames_ + std::string(100, '\0'), kEncoderDelay_s);
  expect_all(frames_ + id3(50), kEncoderDelay_s);
  expect_all(id3(20) + id3(100) + frames_, kEncoderDelay_s);
}

TEST_F(Mp3, TellsItsTitleWithAndWithoutACount) {
  const std::string tag = id3(std::string("TIT2\0\0\0\6\0\0\3", 11) + "Title");
  for (const std::string& sound : {whole_, frames_}) {
    write_bytes(folder_ / "b.mp3", tag + sound);
    EXPECT_EQ(AudioReader(folder_ / "b.mp3", 44100).tags().title, "Title");
  }
}

TEST_F(Mp3, IsReadToItsEndWithAWrongCount) {
  for (const int n_frames : {0, count() / 2, count() - 1, count() + 1}) {
    expect_all(with_count(n_frames), 0);
  }
}

TEST_F(Mp3, IsReadBeyondADamagedStretch) {
  const std::size_t n_first = mpeg1_frame_bytes(frames_);
  const std::string damaged =
      frames_.substr(0, n_first) + std::string(500, '\xFF') + frames_.substr(n_first);
  expect_all(damaged, kEncoderDelay_s);
  expect_all(whole_.substr(0, whole_.size() - frames_.size()) + damaged, 0);
}

TEST_F(Mp3, MayBeSeveralOneAfterTheOther) {
  const auto [duration_s, noise_from_s] = read(whole_ + id3(10) + whole_);
  EXPECT_NEAR(duration_s, 6.0, 0.12);
  EXPECT_NEAR(noise_from_s, kNoiseFrom_s, 0.003);
}

TEST_F(Mp3, IsRefusedWhereOneOfAnotherKindFollows) {
  const auto mp3 = [&](int rate_hz, int n_channels) {
    write_sound(folder_ / "c.mp3", sine(440, rate_hz, 3.0, n_channels), kMp3, rate_hz, n_channels);
    return read_bytes(folder_ / "c.mp3");
  };
  for (const auto& [one, other] :
       {std::pair{mp3(44100, 1), mp3(48000, 1)}, std::pair{mp3(22050, 1), mp3(11025, 1)},
        std::pair{mp3(44100, 1), mp3(44100, 2)}}) {
    write_bytes(folder_ / "two.mp3", one + other);
    expect_error(folder_ / "two.mp3",
                 "sample rate or number of channels changes after 3 s; convert");
  }
  expect_all(whole_ + mp3(48000, 1).substr(0, 1500), 0);  // The rest of something is none.
}

/// What seems to be a count would be replaced beyond the frame's end.
TEST_F(Mp3, MayHaveFramesTooShortForACount) {
  // MPEG 2, 8 kbit/s at 24 kHz: 24 bytes, of which "Info" and the count would begin with the last
  // three.
  const std::string header("\xFF\xF3\x14\x00", 4);
  const std::string silent = header + std::string(20, '\0');
  std::string bytes = header + std::string(17, '\0') + "Info" + std::string("\0\0\0\1\0\0\0\62", 8);
  bytes += std::string(48, '\0');
  for (int i = 0; i < 50; ++i) bytes += silent;
  write_bytes(folder_ / "short.mp3", bytes);
  EXPECT_GT(read_audio(folder_ / "short.mp3", 24000).duration_s(), 1.0);
}

TEST_F(Mp3, OfFraunhofersEncodersBeginsAfterItsHeader) {
  // 128 kbit/s at 44.1 kHz, mono: 417 bytes.
  std::string header("\xFF\xFB\x90\xC4", 4);
  header += std::string(32, '\0') + "VBRI" + std::string(10, '\0');
  const int n_frames = count();
  header += {'\0', '\0', static_cast<char>(n_frames >> 8), static_cast<char>(n_frames)};
  header.resize(417, '\0');
  expect_all(header + frames_, kEncoderDelay_s);
}

TEST_F(Mp3, MayBeginWithSpaceThatWasSetAside) {
  expect_all(std::string(500, '\0') + whole_, 0);
  expect_all(std::string(5000, '\0') + frames_, kEncoderDelay_s);
}

/// What follows would come early.
TEST_F(Mp3, IsRefusedWhereMoreThanAFrameIsGone) {
  std::string bytes = whole_;
  bytes.replace(bytes.size() * 3 / 4, 4000, 4000, '\0');
  write_bytes(folder_ / "hole.mp3", bytes);
  expect_error(folder_ / "hole.mp3", "cut off or damaged");
  bytes = whole_.substr(0, whole_.size() - frames_.size()) + frames_;
  bytes.erase(bytes.size() / 2, 2);
  expect_all(bytes, 0);
}

TEST_F(Mp3, IsRefusedWhenItsLastFrameIsNotWhole) {
  write_bytes(folder_ / "cut.mp3", frames_.substr(0, frames_.size() - 50));
  expect_error(folder_ / "cut.mp3", "cut off or damaged");
}

/// libsndfile would read the first alone.
TEST(SoundFile, RefusesSeveralOggRecordingsInOne) {
  const TemporaryFolder folder;
  write_sound(folder / "a.ogg", sine(440, 44100, 3.0), kOgg);
  const std::string one = read_bytes(folder / "a.ogg");
  write_bytes(folder / "two.ogg", one + one);
  expect_error(folder / "two.ogg", "several recordings, one after the other");
  // The first without the page that ends it.
  write_bytes(folder / "two.ogg", one.substr(0, one.rfind("OggS")) + one);
  expect_error(folder / "two.ogg", "several recordings, one after the other");
}

TEST(SoundFile, RefusesSeveralFlacRecordingsInOne) {
  const TemporaryFolder folder;
  write_sound(folder / "a.flac", sine(440, 44100, 3.0), kFlac);
  const std::string one = read_bytes(folder / "a.flac");
  for (const std::string& tag : {std::string(), id3(20)}) {
    write_bytes(folder / "two.flac", tag + one + tag + one);
    expect_error(folder / "two.flac", "several recordings, one after the other");
    write_bytes(folder / "tagged.flac", tag + one + "TAG fLaC" + std::string(120, ' '));
    EXPECT_NEAR(read_audio(folder / "tagged.flac", 44100).duration_s(), 3.0, 1e-4);
  }
}

TEST(SoundFile, ReadsAnOggBeyondWhatIsNoPage) {
  const TemporaryFolder folder;
  write_sound(folder / "a.ogg", sine(440, 44100, 3.0), kOgg);
  std::string ogg = read_bytes(folder / "a.ogg");
  ogg.insert(ogg.rfind("OggS"), 80, 'x');
  write_bytes(folder / "a.ogg", ogg + "TAG");
  EXPECT_NEAR(read_audio(folder / "a.ogg", 44100).duration_s(), 3.0, 0.06);
}

/// Where the pages of an Ogg begin.
std::vector<std::size_t> pages_of(const std::string& ogg) {
  std::vector<std::size_t> pages;
  for (std::size_t at = 0; (at = ogg.find("OggS", at)) != std::string::npos; ++at) {
    pages.push_back(at);
  }
  return pages;
}

/// libsndfile would leave a damaged page out, and all that follows would come early. Of the first
/// and the last it does not even notice.
TEST(SoundFile, RefusesAnOggWithADamagedPage) {
  const TemporaryFolder folder;
  for (const int format : {kOgg, SF_FORMAT_OGG | SF_FORMAT_OPUS}) {
    write_sound(folder / "a.ogg", sine(440, 48000, 9.0), format, 48000);
    EXPECT_NEAR(read_audio(folder / "a.ogg", 48000).duration_s(), 9.0, 1e-3);
    const std::string ogg = read_bytes(folder / "a.ogg");
    const std::vector<std::size_t> pages = pages_of(ogg);
    ASSERT_GT(pages.size(), 4U);
    for (std::size_t page = 2; page < pages.size(); ++page) {
      const std::size_t end = page + 1 < pages.size() ? pages[page + 1] : ogg.size();
      std::string damaged = ogg;
      damaged[end - 1] = static_cast<char>(damaged[end - 1] ^ 1);
      write_bytes(folder / "b.ogg", damaged);
      expect_error(folder / "b.ogg", "damaged, some of its sound is missing");
      if (end == ogg.size()) continue;
      write_bytes(folder / "b.ogg", std::string(ogg).erase(pages[page], end - pages[page]));
      expect_error(folder / "b.ogg", "damaged, some of its sound is missing");
    }
  }
}

/// As recorders leave it that count beyond 32 bits.
TEST(SoundFile, RefusesAWavThatGoesOnForAnother4GiB) {
  const TemporaryFolder folder;
  write_sound(folder / "a.wav", sine(440, 44100, 1.0), kWav);
  std::filesystem::resize_file(folder / "a.wav", (std::uintmax_t{1} << 32U) + 100'000);
  expect_error(folder / "a.wav", "goes on beyond the most that its header can count");
}

/// As programs leave it that write to a pipe: all ones (ffmpeg) or the largest positive size (SoX).
TEST(SoundFile, RefusesAWavOfUnknownLengthThatIsLongerThanItCanTell) {
  const TemporaryFolder folder;
  write_sound(folder / "a.wav", sine(440, 44100, 1.0), kWav);
  const std::string whole = read_bytes(folder / "a.wav");
  for (const std::string size : {"\xFF\xFF\xFF\xFF", "\xDB\xFF\xFF\x7F"}) {
    write_bytes(folder / "a.wav", std::string(whole).replace(40, 4, size));
    EXPECT_NEAR(read_audio(folder / "a.wav", 44100).duration_s(), 1.0, 1e-4);
    std::filesystem::resize_file(folder / "a.wav", (std::uintmax_t{1} << 32U) + 100'000);
    expect_error(folder / "a.wav", "goes on beyond the most that its header can count");
  }
}

TEST(SoundFile, ReadsWave64OfUnknownLength) {
  const TemporaryFolder folder;
  write_sound(folder / "a.w64", sine(440, 44100, 1.0), kWave64);
  std::string wave64 = read_bytes(folder / "a.w64");
  wave64.replace(wave64.find("data") + 16, 8, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", 8);
  write_bytes(folder / "a.w64", wave64);
  EXPECT_NEAR(read_audio(folder / "a.w64", 44100).duration_s(), 1.0, 1e-4);
}

TEST(SoundFile, RefusesSpaceThatWasSetAside) {
  const TemporaryFolder folder;
  write_bytes(folder / "a.wav", std::string("RIFF\0\0\0\0WAVE", 12) + std::string(1 << 20, '\0'));
  const WithoutPrograms no_ffmpeg;
  expect_error(folder / "a.wav", "not a sound file that libsndfile reads");
}

TEST(SoundFile, RefusesChannelsThatCancelEachOtherOut) {
  const TemporaryFolder folder;
  std::vector<float> opposite;
  std::vector<float> wide;
  for (int k = 0; k < 44100; ++k) {
    const float left = 0.5F * float((k * 7919) % 199 - 99) / 99;
    const float right = 0.5F * float((k * 1009) % 197 - 98) / 98;
    opposite.insert(opposite.end(), {left, -left});
    wide.insert(wide.end(), {left, right});
  }
  write_sound(folder / "a.wav", opposite, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100, 2);
  expect_error(folder / "a.wav", "cancel each other out");
  write_sound(folder / "a.wav", wide, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100, 2);
  EXPECT_EQ(read_audio(folder / "a.wav", 44100).samples.size(), 44100U);
  write_sound(folder / "a.wav", std::vector<float>(44100, 0.0F), SF_FORMAT_WAV | SF_FORMAT_PCM_16,
              44100, 2);
  EXPECT_EQ(read_audio(folder / "a.wav", 44100).samples.size(), 22050U);
}

TEST(SoundFile, RefusesWhatWasNotScaled) {
  const TemporaryFolder folder;
  std::vector<float> samples = sine(440, 44100, 1);
  for (float& sample : samples) sample *= 32768;
  write_sound(folder / "a.wav", samples, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
  expect_error(folder / "a.wav", "far over full scale (±1); export it again, or scale it down");
  for (float& sample : samples) sample /= 4096;
  write_sound(folder / "a.wav", samples, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
  EXPECT_EQ(read_audio(folder / "a.wav", 44100).samples.size(), 44100U);
}

TEST(SoundFile, RefusesAnAuFileWithoutAWholeHeader) {
  const TemporaryFolder folder;
  for (const std::size_t n_bytes : {0U, 2U, 4U, 7U}) {
    write_bytes(folder / "a.au", ".snd" + std::string(n_bytes, '\0'));
    expect_error(folder / "a.au", "cut off or damaged");
  }
}

TEST(SoundFile, NamesWhatIsNotThere) {
  const TemporaryFolder folder;
  expect_error(folder / "missing.wav", "no such file; check the path");
  std::filesystem::create_directory(folder / "album");
  expect_error(folder / "album", "it is a folder; name the recordings in it");
  std::filesystem::create_symlink("loop.wav", folder / "loop.wav");
  expect_error(folder / "loop.wav", "symbolic links; check the path");
}

TEST(SoundFile, RefusesWhatIsNoRecording) {
  const TemporaryFolder folder;
  write_bytes(folder / "empty.wav", "");
  expect_error(folder / "empty.wav", "the file is empty");
  write_bytes(folder / "text.wav", "These are words, not samples.\n");
  expect_error(folder / "text.wav", "convert it to WAV");
  write_sound(folder / "nothing.wav", {}, kWav);
  expect_error(folder / "nothing.wav", "it holds no samples");
  write_sound(folder / "sample.wav", {0.5F}, kWav, 192000);
  expect_error(folder / "sample.wav", "it holds no samples");
  write_sound(folder / "slow.wav", sine(100, 4000, 1.0), kWav, 4000);
  expect_error(folder / "slow.wav", "sample rate 4000 Hz, expected 8000 to 192000 Hz");
  std::string wav = read_bytes(folder / "slow.wav");
  wav.replace(24, 4, 4, '\0');
  write_bytes(folder / "still.wav", wav);
  expect_error(folder / "still.wav", "sample rate of 0 Hz, expected 8000 to 192000 Hz; export");
}

/// Covers and space set aside may be longer than what is looked at before a pipe is copied.
TEST(SoundFile, ReadsLongHeadersFromAPipe) {
  const TemporaryFolder folder;
  constexpr std::size_t kStreamInfoEnd = 42;
  constexpr std::size_t kRiffEnd = 12;
  const std::string block(1500000, '\0');
  write_sound(folder / "a.flac", sine(440, 44100, 1.0), kFlac);
  write_sound(folder / "a.wav", sine(440, 44100, 1.0), kWav);
  std::string flac = read_bytes(folder / "a.flac");
  flac.insert(kStreamInfoEnd, std::string("\1\x16\xE3\x60", 4) + block);  // Padding.
  std::string wav = read_bytes(folder / "a.wav");
  wav.insert(kRiffEnd, std::string("JUNK\x60\xE3\x16\0", 8) + block);
  const std::filesystem::path pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& bytes : {flac, wav}) {
    const std::jthread writer([&] { write_bytes(pipe, bytes); });
    EXPECT_NEAR(read_audio(pipe, 44100).duration_s(), 1.0, 1e-4);
  }
}

/// libsndfile closes descriptors of files that it refuses, and has one reason for all threads.
TEST(SoundFile, RefusalsDoNotReachOtherThreads) {
  const TemporaryFolder folder;
  write_bytes(folder / "text.wav", "These are words, not samples.\n");
  write_sound(folder / "a.wav", sine(440, 44100, 0.2), kWav);
  std::string no_format = read_bytes(folder / "a.wav");
  no_format.replace(12, 4, "junk");
  write_bytes(folder / "no_format.wav", no_format);
  const WithoutPrograms no_ffmpeg;
  const std::string text_error = error_of(folder / "text.wav");
  const std::string format_error = error_of(folder / "no_format.wav");
  ASSERT_THAT(text_error, HasSubstr("convert it to WAV or FLAC"));
  ASSERT_NE(text_error.substr(text_error.find('(')), format_error.substr(format_error.find('(')));
  std::vector<std::jthread> threads;
  for (const auto& [name, error] :
       {std::pair{"text.wav", text_error}, std::pair{"no_format.wav", format_error},
        std::pair{"a.wav", std::string("no error")}}) {
    threads.emplace_back([path = folder / name, expected = error] {
      for (int i = 0; i < 1000; ++i) ASSERT_EQ(error_of(path), expected);
    });
  }
}

/// Else it would be copied until the disk is full.
TEST(SoundFile, RefusesADeviceThatNeverEndsAndIsNoSound) {
  EXPECT_THAT(error_of("/dev/zero"), HasSubstr("\"/dev/zero\": not a sound file"));
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
  expect_error(folder / "huge.flac", "cut off or damaged, only 1 s of it can be read");
}

TEST(EncodeSound, KeepsTheBitRateOfAnMp3) {
  // Silence, a tone and noise, which a variable rate would tell apart.
  std::vector<float> samples(2 * 44100, 0.0F);
  for (const float sample : sine(440, 44100, 1.0)) samples.push_back(sample);
  for (int k = 0; k < 44100; ++k) samples.push_back(0.5F * float((k * 7919) % 199 - 99) / 99);
  for (const auto& [n_channels, kbps] : {std::pair{1, 96}, std::pair{2, 192}}) {
    const std::string mp3 = encode_sound(samples, n_channels, 44100, SoundFormat::Mp3);
    std::size_t n_frames = 0;
    for (std::size_t i = 0; i + 4 < mp3.size(); ++n_frames) {
      const std::size_t n_bytes = mpeg1_frame_bytes(mp3.substr(i, 4));
      EXPECT_NEAR(double(n_bytes), 144000.0 * kbps / 44100, 1) << n_channels << ", " << i;
      i += n_bytes;
    }
    EXPECT_NEAR(double(n_frames), double(samples.size()) / n_channels / 1152, 4);
  }
}

TEST(AudioReader, GivesTheSameSamplesForAnyBlock) {
  const TemporaryFolder folder;
  write_sound(folder / "a.wav", sine(440, 48000, 1.5, 2), kWav, 48000, 2);
  const std::vector<float> whole = read_audio(folder / "a.wav", 44100).samples;
  for (const int block_frames : {1, 1000, 1 << 20}) {
    AudioReader reader(folder / "a.wav", 44100, block_frames);
    std::vector<float> samples;
    for (std::vector<float> block; reader.read(block);) {
      samples.insert(samples.end(), block.begin(), block.end());
    }
    EXPECT_EQ(samples, whole) << block_frames;
  }
}

TEST(AudioReader, RefusesBlocksWithoutFrames) {
  const TemporaryFolder folder;
  write_sound(folder / "a.wav", sine(440, 44100, 0.1), kWav, 44100, 1);
  const Audio audio{sine(440, 44100, 0.1), 44100};
  for (const int block_frames : {0, -5}) {
    EXPECT_THROW(AudioReader(folder / "a.wav", 44100, block_frames), UsageError);
    EXPECT_THROW(AudioReader(audio, 44100, block_frames), UsageError);
  }
}

TEST(AudioReader, TellsThePeakAndStartsAgain) {
  const TemporaryFolder folder;
  std::vector<float> samples = sine(440, 48000, 1.5);
  for (std::size_t k = 0; k < samples.size() / 2; ++k) samples[k] *= 0.25F;
  for (const int format : {kWav, kFlac, SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III}) {
    write_sound(folder / "a", samples, format, 48000);
    const std::vector<float> whole = read_audio(folder / "a", 44100).samples;
    for (const float enough : {0.1F, 0.3F, 1.0F}) {
      AudioReader reader(folder / "a", 44100);
      EXPECT_NEAR(reader.peak_up_to(enough), std::min(enough, 0.5F), 0.02) << format;
      std::vector<float> read;
      for (std::vector<float> block; reader.read(block);) {
        read.insert(read.end(), block.begin(), block.end());
      }
      EXPECT_EQ(read, whole) << format << ", " << enough;
    }
  }
}

TEST(AudioReader, TakesNoKnockForThePeak) {
  const TemporaryFolder folder;
  const auto peak = [&](float music, std::vector<std::size_t> knocks, float knock,
                        double duration_s = 6) {
    std::vector<float> samples = sine(440, 44100, duration_s);
    for (float& sample : samples) sample *= music / 0.5F;
    for (const std::size_t at : knocks) samples[at] = knock;
    write_sound(folder / "a.wav", samples, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
    const float any_block = AudioReader(folder / "a.wav", 44100, 1000).peak_up_to(2);
    EXPECT_EQ(AudioReader(folder / "a.wav", 44100).peak_up_to(2), any_block);
    return any_block;
  };
  constexpr double kAloneInATenth = 1 - 1.0 / 4410;  // Less the mean.
  EXPECT_NEAR(peak(0.01F, {}, 0), 0.01, 1e-4);
  EXPECT_NEAR(peak(0.01F, {500}, 0.1F), 0.01, 1e-4);
  EXPECT_NEAR(peak(0.01F, {500, 5000, 9000}, -0.1F), 0.01, 1e-4);
  EXPECT_NEAR(peak(0.01F, {500}, 1), 0.0625, 1e-4) << "too much else would be raised";
  EXPECT_NEAR(peak(0.01F, {500}, 1, 4), kAloneInATenth, 1e-4) << "a stroke, not a recording";
  EXPECT_NEAR(peak(0.01F, {500}, 0.05F), 0.05, 1e-4) << "one loud stroke";
  EXPECT_NEAR(peak(0.01F, {500, 20000, 60000, 131000}, 1), kAloneInATenth, 1e-4)
      << "sparse, but music";
  EXPECT_NEAR(peak(0, {500}, 1), kAloneInATenth, 1e-4) << "nothing but one stroke";
  EXPECT_NEAR(peak(0.5F, {500}, 1000), 0.5, 1e-3) << "a bad sample of a float file";
}

TEST(AudioReader, FindsThePeakWhateverTheBlocksAre) {
  const TemporaryFolder folder;
  std::mt19937 random(1);
  std::normal_distribution<float> noise(0.1F, 0.05F);  // A sound card's offset is part of it.
  for (int i = 0; i < 60; ++i) {
    std::vector<float> samples(20000);
    for (float& sample : samples) sample = noise(random);
    write_sound(folder / "a.wav", samples, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
    const float peak = AudioReader(folder / "a.wav", 44100).peak_up_to(2);
    EXPECT_EQ(AudioReader(folder / "a.wav", 44100, 1000).peak_up_to(2), peak) << i;
  }
}

TEST(AudioReader, TakesNoKnockForThePeakWhereverItBegins) {
  const TemporaryFolder folder;
  for (const std::size_t begin : {0U, 1000U, 2646U, 4400U}) {
    std::vector<float> samples = sine(440, 44100, 6);
    for (float& sample : samples) sample *= 0.02F;
    // A hum of 0.2 s.
    for (std::size_t i = begin; i < begin + 8820; ++i) samples[i] *= 20;
    write_sound(folder / "a.wav", samples, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
    EXPECT_NEAR(AudioReader(folder / "a.wav", 44100).peak_up_to(2), 0.0125, 1e-4) << begin;
  }
}

TEST(AudioReader, RefusesAHalfAuInEitherByteOrder) {
  const TemporaryFolder folder;
  for (const int order : {SF_ENDIAN_BIG, SF_ENDIAN_LITTLE}) {
    write_sound(folder / "a.au", sine(440, 44100, 1.0), SF_FORMAT_AU | SF_FORMAT_PCM_16 | order);
    EXPECT_EQ(error_of(folder / "a.au"), "no error");
    std::filesystem::resize_file(folder / "a.au", 44100);
    expect_error(folder / "a.au", "cut off");
  }
}

TEST(AudioReader, TakesNoOffsetForThePeak) {
  const TemporaryFolder folder;
  std::vector<float> samples = sine(440, 44100, 3.0);
  for (float& sample : samples) sample = 0.02F * sample + 0.3F;
  write_sound(folder / "a.wav", samples, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
  EXPECT_NEAR(AudioReader(folder / "a.wav", 44100).peak_up_to(1), 0.01, 1e-4);
}

TEST(AudioReader, StaysAtTheEnd) {
  const TemporaryFolder folder;
  write_sound(folder / "a.wav", sine(440, 44100, 0.1), kWav);
  AudioReader reader(folder / "a.wav", 44100);
  std::vector<float> block;
  EXPECT_TRUE(reader.read(block));
  EXPECT_FALSE(reader.read(block));
  EXPECT_FALSE(reader.read(block));
  EXPECT_TRUE(block.empty());
}

}  // namespace
}  // namespace fyr
