// SPDX-License-Identifier: GPL-3.0-or-later

/// Offbeats that come late throughout.
#pragma once

#include <vector>

#include "fyr/rhythm.hpp"

namespace fyr::rhythm {

// By hand, as parts of what two notes share.
inline constexpr double kOffbeatFrom = 0.40;  ///< The second of a pair is looked for from here …
inline constexpr double kOffbeatTo = 0.72;    ///< … to here, before the dotted note's.
inline constexpr double kLateOffbeat = 0.57;  ///< Later than this is swung.

/// How the recording swings: in eighths if at least 70 % of the offbeat ones come late, eight and
/// one in fifty quarters at least, and true triplets are the exception, else in sixteenths by the
/// same rule, else not. `positions` in ticks from the start of the first bar.
Swing find_swing(const std::vector<double>& positions, const std::vector<Bar>& bars);

}  // namespace fyr::rhythm
