// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/xml.hpp"

#include "writers/clean_text.hpp"

namespace fyr {

void leaf(tinyxml2::XMLPrinter& xml, const char* name, int value) {
  const Element element(xml, name);
  xml.PushText(value);
}

void leaf(tinyxml2::XMLPrinter& xml, const char* name, const char* value) {
  const Element element(xml, name);
  xml.PushText(value);
}

void leaf(tinyxml2::XMLPrinter& xml, const char* name, std::string_view text) {
  leaf(xml, name, clean_text(text).c_str());
}

void leaf(tinyxml2::XMLPrinter& xml, const char* name) { const Element element(xml, name); }

}  // namespace fyr
