// SPDX-License-Identifier: GPL-3.0-or-later
#include "utf8.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace fyr {
namespace {

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// Bytes of a character that its lead byte promises; 0 for bytes that lead none.
std::size_t promised_length(char first) {
  const auto lead = static_cast<unsigned char>(first);
  return lead < 0x80   ? 1
         : lead < 0xC2 ? 0
         : lead < 0xE0 ? 2
         : lead < 0xF0 ? 3
         : lead < 0xF5 ? 4
                       : 0;
}

/// Whether `rest` begins a character that was cut off.
bool is_cut_off(std::string_view rest) {
  return rest.size() < promised_length(rest.front()) &&
         std::ranges::all_of(rest.substr(1), is_continuation);
}

/// The text as far as it is UTF-8: all of it, or up to a last character that was cut off. Nothing
/// if it is something else, as where that character alone is not ASCII.
std::optional<std::string_view> utf8_part(std::string_view text) {
  bool has_others = false;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t length = utf8_length(rest);
    if (length == 0) {
      if (!has_others || !is_cut_off(rest)) return std::nullopt;
      return text.substr(0, text.size() - rest.size());
    }
    has_others = has_others || length > 1;
    rest.remove_prefix(length);
  }
  return text;
}

/// What Windows-1252 has in place of the controls 0x80 to 0x9F; five it leaves as they are.
constexpr std::array<char16_t, 32> kWindows1252 = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

/// `code` is below 0x10000.
void append_utf8(unsigned code, std::string& text) {
  if (code < 0x80) {
    text += static_cast<char>(code);
    return;
  }
  if (code < 0x800) {
    text += static_cast<char>(0xC0 | code >> 6U);
  } else {
    text += static_cast<char>(0xE0 | code >> 12U);
    text += static_cast<char>(0x80 | (code >> 6U & 0x3FU));
  }
  text += static_cast<char>(0x80 | (code & 0x3FU));
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = promised_length(text.front());
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text[i])) return 0;
  }
  const auto second = length > 1 ? static_cast<unsigned char>(text[1]) : 0U;
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second >= 0xA0;
  const bool too_large = lead == 0xF4 && second >= 0x90;
  return overlong || surrogate || too_large ? 0 : length;
}

std::string as_utf8(std::string_view text) {
  if (const auto part = utf8_part(text)) return std::string(*part);
  std::string converted;
  for (const char character : text) {
    const unsigned code = static_cast<unsigned char>(character);
    const bool replaced = code >= 0x80 && code - 0x80 < kWindows1252.size();
    append_utf8(replaced ? kWindows1252[code - 0x80] : code, converted);
  }
  return converted;
}

}  // namespace fyr
