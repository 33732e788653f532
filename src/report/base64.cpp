// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/base64.hpp"

#include <cstdint>

namespace fyr {

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = i; k < i + 3; ++k) {
      group = group << 8 | (k < bytes.size() ? static_cast<unsigned char>(bytes[k]) : 0U);
    }
    for (int digit = 0; digit < 4; ++digit) {
      text += kDigits[group >> (18 - 6 * digit) & 63U];
    }
  }
  const std::size_t n_missing = (3 - bytes.size() % 3) % 3;
  text.replace(text.size() - n_missing, n_missing, n_missing, '=');
  return text;
}

}  // namespace fyr
