// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/compound.hpp"

#include <algorithm>
#include <cmath>

namespace fyr::rhythm {
namespace {

constexpr double kNear = 0.05;  ///< Of the beat: half way from 1/4 to 1/3 is .04.
constexpr int kFewest = 8;
constexpr int kThirdsPerQuarter = 2;
constexpr int kSecondPerFirst = 3;

bool has_two_beats(const std::vector<Beat>& beats) {
  const bool in_two =
      std::all_of(beats.begin(), beats.end(), [](const Beat& beat) { return beat.number <= 2; });
  return in_two &&
         std::any_of(beats.begin(), beats.end(), [](const Beat& beat) { return beat.number == 2; });
}

}  // namespace

bool is_compound_duple(const std::vector<Beat>& beats, const std::vector<Onset>& onsets) {
  if (!has_two_beats(beats)) return false;
  int n_first = 0;   // Hits on the first third,
  int n_second = 0;  // on the second,
  int n_half = 0;    // on the half, which is a sixteenth of 6/8 too,
  int n_quarter = 0;
  std::size_t beat = 0;
  for (const Onset& onset : onsets) {
    while (beat + 1 < beats.size() && beats[beat + 1].time_s <= onset.time_s) ++beat;
    if (beat + 1 >= beats.size() || onset.time_s < beats[beat].time_s) continue;
    const double phase =
        (onset.time_s - beats[beat].time_s) / (beats[beat + 1].time_s - beats[beat].time_s);
    const double off_third = std::abs(3 * phase - std::round(3 * phase)) / 3;
    const double off_quarter = std::abs(4 * phase - std::round(4 * phase)) / 4;
    const bool inside = phase > kNear && phase < 1 - kNear;
    if (!inside || std::min(off_third, off_quarter) > kNear) continue;
    if (off_third < off_quarter) {
      ++(phase < 0.5 ? n_first : n_second);
    } else {
      ++(std::abs(phase - 0.5) <= kNear ? n_half : n_quarter);
    }
  }
  const int n_thirds = n_first + n_second;
  return n_thirds >= kFewest && n_thirds > n_half + kThirdsPerQuarter * n_quarter &&
         kSecondPerFirst * n_first >= n_second;
}

}  // namespace fyr::rhythm
