// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/ffmpeg.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string>

#include "audio/file_bytes.hpp"
#include "audio/temporary_file.hpp"
#include "audio/whole_file.hpp"
#include "program_start.hpp"
#include "utf8.hpp"

namespace fyr {
namespace {

constexpr std::size_t kMostReasonBytes = 200;

/// The first line, without the name of ffmpeg's part ("[mov,mp4 @ 0x55a0] moov atom not found") or
/// of the file.
std::string reason_in(const FileBytes& errors, const std::string& input) {
  std::string line = errors.at(0, kMostReasonBytes + input.size());
  line.resize(std::min(line.find('\n'), line.size()));
  const std::size_t end = line.find("] ");
  if (line.starts_with('[') && end != line.npos) line.erase(0, end + 2);
  if (line.starts_with(input + ": ")) line.erase(0, input.size() + 2);
  return as_utf8(line);
}

}  // namespace

File decoded_by_ffmpeg(const std::filesystem::path& path) {
  // A name that looks like an address stays a file, and so does what a playlist names. Standard
  // output is opened as a file, so that ffmpeg can go back and tell the length.
  const std::string input = "file:" + path.string();
  File wav = temporary_file(path);
  const File errors = temporary_file(path);
  ProgramStart ffmpeg({"ffmpeg", "-nostdin", "-v", "error", "-xerror", "-protocol_whitelist",
                       "file", "-i", input, "-map", "0:a:0", "-c:a", "pcm_f32le", "-f", "wav",
                       "-rf64", "auto", "-y", "file:/dev/stdout"});
  ffmpeg.redirect(STDOUT_FILENO, fileno(wav.get()));
  ffmpeg.redirect(STDERR_FILENO, fileno(errors.get()));
  sigset_t none;  // Whatever this thread leaves to others: Ctrl-C is to end ffmpeg as well.
  sigemptyset(&none);
  pid_t program = 0;
  if (ffmpeg.start(none, program) != 0) return nullptr;
  if (exit_code_of(program) == 0) return wav;
  fail_to_read(path, "ffmpeg does not decode all of it (" +
                         reason_in(FileBytes(fileno(errors.get())), input) +
                         "); is it a recording? Copy or export it again, or convert it to WAV");
}

}  // namespace fyr
