// SPDX-License-Identifier: GPL-3.0-or-later

/// What the elements of an .mscx file may be called, and what they hold.
#pragma once

#include <tinyxml2.h>

#include <optional>
#include <string>
#include <string_view>

#include "score_file/fraction.hpp"

namespace fyr {

/// The text of a child, empty without one.
std::string child_text(const tinyxml2::XMLElement& element, const char* name);

/// What a message quotes of a file, which may hold anything: the first 60 bytes or so and "…".
std::string clipped(std::string_view text);

/// The whole number that a child holds; `otherwise` without that child, nothing if it holds
/// anything else or more than an int.
std::optional<int> child_int(const tinyxml2::XMLElement& element, const char* name, int otherwise);

bool is_grace(const tinyxml2::XMLElement& chord);

/// Of "eighth" and the like; nothing for a name that MuseScore does not know.
std::optional<Fraction> named_length(std::string_view name);

/// Whether the element may stand in a voice, a chord or a note; MuseScore drops others without a
/// word. True for any other parent.
bool is_known_element(std::string_view parent, std::string_view name);

}  // namespace fyr
