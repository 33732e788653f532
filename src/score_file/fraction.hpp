// SPDX-License-Identifier: GPL-3.0-or-later

/// Exact lengths: tuplets of any kind add up to whole bars.
#pragma once

#include <compare>
#include <cstdint>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fyr {

/// Of a whole note, in lowest terms with a positive denominator. Throws std::overflow_error where
/// 64 bits do not suffice.
class Fraction {
 public:
  constexpr Fraction(std::int64_t numerator = 0, std::int64_t denominator = 1) {
    const std::int64_t divisor = std::gcd(numerator, denominator);
    const std::int64_t sign = denominator < 0 ? -1 : 1;
    numerator_ = divisor == 0 ? 0 : sign * numerator / divisor;
    denominator_ = divisor == 0 ? 1 : sign * denominator / divisor;
  }

  constexpr std::int64_t numerator() const { return numerator_; }
  constexpr std::int64_t denominator() const { return denominator_; }
  constexpr double value() const {
    return static_cast<double>(numerator_) / static_cast<double>(denominator_);
  }

  friend constexpr Fraction operator+(Fraction a, Fraction b) {
    return {sum(product(a.numerator_, b.denominator_), product(b.numerator_, a.denominator_)),
            product(a.denominator_, b.denominator_)};
  }
  friend constexpr Fraction operator-(Fraction a, Fraction b) {
    return a + Fraction(-b.numerator_, b.denominator_);
  }
  friend constexpr Fraction operator*(Fraction a, Fraction b) {
    return {product(a.numerator_, b.numerator_), product(a.denominator_, b.denominator_)};
  }
  friend constexpr bool operator==(Fraction a, Fraction b) = default;
  friend constexpr std::strong_ordering operator<=>(Fraction a, Fraction b) {
    __extension__ using Wide = __int128;  // Holds any product of two.
    return Wide{a.numerator_} * b.denominator_ <=> Wide{b.numerator_} * a.denominator_;
  }

 private:
  static constexpr std::int64_t sum(std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    if (__builtin_add_overflow(a, b, &result)) throw std::overflow_error("fraction");
    return result;
  }
  static constexpr std::int64_t product(std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    if (__builtin_mul_overflow(a, b, &result)) throw std::overflow_error("fraction");
    return result;
  }

  std::int64_t numerator_ = 0;
  std::int64_t denominator_ = 1;
};

/// "7/8"; "1" for whole numbers.
std::string to_string(Fraction fraction);

/// "7/8", "-1/4" or "1", with parts up to a million, so that sums stay exact; nothing for others.
std::optional<Fraction> parse_fraction(std::string_view text);

}  // namespace fyr
