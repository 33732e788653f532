// SPDX-License-Identifier: GPL-3.0-or-later

/// One <voice> of an .mscx file.
#pragma once

#include <tinyxml2.h>

#include <vector>

#include "score_file/mscx_score.hpp"

namespace fyr {

/// Adds voice `number` (from 1) to `bar`, and to `findings` what is wrong with its elements.
void read_mscx_voice(const tinyxml2::XMLElement& voice, int number, MscxBar& bar,
                     std::vector<ScoreFinding>& findings);

}  // namespace fyr
