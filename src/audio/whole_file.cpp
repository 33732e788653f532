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
#include "audio/mpeg_header.hpp"
#include "audio/snd_file.hpp"
#include "audio/temporary_file.hpp"
#include "fyr/error.hpp"
#include "text.hpp"

namespace fyr {
namespace {

constexpr std::size_t kCopyBytes = 1 << 16;

/// Of a pipe or device: its format shows well before.
constexpr std::size_t kBytesToKnow = 1 << 20;

/// Whether libsndfile knows the format of what begins with `bytes`. An ID3 tag or space that was
/// set aside may hide where an MP3 begins, and of a part of one libmpg123 would complain by itself.
bool may_become_sound(const std::string& bytes) {
  if (bytes.starts_with("ID3")) return true;
  const std::size_t start = bytes.find_first_not_of('\0');
  if (start == bytes.npos) return false;
  if (parse_mpeg_header(std::string_view(bytes).substr(start, 4))) return true;
  PiecedFile file(nullptr);
  file.add(bytes);
  SF_INFO info{};
  SndRefusal refusal;
  return open_to_read(file, info, refusal) || refusal.code != SF_ERR_UNRECOGNISED_FORMAT;
}

/// Copies all of a pipe or device; what is no sound not to an end that it may not have.
File spool(const std::filesystem::path& path, std::FILE* source) {
  File copy = temporary_file(path);
  const auto check_copy = [&](bool good) {
    if (!good) fail_to_copy(path);
  };
  std::string beginning;
  std::vector<char> bytes(kCopyBytes);
  while (std::feof(source) == 0) {
    const std::size_t got = std::fread(bytes.data(), 1, bytes.size(), source);
    if (std::ferror(source) != 0) {
      fail_to_read(path, std::string(std::strerror(errno)) + "; save it as a file first");
    }
    check_copy(std::fwrite(bytes.data(), 1, got, copy.get()) == got);
    if (beginning.size() >= kBytesToKnow) continue;
    beginning.append(bytes.data(), got);
    if (beginning.size() >= kBytesToKnow && !may_become_sound(beginning)) {
      fail_to_read(path, "not a sound file that libsndfile reads; convert it to WAV or FLAC");
    }
  }
  check_copy(std::fflush(copy.get()) == 0);
  return copy;
}

/// Opens a regular file with something in it, turning the system's reasons into one line.
File open_bytes(const std::filesystem::path& path) {
  errno = 0;
  File file(path == "-" ? fdopen(dup(STDIN_FILENO), "rb") : std::fopen(path.c_str(), "rb"));
  if (!file && path == "-") fail_to_read(path, "it is closed; name a file");
  if (!file && errno == ENOENT && path.string().find("://") != std::string::npos) {
    fail_to_read(path, "fyr reads files only; download it first");
  }
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

}  // namespace

void fail_to_read(const std::filesystem::path& path, const std::string& why) {
  const std::string name = path == "-" ? "standard input" : "\"" + path.string() + "\"";
  throw InputError("cannot read " + name + ": " + why);
}

PiecedFile open_whole(const std::filesystem::path& path) {
  File file = open_bytes(path);
  const FileBytes bytes(fileno(file.get()));
  if (const std::string_view why = why_not_whole(bytes); !why.empty())
    fail_to_read(path, std::string(why));
  PiecedFile whole(std::move(file));
  auto mpeg = scan_mpeg(bytes);
  if (mpeg && mpeg->cut_off) fail_to_read(path, std::string(kCutOff));
  if (mpeg && mpeg->changes_at_s) {
    fail_to_read(path, "its sample rate or number of channels changes after " +
                           std::to_string(std::lround(*mpeg->changes_at_s)) +
                           " s; convert it to WAV or FLAC");
  }
  if (auto size = corrected_size(bytes)) {
    const auto end = size->offset + static_cast<std::int64_t>(size->bytes.size());
    whole.add(ByteSpan{0, size->offset});
    whole.add(std::move(size->bytes));
    whole.add(ByteSpan{end, bytes.size() - end});
    return whole;
  }
  if (!mpeg || mpeg->as_told) {
    whole.add(ByteSpan{0, bytes.size()});
    return whole;
  }
  whole.add(mpeg->tag);
  whole.add(std::move(mpeg->counting));
  for (const ByteSpan& span : mpeg->sound) whole.add(span);
  return whole;
}

}  // namespace fyr
