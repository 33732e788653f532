// SPDX-License-Identifier: GPL-3.0-or-later
#include "score_file/xml_rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "text.hpp"
#include "utf8.hpp"
#include "writers/clean_text.hpp"

namespace fyr {
namespace {

constexpr std::string_view kComment = "<!--";
constexpr std::string_view kCdata = "<![CDATA[";
constexpr std::size_t kMostElements = 2'000'000;  ///< Of a score of drums that last six hours.
constexpr std::size_t kMostAttributes = 100;      ///< MuseScore writes up to ten.

bool is_allowed(std::uint32_t character) {
  if (character < 0x20) return character == '\t' || character == '\n' || character == '\r';
  const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
  return !surrogate && character != 0xFFFE && character != 0xFFFF && character <= 0x10FFFF;
}

/// "#38" or "#x26".
bool is_allowed_number(std::string_view digits) {
  const bool hexadecimal = digits.starts_with('x');
  if (hexadecimal) digits.remove_prefix(1);
  std::uint32_t character = 0;
  const char* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, character, hexadecimal ? 16 : 10);
  return read.ec == std::errc() && read.ptr == end && is_allowed(character);
}

/// What begins with an & that was taken off.
bool is_reference(std::string_view text) {
  constexpr std::array<std::string_view, 5> kNames = {"amp", "lt", "gt", "quot", "apos"};
  const std::size_t end = text.find(';');
  if (end == std::string_view::npos) return false;
  const std::string_view name = text.substr(0, end);
  if (name.starts_with('#')) return is_allowed_number(name.substr(1));
  return std::ranges::find(kNames, name) != kNames.end();
}

struct Mistake {
  std::size_t position = 0;
  std::string_view words;  ///< Empty: there is none.
};

Mistake character_mistake(std::string_view xml) {
  for (std::size_t i = 0; i < xml.size();) {
    const std::size_t n_bytes = utf8_length(xml.substr(i));
    if (n_bytes == 0) return {i, "bytes that are no UTF-8"};
    const std::string_view character = xml.substr(i, n_bytes);
    const bool control = n_bytes == 1 && !is_allowed(static_cast<unsigned char>(xml[i]));
    if (control || is_noncharacter(character)) return {i, "a control character"};
    i += n_bytes;
  }
  return {};
}

/// Behind the comment or CDATA section that begins with `open` at `start`; npos where it has no
/// end.
std::size_t end_of(std::string_view xml, std::size_t start, std::string_view open,
                   std::string_view close) {
  const std::size_t end = xml.find(close, start + open.size());
  return end == std::string_view::npos ? end : end + close.size();
}

/// Whether an attribute of the tag at `start` begins right behind the value of another.
bool joins_attributes(std::string_view xml, std::size_t start) {
  constexpr std::string_view kBehindValues = " \t\r\n/?>";
  std::size_t i = start + 1;
  while (i < xml.size() && xml[i] != '>' && xml[i] != '<') {
    const bool quote = xml[i] == '"' || xml[i] == '\'';
    if (quote) i = xml.find(xml[i], i + 1);
    if (i < xml.size()) ++i;
    if (quote && i < xml.size() && kBehindValues.find(xml[i]) == kBehindValues.npos) return true;
  }
  return false;
}

Mistake markup_mistake(std::string_view xml) {
  for (std::size_t i = xml.find_first_of("<&"); i < xml.size(); i = xml.find_first_of("<&", i)) {
    const std::string_view rest = xml.substr(i);
    if (rest.starts_with(kComment)) {
      const std::size_t dashes = xml.find("--", i + kComment.size());
      if (dashes < xml.size() && !xml.substr(dashes).starts_with("-->")) {
        return {dashes, "a comment with -- in it"};
      }
      i = end_of(xml, i, kComment, "-->");
    } else if (rest.starts_with(kCdata)) {
      i = end_of(xml, i, kCdata, "]]>");
    } else if (rest.front() == '&' && !is_reference(rest.substr(1))) {
      return {i, "an & that is not written &amp;"};
    } else if (rest.front() == '<' && !rest.starts_with("<!") && joins_attributes(xml, i)) {
      return {i, "two attributes without a blank between them"};
    } else {
      ++i;
    }
  }
  return {};
}

/// Attributes of the tag that begins at `start`, and behind its end.
std::pair<std::size_t, std::size_t> attributes_of(std::string_view xml, std::size_t start) {
  std::size_t n_attributes = 0;
  std::size_t i = start;
  while (i < xml.size() && xml[i] != '>') {
    if (xml[i] == '=') ++n_attributes;
    if (xml[i] == '"' || xml[i] == '\'') i = xml.find(xml[i], i + 1);
    if (i < xml.size()) ++i;
  }
  return {n_attributes, std::min(i, xml.size())};
}

}  // namespace

std::string xml_mistake(std::string_view xml) {
  Mistake mistake = character_mistake(xml);
  if (mistake.words.empty()) mistake = markup_mistake(xml);
  if (mistake.words.empty()) return {};
  const auto line = 1 + std::ranges::count(xml.substr(0, mistake.position), '\n');
  return "in line " + std::to_string(line) + ": " + std::string(mistake.words);
}

bool begins_as_xml(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return trimmed(text).starts_with('<');
}

std::string xml_excess(std::string_view xml) {
  std::size_t n_elements = 0;
  for (std::size_t i = xml.find('<'); i < xml.size(); i = xml.find('<', i)) {
    const std::string_view rest = xml.substr(i);
    if (rest.starts_with(kComment)) {
      i = end_of(xml, i, kComment, "-->");
    } else if (rest.starts_with(kCdata)) {
      i = end_of(xml, i, kCdata, "]]>");
    } else if (rest.starts_with("</")) {
      ++i;
    } else {
      const auto [n_attributes, end] = attributes_of(xml, i);
      if (n_attributes > kMostAttributes) {
        return "an element with more than " + std::to_string(kMostAttributes) + " attributes";
      }
      if (++n_elements > kMostElements) {
        return "more than " + std::to_string(kMostElements) + " elements";
      }
      i = end;
    }
  }
  return {};
}

}  // namespace fyr
