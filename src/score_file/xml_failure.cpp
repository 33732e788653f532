// SPDX-License-Identifier: GPL-3.0-or-later
#include "score_file/xml_failure.hpp"

#include <tinyxml2.h>

namespace fyr {
namespace {

std::string words_for(tinyxml2::XMLError error) {
  switch (error) {
    case tinyxml2::XML_ERROR_MISMATCHED_ELEMENT:
      return "the element that begins there has no closing tag of its own";
    case tinyxml2::XML_ERROR_PARSING_ELEMENT:
      return "a tag that is cut off or holds what no tag may";
    case tinyxml2::XML_ERROR_PARSING_ATTRIBUTE:
      return "an attribute that has no value in quotes or is given twice";
    case tinyxml2::XML_ERROR_PARSING_TEXT:
      return "text that no tag follows";
    case tinyxml2::XML_ERROR_PARSING_CDATA:
      return "a CDATA section without its end";
    case tinyxml2::XML_ERROR_PARSING_COMMENT:
      return "a comment without its end";
    case tinyxml2::XML_ERROR_PARSING_DECLARATION:
      return "a <?…?> that has no end or does not stand at the top";
    case tinyxml2::XML_ERROR_PARSING_UNKNOWN:
      return "a <!…> without its end";
    case tinyxml2::XML_ELEMENT_DEPTH_EXCEEDED:
      return "elements nested deeper than any score's";
    default:
      return "what begins there is no tag, or the file ends before it is closed";
  }
}

}  // namespace

std::string xml_failure(const tinyxml2::XMLDocument& document) {
  // Of nothing tinyxml2 knows no line.
  if (document.ErrorID() == tinyxml2::XML_ERROR_EMPTY_DOCUMENT) return "no XML: there is no text";
  return "not well-formed XML in line " + std::to_string(document.ErrorLineNum()) + ": " +
         words_for(document.ErrorID());
}

}  // namespace fyr
