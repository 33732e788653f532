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

/// With six digits at most and none that say nothing: 0.1, 50.
std::string to_text(double number);

/// "1 bar", "2 bars".
std::string counted(std::size_t n, const std::string& thing);

}  // namespace fyr
