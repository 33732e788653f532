// SPDX-License-Identifier: GPL-3.0-or-later

/// Context: peaks heard once more, knowing the whole recording and its bars.
///
/// The network hears 5 seconds at a time. What it cannot know is how clearly a drum stands out in
/// this recording, and that drummers repeat themselves: a faint hi-hat is one if the bars before
/// and after have a hi-hat in the same place, a faint ride in a song without a clear ride is
/// none. A logistic model per drum, fitted on rendered songs (models/training/context.py), says so:
///
///     logit(c') = logit(c) + sum over j of w_j (x_j - m_j)
///
/// with the peak's confidence c and, in the same drum, as log-odds unless said otherwise:
///
///     x_0  mean of the five highest confidences in the recording
///     x_1  mean of all confidences of at least 0.1, 0.05 if there are none
///     x_2  ln(0.02 + peaks a second with more than 0.3)
///     x_3  mean of the highest confidence near the same place one bar before and after
///     x_4  the same two bars before and after
///
/// Places outside the beats found do not count; where none is left, or without bars, x is logit(c).
/// In x, log-odds are those of confidences from 0.01 to 0.97. The threshold in the model file then
/// applies to c'.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "fyr/onsets.hpp"

namespace fyr {

/// Where in time the beats are, and how many make a bar.
struct BeatGrid {
  std::vector<double> times_s;  ///< Strictly rising.
  int beats_per_bar = 4;
};

inline constexpr std::size_t kNContextFeatures = 5;
using ContextFeatures = std::array<double, kNContextFeatures>;

/// What a model file says about one drum.
struct DrumContext {
  double first_threshold = 0.3;  ///< Peaks of at least this, before context, find the bars.
  ContextFeatures weights{};     ///< w
  ContextFeatures means{};       ///< m
};

struct Context {
  double least = 0.03;   ///< Lower peaks count as none.
  double near_s = 0.03;  ///< Half the width of "the same place".
  PerDrum<DrumContext> drums;
};

/// x of each of one drum's peaks.
std::vector<ContextFeatures> context_features(const std::vector<Peak>& peaks, const BeatGrid& grid,
                                              double duration_s, const Context& context);

/// The same peaks with confidence c'.
Peaks in_context(Peaks peaks, const BeatGrid& grid, double duration_s, const Context& context);

}  // namespace fyr
