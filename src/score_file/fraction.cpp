// SPDX-License-Identifier: GPL-3.0-or-later
#include "score_file/fraction.hpp"

#include <charconv>

namespace fyr {
namespace {

constexpr std::int64_t kLargest = 1'000'000;

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  if (error != std::errc() || end != last || value > kLargest || value < -kLargest) return {};
  return value;
}

}  // namespace

std::string to_string(Fraction fraction) {
  std::string text = std::to_string(fraction.numerator());
  if (fraction.denominator() != 1) text += "/" + std::to_string(fraction.denominator());
  return text;
}

std::optional<Fraction> parse_fraction(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto numerator = parse_integer(text.substr(0, slash));
  const auto denominator =
      slash == std::string_view::npos ? 1 : parse_integer(text.substr(slash + 1));
  if (!numerator || !denominator || *denominator <= 0) return std::nullopt;
  return Fraction(*numerator, *denominator);
}

}  // namespace fyr
