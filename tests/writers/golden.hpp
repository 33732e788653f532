// SPDX-License-Identifier: GPL-3.0-or-later

/// Rhythms that between them hold all that a score can show, and files that they must become.
#pragma once

#include <iosfwd>
#include <string>

#include "fyr/score.hpp"

namespace fyr::testing {

/// A pickup, a groove with ghosts and an open hat, a break with a flam.
Rhythm groove();

/// Swing, triplets of hands and feet, sextuplets, a drag and a roll.
Rhythm triplets();

/// Changing meters, a bar of feet alone, an empty bar, a doubtful stroke.
Rhythm meters();

using Writer = void (*)(const Score&, std::ostream&);

/// The rhythm's score as the writer writes it.
std::string written(Writer write, const Rhythm& rhythm, const ScoreOptions& options);

/// The same under a title that needs escaping.
std::string written(Writer write, const Rhythm& rhythm, double doubt_below = 0);

/// Compares with tests/data/score/`name`; FYR_WRITE_GOLDEN=1 writes it anew.
void expect_golden(const std::string& text, const std::string& name);

}  // namespace fyr::testing
