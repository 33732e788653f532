// SPDX-License-Identifier: GPL-3.0-or-later

/// The Viterbi recursion's memory: which way led to each cell of the last minutes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "rhythm/evidence.hpp"

namespace fyr::rhythm {

/// What happened this long ago is settled: by then the likely paths have merged (truncated
/// traceback, as decoders of convolutional codes do: Forney, "The Viterbi algorithm", Proc. IEEE
/// 61, 1973). So memory does not grow with the recording.
inline constexpr int kSettleEvery = static_cast<int>(60 / kFrame_s);

/// Rows of bytes for the tempi of each frame that the beam left, in a ring of frames that reaches
/// back to what is settled. A row costs memory only once it is added.
class Choices {
 public:
  /// `longest`: frames that no step exceeds.
  Choices(int n_tempi, std::size_t row_bytes, int n_frames, int longest)
      : n_tempi_(static_cast<std::size_t>(n_tempi)),
        row_bytes_(row_bytes),
        pages_(static_cast<std::size_t>(std::min(n_frames, 2 * kSettleEvery + longest)) /
                   kPageFrames +
               2) {}

  /// Forgets the oldest frames for those that begin with `t`; to be called for every frame.
  void start_frame(int t) {
    if (static_cast<std::size_t>(t) % kPageFrames != 0) return;
    Page& page = page_of(t);
    page.row_of.assign(kPageFrames * n_tempi_, kNone);
    page.bytes.clear();
    page.bytes.reserve(most_bytes_);
  }

  /// A new row, all zero. It stays where it is until the next is added.
  std::uint8_t* add(int t, int tempo) {
    Page& page = page_of(t);
    page.row_of[place(t, tempo)] = static_cast<std::uint16_t>(page.bytes.size() / row_bytes_);
    page.bytes.resize(page.bytes.size() + row_bytes_);
    most_bytes_ = std::max(most_bytes_, page.bytes.size());
    return page.bytes.data() + page.bytes.size() - row_bytes_;
  }

  /// Null if none was added.
  const std::uint8_t* row(int t, int tempo) const {
    const Page& page = pages_[number(t)];
    const std::size_t row = page.row_of[place(t, tempo)];
    return row == kNone ? nullptr : page.bytes.data() + row * row_bytes_;
  }

 private:
  static constexpr std::size_t kPageFrames = 64;
  static constexpr std::uint16_t kNone = std::numeric_limits<std::uint16_t>::max();

  struct Page {
    std::vector<std::uint16_t> row_of;  ///< [frame of the page][tempo]
    std::vector<std::uint8_t> bytes;
  };

  std::size_t number(int t) const {
    return static_cast<std::size_t>(t) / kPageFrames % pages_.size();
  }
  Page& page_of(int t) { return pages_[number(t)]; }
  std::size_t place(int t, int tempo) const {
    return static_cast<std::size_t>(t) % kPageFrames * n_tempi_ + static_cast<std::size_t>(tempo);
  }

  std::size_t n_tempi_;
  std::size_t row_bytes_;
  std::size_t most_bytes_ = 0;  ///< Of a page until now.
  std::vector<Page> pages_;
};

}  // namespace fyr::rhythm
