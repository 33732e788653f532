// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/mpeg_frames.hpp"

#include <iterator>
#include <string_view>
#include <utility>

#include "audio/mpeg_header.hpp"

namespace fyr {
namespace {

/// So many frames in a row are no accident: already two headers that agree lie once in 2^31 bytes
/// of noise.
constexpr int kSurely = 3;
/// So many that do not fit to the others are a recording of their own, fewer the rest of something.
constexpr int kRecording = 40;
constexpr std::int64_t kBlockBytes = 1 << 16;
constexpr std::int64_t kId3HeaderBytes = 10;

/// Size of an ID3v2 tag, 7 bits a byte (id3.org, 2.4.0), with its footer; 0 if there is none.
std::int64_t id3_bytes(std::string_view head) {
  if (!head.starts_with("ID3") || std::ssize(head) < kId3HeaderBytes) return 0;
  std::int64_t n_bytes = 0;
  for (const char byte : head.substr(6, 4)) n_bytes = n_bytes << 7 | (byte & 0x7F);
  const bool has_footer = (head[5] & 0x10) != 0;
  return kId3HeaderBytes + n_bytes + (has_footer ? kId3HeaderBytes : 0);
}

/// Whether one decoder plays both: the same version, layer, rate and number of channels.
bool alike(const MpegHeader& one, const MpegHeader& other) {
  constexpr std::uint32_t kVersionLayerRate = 0x001E0C00;
  return (one.bits & kVersionLayerRate) == (other.bits & kVersionLayerRate) &&
         one.mono == other.mono;
}

class FrameScanner {
 public:
  explicit FrameScanner(const FileBytes& file)
      : file_(file), tag_bytes_(id3_bytes(file.at(0, 10))) {}

  std::optional<MpegFrames> run() {
    std::int64_t offset = tag_bytes_ > 0 ? tag_bytes_ : zeros_in_front();
    if (tag_bytes_ == 0 && !header_at(offset)) return std::nullopt;
    if (file_.at(tag_bytes_, 4) == "fLaC") return std::nullopt;
    while (offset < file_.size()) {
      const std::string head = file_.at(offset, kMpegInfoBytes);
      const auto header = parse_mpeg_header(head);
      if (header && (!first_ || alike(*header, *first_))) {
        take(offset, *header, parse_mpeg_info(head, *header));
        offset += header->n_bytes;
        continue;
      }
      const auto next = next_frames(offset);
      if (!next) break;
      offset = *next;
      if (!first_ || alike(*header_at(offset), *first_)) continue;
      const auto [n_others, end] = run_at(offset, kRecording);
      if (n_others == kRecording) {
        frames_.changes_at_s = static_cast<double>(n_frames_) * first_->n_samples / first_->rate_hz;
        break;
      }
      offset = end;
    }
    if (n_frames_ == 0) return std::nullopt;
    finish();
    return std::move(frames_);
  }

 private:
  std::optional<MpegHeader> header_at(std::int64_t offset) const {
    return parse_mpeg_header(file_.at(offset, 4));
  }

  /// Some writers set space aside.
  std::int64_t zeros_in_front() const {
    const std::size_t end = file_.at(0, kBlockBytes).find_first_not_of('\0');
    return end == std::string::npos ? 0 : static_cast<std::int64_t>(end);
  }

  void take(std::int64_t offset, const MpegHeader& header, const std::optional<MpegInfo>& info) {
    if (!first_) first_ = header;
    if (info) {
      if (n_frames_ == 0 && !info_) {
        info_ = info;
        info_span_ = {offset, header.n_bytes};
      }
      return;
    }
    std::vector<ByteSpan>& spans = frames_.sound;
    if (spans.empty() || spans.back().offset + spans.back().n_bytes != offset) {
      spans.push_back({offset, 0});
    }
    spans.back().n_bytes += header.n_bytes;
    ++n_frames_;
  }

  /// Where frames begin again, at or after `offset`.
  std::optional<std::int64_t> next_frames(std::int64_t offset) const {
    for (; offset < file_.size(); offset += kBlockBytes) {
      const std::string block = file_.at(offset, kBlockBytes + 3);
      for (std::size_t i = 0; i + 3 < block.size(); ++i) {
        if (block[i] != '\xFF' || !parse_mpeg_header(std::string_view(block).substr(i, 4)))
          continue;
        const std::int64_t found = offset + static_cast<std::int64_t>(i);
        if (are_frames(found)) return found;
      }
    }
    return std::nullopt;
  }

  /// How many frames like the one at `offset` stand in a row there, `most` of them at most, and
  /// where they end.
  std::pair<int, std::int64_t> run_at(std::int64_t offset, int most) const {
    const auto first = header_at(offset);
    int n_frames = 0;
    for (auto header = first; n_frames < most && header && alike(*header, *first);
         header = header_at(offset)) {
      offset += header->n_bytes;
      ++n_frames;
    }
    return {n_frames, offset};
  }

  bool are_frames(std::int64_t offset) const {
    const auto [n_frames, end] = run_at(offset, kSurely);
    return n_frames == kSurely || end == file_.size();
  }

  void finish() {
    // libsndfile does not look behind a tag that holds nothing.
    const bool has_empty_tag = tag_bytes_ == kId3HeaderBytes;
    if (!has_empty_tag) frames_.tag = {0, tag_bytes_};
    const std::int64_t told = info_ && info_->n_frames ? *info_->n_frames : n_frames_;
    // Some encoders count the frame that counts. With more missing all that follows would come
    // early.
    const bool too_few = n_frames_ + 1 < told;
    const std::int64_t end = frames_.sound.back().offset + frames_.sound.back().n_bytes;
    frames_.cut_off = end > file_.size() || too_few;
    const bool extensible = info_ && info_->extensible;
    // libmpg123 grumbles on the terminal where more than a hundredth follows.
    const bool ends_the_file = file_.size() - end <= end / 200;
    frames_.as_told = extensible && told == n_frames_ && frames_.sound.size() == 1 &&
                      info_span_.offset == tag_bytes_ && ends_the_file && !has_empty_tag;
    if (!extensible) {
      frames_.counting = counting_frame(*first_, n_frames_);
      return;
    }
    std::int64_t n_bytes = info_span_.n_bytes;
    for (const ByteSpan& span : frames_.sound) n_bytes += span.n_bytes;
    frames_.counting =
        recounted(file_.at(info_span_.offset, static_cast<std::size_t>(info_span_.n_bytes)),
                  *header_at(info_span_.offset), n_frames_, n_bytes);
  }

  const FileBytes& file_;
  std::int64_t tag_bytes_;
  std::optional<MpegHeader> first_;
  std::optional<MpegInfo> info_;
  ByteSpan info_span_;
  std::int64_t n_frames_ = 0;
  MpegFrames frames_;
};

}  // namespace

std::optional<MpegFrames> scan_mpeg(const FileBytes& file) { return FrameScanner(file).run(); }

}  // namespace fyr
