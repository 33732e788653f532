// SPDX-License-Identifier: GPL-3.0-or-later

/// Fast swing that was counted at half its tempo.
#pragma once

#include <optional>
#include <vector>

#include "fyr/onsets.hpp"
#include "fyr/rhythm.hpp"

namespace fyr::rhythm {

/// In swing the foot closes the hi-hat on 2 and 4, and the offbeat eighths are late. Where the
/// pedal stands on nearly every "and" and the offbeat sixteenths are late, those are the beats.
/// Returns the quarters a minute that the plan counts then, of which there should be twice as many.
///
/// None where the beat is not a quarter, or faster than 150 a minute.
std::optional<double> half_tempo_of_swing(const BarPlan& plan, const std::vector<Onset>& onsets);

}  // namespace fyr::rhythm
