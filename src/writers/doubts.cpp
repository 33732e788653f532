// SPDX-License-Identifier: GPL-3.0-or-later
#include <ostream>
#include <string>
#include <vector>

#include "fyr/writers.hpp"
#include "number.hpp"
#include "score/bar_numbers.hpp"

namespace fyr {

void write_doubts(const Rhythm& rhythm, const Score& score, double below, std::ostream& out) {
  out << "bar,beat,time_s,drum,confidence\n";
  const std::vector<int> numbers = bar_numbers(score);
  for (const QuantisedHit& hit : rhythm.hits) {
    if (hit.confidence >= below) continue;
    const auto measure = static_cast<std::size_t>(hit.bar) + score.n_silent;
    const Bar& bar = rhythm.bars[static_cast<std::size_t>(hit.bar)];
    // A pickup is counted from the start of the bar that it is the end of.
    const Tick inside = hit.tick + bar.meter.bar_ticks() - bar.length;
    const double beat = 1 + static_cast<double>(inside) / bar.meter.beat_ticks();
    out << std::to_string(numbers[measure]) << ',' << Fixed{beat, 2} << ',' << Fixed{hit.time_s, 3}
        << ',' << info(hit.drum).id << ',' << Fixed{hit.confidence, 2} << '\n';
  }
}

}  // namespace fyr
