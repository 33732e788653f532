// SPDX-License-Identifier: GPL-3.0-or-later
#include "number.hpp"

#include <array>
#include <charconv>
#include <ostream>

namespace fyr {

std::string to_text(Fixed number) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number.value,
                                 std::chars_format::fixed, number.decimals);
  return {text.data(), end.ptr};
}

std::string to_text(double number) {
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::general, 6);
  return {text.data(), end.ptr};
}

std::string counted(std::size_t n, const std::string& thing) {
  return std::to_string(n) + " " + thing + (n == 1 ? "" : "s");
}

std::ostream& operator<<(std::ostream& out, Fixed number) { return out << to_text(number); }

}  // namespace fyr
