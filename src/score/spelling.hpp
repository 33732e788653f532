// SPDX-License-Identifier: GPL-3.0-or-later

/// Spelling: which note values and rests say that something is struck here and there in a beat.
#pragma once

#include <vector>

#include "fyr/score.hpp"

namespace fyr {

/// A note or a rest; ticks count from the beat that the symbol belongs to.
struct Symbol {
  Tick start = 0;
  NoteValue value;
  bool is_rest = false;
};

/// Rests that fill [start, end) with the fewest symbols that show the beat's halves and quarters.
std::vector<Symbol> spell_rests(Tick start, Tick end);

/// Fills [start, end) with one note an onset and rests before or between.
///
/// A drum has no length, so each note takes the value that leaves the fewest symbols, reaching at
/// most to the next onset; dots and notes that hide the middle of the beat cost something. `onsets`
/// ascend within [start, end), all ticks are multiples of a 32nd (60), a full beat is at most a
/// dotted quarter long.
std::vector<Symbol> spell(const std::vector<Tick>& onsets, Tick start, Tick end);

}  // namespace fyr
