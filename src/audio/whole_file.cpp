// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/whole_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "audio/completeness.hpp"
#include "audio/file_bytes.hpp"
#include "audio/mpeg_frames.hpp"
#include "audio/snd_file.hpp"
#include "fyr/error.hpp"
#include "text.hpp"

namespace fyr {
namespace {

constexpr std::int64_t kCopyBytes = 1 << 16;

/// Blocks of a pipe or device: more than the headers of any format need.
constexpr int kBlocksToKnow = 16;

/// Whether libsndfile knows the format of what stands in the file so far. An ID3 tag may hide where
/// an MP3 begins.
bool may_become_sound(std::FILE* file) {
  std::fflush(file);
  const FileBytes bytes(fileno(file));
  if (bytes.at(0, 3) == "ID3") return true;
  std::rewind(file);
  SF_INFO info{};
  const SndFile sound(sf_open_fd(fileno(file), SFM_READ, &info, SF_FALSE));
  const bool known = sound || sf_error(nullptr) != SF_ERR_UNRECOGNISED_FORMAT;
  std::fseek(file, 0, SEEK_END);
  return known;
}

/// What is written into a temporary file, to be read from its beginning.
class TemporaryCopy {
 public:
  explicit TemporaryCopy(const std::filesystem::path& path) : path_(path), file_(std::tmpfile()) {
    check(file_ != nullptr);
  }

  void write(std::string_view bytes) {
    check(std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size());
  }

  std::FILE* file() { return file_.get(); }

  File finish() {
    check(std::fflush(file_.get()) == 0);
    std::rewind(file_.get());
    return std::move(file_);
  }

  /// Throws the system's reason.
  void check(bool good) const {
    if (!good) fail_to_read(path_, std::string(std::strerror(errno)) + "; save it as a file first");
  }

 private:
  const std::filesystem::path& path_;
  File file_;
};

/// Copies all of a pipe or device; what is no sound not to an end that it may not have.
File spool(const std::filesystem::path& path, std::FILE* source) {
  TemporaryCopy copy(path);
  std::vector<char> bytes(kCopyBytes);
  for (int n_blocks = 1; std::feof(source) == 0; ++n_blocks) {
    const std::size_t got = std::fread(bytes.data(), 1, bytes.size(), source);
    copy.check(std::ferror(source) == 0);
    copy.write({bytes.data(), got});
    if (n_blocks == kBlocksToKnow && !may_become_sound(copy.file())) {
      fail_to_read(path, "not a sound file that libsndfile reads; convert it to WAV or FLAC");
    }
  }
  return copy.finish();
}

/// Opens a regular file with something in it, turning the system's reasons into one line.
File open_bytes(const std::filesystem::path& path) {
  errno = 0;
  File file(path == "-" ? fdopen(dup(STDIN_FILENO), "rb") : std::fopen(path.c_str(), "rb"));
  if (!file && errno == ENOENT) fail_to_read(path, "no such file; check the path");
  if (!file) fail_to_read(path, why_closed());
  struct stat status {};
  fstat(fileno(file.get()), &status);
  if (S_ISDIR(status.st_mode)) fail_to_read(path, "it is a folder; name the recordings in it");
  // Pipes cannot be rewound, which most formats need.
  if (!S_ISREG(status.st_mode)) file = spool(path, file.get());
  if (FileBytes(fileno(file.get())).size() == 0) {
    fail_to_read(path, "the file is empty; record or export it again");
  }
  return file;
}

/// The sound of an MP3 in one piece, after its tag and a frame that counts what is there.
File join_frames(const std::filesystem::path& path, const FileBytes& bytes,
                 const MpegFrames& frames) {
  TemporaryCopy copy(path);
  const auto write = [&](const ByteSpan& span) {
    for (std::int64_t done = 0; done < span.n_bytes; done += kCopyBytes) {
      const std::int64_t n_bytes = std::min(span.n_bytes - done, kCopyBytes);
      copy.write(bytes.at(span.offset + done, static_cast<std::size_t>(n_bytes)));
    }
  };
  write(frames.tag);
  copy.write(frames.counting);
  std::ranges::for_each(frames.sound, write);
  return copy.finish();
}

}  // namespace

void fail_to_read(const std::filesystem::path& path, const std::string& why) {
  const std::string name = path == "-" ? "standard input" : "\"" + path.string() + "\"";
  throw InputError("cannot read " + name + ": " + why);
}

File open_whole(const std::filesystem::path& path) {
  File file = open_bytes(path);
  const FileBytes bytes(fileno(file.get()));
  if (const std::string_view why = why_not_whole(bytes); !why.empty())
    fail_to_read(path, std::string(why));
  const auto mpeg = scan_mpeg(bytes);
  if (!mpeg) return file;
  if (mpeg->cut_off) fail_to_read(path, std::string(kCutOff));
  if (mpeg->changes_at_s) {
    fail_to_read(path, "its sample rate or number of channels changes after " +
                           std::to_string(std::lround(*mpeg->changes_at_s)) +
                           " s; convert it to WAV or FLAC");
  }
  return mpeg->as_told ? std::move(file) : join_frames(path, bytes, *mpeg);
}

}  // namespace fyr
