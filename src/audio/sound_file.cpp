// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "audio/ffmpeg.hpp"
#include "audio/file_bytes.hpp"
#include "audio/pieced_file.hpp"
#include "audio/power.hpp"
#include "audio/sample_source.hpp"
#include "audio/snd_file.hpp"
#include "audio/whole_file.hpp"
#include "utf8.hpp"

namespace fyr {
namespace {

void check_disk(const std::filesystem::path& path, const PiecedFile& file) {
  if (file.error() == 0) return;
  fail_to_read(path, std::generic_category().message(file.error()) + "; check the disk");
}

PiecedFile all_of(File file) {
  const std::int64_t n_bytes = FileBytes(fileno(file.get())).size();
  PiecedFile whole(std::move(file));
  whole.add(ByteSpan{0, n_bytes});
  return whole;
}

/// Whether a file may be of a format that libsndfile does not know. Pipes are not tried on.
bool may_be_foreign(const std::filesystem::path& path, const SndRefusal& refusal) {
  std::error_code ignored;
  return (refusal.code == SF_ERR_UNRECOGNISED_FORMAT ||
          refusal.code == SF_ERR_UNSUPPORTED_ENCODING) &&
         path != "-" && std::filesystem::is_regular_file(path, ignored);
}

/// Of what libsndfile does not read, `file` becomes what ffmpeg makes of it.
SndFile open_sound(const std::filesystem::path& path, PiecedFile& file, SF_INFO& info) {
  SndRefusal refusal;
  SndFile sound = open_to_read(file, info, refusal);
  check_disk(path, file);
  if (!sound && may_be_foreign(path, refusal)) {
    if (File decoded = decoded_by_ffmpeg(path)) {
      file = all_of(std::move(decoded));
      info = {};
      sound = open_to_read(file, info, refusal);
      check_disk(path, file);
    }
  }
  if (!sound) {
    fail_to_read(path, "not a sound file that libsndfile reads (" + refusal.why +
                           "); convert it to WAV or FLAC, or install ffmpeg, through which fyr "
                           "reads M4A and others");
  }
  return sound;
}

/// Averages the channels of an interleaved block.
void mix_down(const std::vector<float>& block, int channels, std::vector<float>& mono) {
  const auto n_channels = static_cast<std::size_t>(channels);
  const float gain = 1.0F / static_cast<float>(channels);
  for (std::size_t frame = 0; frame < mono.size(); ++frame) {
    float sum = 0;
    for (std::size_t c = 0; c < n_channels; ++c) sum += block[frame * n_channels + c];
    mono[frame] = sum * gain;
  }
}

/// Without blanks, line ends and other controls at the ends.
std::string_view without_edges(std::string_view text) {
  const auto is_edge = [](char character) {
    const auto code = static_cast<unsigned char>(character);
    return code <= 0x20 || code == 0x7F;
  };
  while (!text.empty() && is_edge(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_edge(text.back())) text.remove_suffix(1);
  return text;
}

std::string tag_of(SNDFILE* sound, int which) {
  const char* text = sf_get_string(sound, which);
  return text == nullptr ? "" : as_utf8(without_edges(text));
}

/// FLAC and Ogg know their length, or say that they do not; elsewhere `info.frames` may be an
/// estimate. Of Ogg damaged pages are left out, so that all that follows would come early.
bool ends_early(sf_count_t n_frames, const SF_INFO& info) {
  const int container = info.format & SF_FORMAT_TYPEMASK;
  return (container == SF_FORMAT_FLAC || container == SF_FORMAT_OGG) && n_frames < info.frames &&
         info.frames < SF_COUNT_MAX;
}

/// libFLAC stops at what it cannot decode, which libsndfile tells only by a length that it knows.
bool stops_inside(const PiecedFile& file, const SF_INFO& info) {
  return (info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC && info.frames == SF_COUNT_MAX &&
         file.place() < file.size();
}

class SoundFile : public SampleSource {
 public:
  SoundFile(std::filesystem::path path, int block_frames)
      : path_(std::move(path)),
        file_(open_whole(path_)),
        sound_(open_sound(path_, file_, info_)),
        block_frames_(block_frames),
        block_(static_cast<std::size_t>(block_frames) * static_cast<std::size_t>(info_.channels)) {}

  int rate_hz() const override { return info_.samplerate; }

  Tags tags() const override {
    return {tag_of(sound_.get(), SF_STR_TITLE), tag_of(sound_.get(), SF_STR_ARTIST)};
  }

  double told_duration_s() const override {
    if (info_.frames <= 0 || info_.frames == SF_COUNT_MAX) return 0;
    return static_cast<double>(info_.frames) / info_.samplerate;
  }

  bool may_exceed_full_scale() const override {
    const int subtype = info_.format & SF_FORMAT_SUBMASK;
    return subtype == SF_FORMAT_FLOAT || subtype == SF_FORMAT_DOUBLE;
  }

  bool decode(std::vector<float>& mono) override {
    const sf_count_t got = sf_readf_float(sound_.get(), block_.data(), block_frames_);
    if (got <= 0) return false;
    n_frames_ += got;
    mono.resize(static_cast<std::size_t>(got));
    mix_down(block_, info_.channels, mono);
    if (info_.channels > 1) {
      const std::size_t n = mono.size() * static_cast<std::size_t>(info_.channels);
      channel_power_ += static_cast<double>(got) * mean_power({block_.data(), n});
    }
    return true;
  }

  double channel_power() const override { return channel_power_; }

  void check_end() const override {
    check_disk(path_, file_);
    if (sf_error(sound_.get()) != SF_ERR_NO_ERROR || ends_early(n_frames_, info_) ||
        stops_inside(file_, info_)) {
      refuse("it is cut off or damaged, only " + std::to_string(n_frames_ / info_.samplerate) +
             " s of it can be read; copy or export it again");
    }
  }

  /// Decoders of lossy formats may not seek to the first frame exactly, so it is opened anew.
  void restart() override {
    sound_.reset();
    info_ = {};
    sound_ = open_sound(path_, file_, info_);
    n_frames_ = 0;
    channel_power_ = 0;
  }

  [[noreturn]] void refuse(const std::string& why) const override { fail_to_read(path_, why); }

 private:
  std::filesystem::path path_;
  PiecedFile file_;
  SF_INFO info_{};
  SndFile sound_;
  sf_count_t block_frames_;
  sf_count_t n_frames_ = 0;   ///< Decoded so far.
  std::vector<float> block_;  ///< Interleaved.
  double channel_power_ = 0;
};

}  // namespace

std::unique_ptr<SampleSource> open_sound_file(const std::filesystem::path& path, int block_frames) {
  return std::make_unique<SoundFile>(path, block_frames);
}

}  // namespace fyr
