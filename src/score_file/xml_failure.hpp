// SPDX-License-Identifier: GPL-3.0-or-later

/// tinyxml2's verdicts in plain words.
#pragma once

#include <string>

namespace tinyxml2 {
class XMLDocument;
}

namespace fyr {

/// Why `document`, which could not be parsed, is no XML, and where: "not well-formed XML in line
/// 12: a comment without its end".
std::string xml_failure(const tinyxml2::XMLDocument& document);

}  // namespace fyr
