// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/number.hpp"

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

std::ostream& operator<<(std::ostream& out, Fixed number) { return out << to_text(number); }

}  // namespace fyr
