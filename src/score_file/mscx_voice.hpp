// SPDX-License-Identifier: GPL-3.0-or-later

/// One <voice> of an .mscx file.
#pragma once

#include <tinyxml2.h>

#include <optional>
#include <string>
#include <vector>

#include "score_file/mscx_score.hpp"

namespace fyr {

/// The text of a child, empty without one.
std::string child_text(const tinyxml2::XMLElement& element, const char* name);

/// The whole number that a child holds; `otherwise` without that child, nothing if it holds
/// anything else or more than an int.
std::optional<int> child_int(const tinyxml2::XMLElement& element, const char* name, int otherwise);

/// Adds voice `number` (from 1) to `bar`, and to `findings` what is wrong with its elements.
void read_mscx_voice(const tinyxml2::XMLElement& voice, int number, MscxBar& bar,
                     std::vector<ScoreFinding>& findings);

}  // namespace fyr
