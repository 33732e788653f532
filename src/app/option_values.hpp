// SPDX-License-Identifier: GPL-3.0-or-later

/// Option values that are more than a number. All throw UsageError with cause and remedy.
#pragma once

#include <string>
#include <vector>

#include "fyr/onset.hpp"
#include "fyr/rhythm.hpp"

namespace fyr::app {

/// The settings with "0.3" (all drums), then "snare=0.25,crash=0.4", whatever their order; each
/// stands once. Thresholds are in [0, 1].
PerDrum<PeakPicking> with_thresholds(PerDrum<PeakPicking> settings,
                                     const std::vector<std::string>& values);

/// "7/8": numerator 1 to 32 over 2, 4, 8 or 16.
Meter parse_meter(const std::string& text);

}  // namespace fyr::app
