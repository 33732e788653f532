// SPDX-License-Identifier: GPL-3.0-or-later

/// Context: peaks heard once more, knowing the whole recording, its bars and the other drums.
///
/// The network hears 5 seconds at a time. What it cannot know is how clearly a drum stands out in
/// this recording, and that drummers repeat themselves: a faint hi-hat is one if there is a hi-hat
/// in the same place of other bars or in step before and after, a faint ride in a song without a
/// clear ride is none, a faint ghost note that sounds like eight clear ones is one. A perceptron
/// with one hidden layer of rectified units (Nair & Hinton, ICML 2010), fitted on rendered songs
/// (models/training/context.py), says so. With the peak's drum d, its confidence c and features x:
///
///     logit(c') = logit(c) + own_d x_0 + constant_d
///               + sum over units k of output_{k,d} max(0, bias_{k,d} + sum over j of w_{k,j} x_j)
///
/// x are log-odds unless said otherwise, of drum d unless said otherwise. Near a time is less than
/// near_s from it; what counts there is the highest peak, 0 if it is lower than `least`.
///
///     x_0       c
///     x_1       mean of the five highest confidences in the recording
///     x_2       mean of all confidences of at least 0.1, 0.05 if there are none
///     x_3       ln(0.02 + peaks a second with more than 0.3)
///     x_4       mean of what is near the same place one bar before and after
///     x_5       the same two bars before and after
///     x_6       the same in all of the 16 bars before and after
///     x_7–18    what is near 1/4, 1/3, 1/2, 1 and 2 beats and half a bar before and after
///     x_19–31   what is near of each drum (include/fyr/drum.hpp has their order)
///     x_32, 33  ln of the seconds, from 0.02 to 2, since the last and to the next peak of at least
///               0.1
///     x_34      ln(0.01 + seconds since the recording's start, at most 2): a file that begins
///               inside a sound seems to begin with a stroke
///     x_35      mean of what is played at the moments that sound most like this one
///
/// Moments that sound alike (non-local means, Buades, Coll & Morel, CVPR 2005, over the
/// self-similarity of a recording, Foote, ACM Multimedia 1999): peaks of all drums belong to one
/// moment if they come less than 30 ms after its first one. What it sounds like is the mean timbre
/// of 3 frames from its highest peak on, followed by that of the 5 frames after these, less the
/// mean of all of these values, so that loudness does not count. x_35 is the mean, over the 8
/// moments whose sound is nearest (Euclidean), of the drum's highest peak there, 0 if none. They
/// have a peak of at least 0.1 and lie 50 ms away at least and a minute at most; where there are
/// fewer than 3, or timbre is not known, x_35 is logit(c). Of hi-hats, rides and crash only the
/// upper third of the timbre is compared (from 3 kHz on in the shipped model), where a band hides
/// less of them.
///
/// Places outside the beats found do not count in x_4 to x_6; where none is left, they are
/// logit(c), and without bars x_4 to x_18 are. In x, log-odds are those of confidences from 0.01 to
/// 0.97. The threshold in the model file then applies to c'.
#pragma once

#include <cstddef>
#include <vector>

#include "fyr/model.hpp"
#include "fyr/onset.hpp"
#include "fyr/timbre.hpp"

namespace fyr {

/// Where in time the beats are, and how many make a bar.
struct BeatGrid {
  std::vector<double> times_s;  ///< Strictly rising.
  int beats_per_bar = 4;
};

/// x of each peak. `timbre` may be unknown.
PerDrum<std::vector<ContextFeatures>> context_features(const Peaks& peaks, const BeatGrid& grid,
                                                       const Timbre& timbre, double duration_s,
                                                       const Context& context);

/// c' of a peak with features x.
float confidence_in_context(float confidence, const ContextFeatures& x, std::size_t drum,
                            const Context& context);

/// The same peaks with confidence c'.
Peaks in_context(const Peaks& peaks, const BeatGrid& grid, const Timbre& timbre, double duration_s,
                 const Context& context);

}  // namespace fyr
