// SPDX-License-Identifier: GPL-3.0-or-later

/// Which moments of a recording sound alike, and what is played there.
///
/// A drummer has a handful of sounds and makes each of them often, so what a stroke is can be heard
/// in the others that sound like it: the idea of non-local means (Buades, Coll & Morel, CVPR 2005)
/// over the self-similarity of a recording (Foote, ACM Multimedia 1999).
///
/// Peaks of all drums belong to one moment if they come less than 30 ms after its first one. What a
/// moment sounds like is the mean timbre of 3 frames from its highest peak on, followed by that of
/// the 5 frames after these, less the mean of all of these values, so that loudness does not count.
/// Its distance to another moment is the squared Euclidean one.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "fyr/drum.hpp"
#include "fyr/onsets.hpp"
#include "fyr/timbre.hpp"

namespace fyr::rhythm {

struct Moment {
  double first_s = 0;    ///< Of its first peak.
  double time_s = 0;     ///< Of its highest peak.
  float confidence = 0;  ///< Of its highest peak.
  PerDrum<float> confidences{};
};

/// In time order.
std::vector<Moment> moments_of(const Peaks& peaks);

/// For each moment what is played at the up to 8 that sound most like it: of each drum the mean of
/// its highest peak there, 0 if none. They lie within a minute, 50 ms away at least, and have a
/// peak of at least 0.1; nothing where there are fewer than 3. Only timbre from value number
/// `first_value` on is compared. Requires: timbre is known.
std::vector<std::optional<PerDrum<double>>> alike_moments(const std::vector<Moment>& moments,
                                                          const Timbre& timbre,
                                                          std::size_t first_value);

}  // namespace fyr::rhythm
