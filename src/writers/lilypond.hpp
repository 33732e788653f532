// SPDX-License-Identifier: GPL-3.0-or-later

/// The parts of a LilyPond file; fyr/writers.hpp declares the writer itself.
#pragma once

#include <iosfwd>

#include "fyr/score.hpp"

namespace fyr {

/// LilyPond's name of the drum.
const char* lilypond_drum(Drum drum);

/// The first voice of every measure: time signatures, tempi, marks and line breaks as well.
void write_lilypond_first_voice(const Score& score, std::ostream& out);

/// The second voice; a measure that has none is skipped over.
void write_lilypond_second_voice(const Score& score, std::ostream& out);

}  // namespace fyr
