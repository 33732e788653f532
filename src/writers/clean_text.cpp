// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/clean_text.hpp"

#include <algorithm>

#include "utf8.hpp"

namespace fyr {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Some of these are line ends: U+0085 among the controls of Latin 1, U+2028 and U+2029.
bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return first < 0x20 || first == 0x7F;
  const bool latin = first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
  return latin || character == "\xE2\x80\xA8" || character == "\xE2\x80\xA9";
}

/// In sizes of the font.
double width_of(std::string_view character) {
  const char c = character.front();
  if (character.size() > 2) return 1;  // Chinese, Japanese, Korean, and few others.
  if ((c >= 'A' && c <= 'Z') || c == 'm' || c == 'w') return 0.7;
  return c == ' ' || c == 'i' || c == 'j' || c == 'l' || c == 't' ? 0.28 : 0.48;
}

}  // namespace

bool is_noncharacter(std::string_view character) {
  return character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF";
}

std::string clean_text(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(1, length));
    if (length == 0 || is_noncharacter(character)) {
      clean += kReplacement;
    } else if (is_control(character)) {
      clean += ' ';
    } else {
      clean += character;
    }
    text.remove_prefix(character.size());
  }
  return clean;
}

int fitting_size(std::string_view text, int size) {
  constexpr double kLinePoints = 538;  // 190 mm.
  const std::string clean = clean_text(text);
  double width = 0;
  for (std::string_view left = clean; !left.empty();) {
    const std::string_view character = left.substr(0, utf8_length(left));
    width += width_of(character);
    left.remove_prefix(character.size());
  }
  if (width * size <= kLinePoints) return size;
  return std::max(static_cast<int>(kLinePoints / width), size / 2);
}

}  // namespace fyr
