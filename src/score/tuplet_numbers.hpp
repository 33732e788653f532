// SPDX-License-Identifier: GPL-3.0-or-later

/// Tuplet numbers: shown where they tell something new.
#pragma once

#include "fyr/score.hpp"

namespace fyr {

/// Does not repeat over the feet's tuplet a number that the hands' tuplet shows.
void hide_repeated_numbers(const Voice& hands, Voice& feet);

/// In a shuffle every beat is a triplet: three beamed eighths go without their number where the
/// bar before, on the same line, has them on the same beat. Lines must be broken already.
void hide_continued_numbers(Score& score);

}  // namespace fyr
