// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/encode_sound.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "audio/snd_file.hpp"
#include "fyr/error.hpp"

namespace fyr {
namespace {

/// libsndfile's range of constant bit rates at 32 kHz and more, from its compression level 0 to 1.
constexpr double kGreatestKbps = 320;
constexpr double kLeastKbps = 32;
constexpr double kKbpsOfAChannel = 96;

/// libsndfile's virtual file over a string that grows.
struct Memory {
  std::string bytes;
  std::size_t place = 0;
  bool is_full = false;  ///< No exception may pass through libsndfile.
};

Memory& memory_of(void* user) { return *static_cast<Memory*>(user); }

sf_count_t size_of(void* user) { return static_cast<sf_count_t>(memory_of(user).bytes.size()); }

sf_count_t tell(void* user) { return static_cast<sf_count_t>(memory_of(user).place); }

sf_count_t seek(sf_count_t offset, int whence, void* user) {
  const sf_count_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? tell(user) : size_of(user);
  memory_of(user).place = static_cast<std::size_t>(std::max<sf_count_t>(0, base + offset));
  return tell(user);
}

sf_count_t read(void* data, sf_count_t count, void* user) {
  Memory& memory = memory_of(user);
  const std::size_t start = std::min(memory.place, memory.bytes.size());
  const std::size_t n = std::min(static_cast<std::size_t>(count), memory.bytes.size() - start);
  std::memcpy(data, memory.bytes.data() + start, n);
  memory.place = start + n;
  return static_cast<sf_count_t>(n);
}

sf_count_t write(const void* data, sf_count_t count, void* user) {
  Memory& memory = memory_of(user);
  const auto n = static_cast<std::size_t>(count);
  try {
    if (memory.bytes.size() < memory.place + n) memory.bytes.resize(memory.place + n);
  } catch (const std::bad_alloc&) {
    memory.is_full = true;
    return 0;
  }
  std::memcpy(memory.bytes.data() + memory.place, data, n);
  memory.place += n;
  return count;
}

int sndfile_format(SoundFormat format) {
  switch (format) {
    case SoundFormat::Flac:
      return SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
    case SoundFormat::Ogg:
      return SF_FORMAT_OGG | SF_FORMAT_VORBIS;
    case SoundFormat::Mp3:
      return SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III;
    case SoundFormat::Wav:
      break;
  }
  return SF_FORMAT_WAV | SF_FORMAT_PCM_16;
}

/// Players find a time in an MP3 of variable bit rate by a table of 100 places, seconds apart in a
/// song; at a constant rate they compute it.
void keep_bit_rate_constant(SNDFILE* file, int n_channels) {
  int mode = SF_BITRATE_MODE_CONSTANT;
  double level = (kGreatestKbps - kKbpsOfAChannel * n_channels) / (kGreatestKbps - kLeastKbps);
  sf_command(file, SFC_SET_BITRATE_MODE, &mode, sizeof mode);
  sf_command(file, SFC_SET_COMPRESSION_LEVEL, &level, sizeof level);
}

}  // namespace

std::string encode_sound(const std::vector<float>& samples, int n_channels, int rate_hz,
                         SoundFormat format) {
  constexpr std::size_t kMostWavBytes = 0xFFFFFFFF - 100;  // With its header.
  if (format == SoundFormat::Wav && samples.size() > kMostWavBytes / sizeof(std::int16_t)) {
    throw OutputError("the sound is longer than a WAV file can hold; choose FLAC");
  }
  SF_INFO info{};
  info.channels = n_channels;
  info.samplerate = rate_hz;
  info.format = sndfile_format(format);
  Memory memory;
  SndRefusal refusal;
  const SF_VIRTUAL_IO functions{size_of, seek, read, write, tell};
  SndFile file = open_snd_file(functions, &memory, SFM_WRITE, info, refusal);
  if (!file) {
    throw OutputError("libsndfile cannot encode sound (" + refusal.why +
                      "); choose another format");
  }
  sf_command(file.get(), SFC_SET_CLIPPING, nullptr, SF_TRUE);
  if (format == SoundFormat::Mp3) keep_bit_rate_constant(file.get(), n_channels);
  // Libsndfile clips for PCM only; encoders of MP3 stop the program at samples far beyond 1.
  constexpr std::size_t kBlock = 1U << 16U;
  std::vector<float> block;
  sf_count_t written = 0;
  for (std::size_t start = 0; start < samples.size(); start += kBlock) {
    const std::size_t end = std::min(start + kBlock, samples.size());
    block.clear();
    for (std::size_t i = start; i < end; ++i) block.push_back(std::clamp(samples[i], -1.0F, 1.0F));
    written += sf_write_float(file.get(), block.data(), static_cast<sf_count_t>(block.size()));
  }
  const bool closed = sf_close(file.release()) == 0;
  if (memory.is_full) throw std::bad_alloc();
  if (!closed || written != static_cast<sf_count_t>(samples.size())) {
    throw OutputError("libsndfile could not encode sound");
  }
  return std::move(memory.bytes);
}

}  // namespace fyr
