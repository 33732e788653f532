// SPDX-License-Identifier: GPL-3.0-or-later

/// What MuseScore's reader refuses and tinyxml2 lets pass, and what would keep tinyxml2 busy.
#pragma once

#include <string>
#include <string_view>

namespace fyr {

/// The first thing in `xml` that is not well-formed (XML 1.0, sections 2.2, 2.5, 3.1 and 4.1)
/// although its elements are: bytes that are no UTF-8, characters that XML forbids, an & that
/// begins no reference, a comment with "--" in it, attributes without a blank between them; and its
/// line: "in line 7: a control character". Empty if there is none.
std::string xml_mistake(std::string_view xml);

/// Whether a tag comes first, behind a byte-order mark and blanks at most: what doesn't is another
/// kind of file, not a damaged one.
bool begins_as_xml(std::string_view text);

/// What makes `xml` larger than any score and must not be parsed: tinyxml2 takes some 130 bytes for
/// an element, however short, and compares each attribute of an element with all before it. Empty
/// if there is nothing.
std::string xml_excess(std::string_view xml);

}  // namespace fyr
