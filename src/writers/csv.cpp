// SPDX-License-Identifier: GPL-3.0-or-later
#include <charconv>
#include <ostream>
#include <string_view>

#include "fyr/writers.hpp"

namespace fyr {
namespace {

/// Independent of the locale, unlike printf.
struct Fixed {
  double value;
  int decimals;
};

std::ostream& operator<<(std::ostream& out, Fixed number) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number.value, std::chars_format::fixed,
                                 number.decimals);
  return out << std::string_view(text, end.ptr);
}

}  // namespace

void write_csv(const std::vector<Onset>& onsets, std::ostream& out) {
  out << "time_s,drum,velocity,confidence\n";
  for (const Onset& onset : onsets) {
    out << Fixed{onset.time_s, 4} << ',' << info(onset.drum).id << ',' << onset.velocity << ','
        << Fixed{onset.confidence, 4} << '\n';
  }
}

}  // namespace fyr
