// SPDX-License-Identifier: GPL-3.0-or-later
#include "check_given.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "fyr/error.hpp"
#include "number.hpp"

namespace fyr {
namespace {

/// A list may be of another copy of the recording, with more silence at its ends.
constexpr double kAfterEnd_s = 1;

/// Refuses what was given for another recording, which would make a score of it none the less.
/// Its last item may be this much after the end.
void check_given(const std::string& name, double last_s, double duration_s, double after_s) {
  if (last_s <= duration_s + after_s) return;
  throw InputError("cannot use " + name + ": the last is at " + to_text(last_s) +
                   " s, but the recording lasts " + to_text(duration_s) +
                   " s; are they of another recording?");
}

}  // namespace

void check_hits(const TranscribeOptions& options, double duration_s) {
  if (!options.hits || options.hits->empty()) return;
  check(*options.hits);
  check_given(options.hits_name, options.hits->back().time_s, duration_s, kAfterEnd_s);
}

void check_given_beats(const TranscribeOptions& options, double duration_s) {
  const std::vector<Beat>& beats = options.rhythm.beats;
  if (beats.empty()) return;
  const auto end = std::ranges::upper_bound(beats, duration_s + kAfterEnd_s, {}, &Beat::time_s);
  const auto n_inside = end - beats.begin();
  double after_s = kAfterEnd_s;
  if (n_inside >= 2 && 2 * n_inside >= std::ssize(beats)) {
    const int bar = std::ranges::max(beats, {}, &Beat::number).number;
    const double inside_s = std::prev(end)->time_s - beats.front().time_s;
    after_s += bar * inside_s / static_cast<double>(n_inside - 1);
  }
  check_given(options.beats_name, beats.back().time_s, duration_s, after_s);
}

}  // namespace fyr
