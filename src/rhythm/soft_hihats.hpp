// SPDX-License-Identifier: GPL-3.0-or-later

/// Pedals that no foot plays.
#pragma once

#include <vector>

#include "fyr/onset.hpp"

namespace fyr::rhythm {

/// Of each onset, in time order, whether it is a pedal that stands for a soft hi-hat: of three or
/// more less than 0.32 s apart, nearly all of them without a cymbal that the hands play. So drums
/// are programmed; a foot marks the beat more slowly, and with it the hands play on.
std::vector<bool> are_soft_hihats(const std::vector<Onset>& onsets);

}  // namespace fyr::rhythm
