// SPDX-License-Identifier: GPL-3.0-or-later

/// XML: the few moves the writers need from tinyxml2.
#pragma once

#include <tinyxml2.h>

#include <string_view>

namespace fyr {

/// An element that is open while this object lives.
class Element {
 public:
  Element(tinyxml2::XMLPrinter& xml, const char* name) : xml_(xml) { xml_.OpenElement(name); }
  ~Element() { xml_.CloseElement(); }
  Element(const Element&) = delete;
  Element& operator=(const Element&) = delete;

  Element& with(const char* attribute, const char* value) {
    xml_.PushAttribute(attribute, value);
    return *this;
  }
  Element& with(const char* attribute, int value) {
    xml_.PushAttribute(attribute, value);
    return *this;
  }

 private:
  tinyxml2::XMLPrinter& xml_;
};

/// <name>value</name>
void leaf(tinyxml2::XMLPrinter& xml, const char* name, int value);
void leaf(tinyxml2::XMLPrinter& xml, const char* name, const char* value);
void leaf(tinyxml2::XMLPrinter& xml, const char* name, std::string_view text);

/// <name/>
void leaf(tinyxml2::XMLPrinter& xml, const char* name);

}  // namespace fyr
