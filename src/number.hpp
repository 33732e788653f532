// SPDX-License-Identifier: GPL-3.0-or-later

/// Numbers as text, the same in every locale, unlike printf.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>

namespace fyr {

/// A number with that many decimals: `out << Fixed{0.5, 2}` writes 0.50.
struct Fixed {
  double value;
  int decimals;
};

std::ostream& operator<<(std::ostream& out, Fixed number);

std::string to_text(Fixed number);

/// "1 bar", "2 bars".
std::string counted(std::size_t n, const std::string& thing);

}  // namespace fyr
