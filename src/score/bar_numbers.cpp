// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/bar_numbers.hpp"

namespace fyr {

std::vector<int> bar_numbers(const Score& score) {
  std::vector<int> numbers;
  int number = 0;
  for (const Measure& measure : score.measures) {
    if (measure.numbered) ++number;
    numbers.push_back(number);
  }
  return numbers;
}

}  // namespace fyr
