// SPDX-License-Identifier: GPL-3.0-or-later

/// Tuplet numbers: shown where they tell something new.
#pragma once

#include "fyr/score.hpp"

namespace fyr {

/// One number a beat: the feet's tuplet goes without where the hands' has one, if it is a beamed
/// group itself or all of its notes are under notes of that; else its rests and quarters would not
/// add up. Both sound two thirds of what is written, whether they are called 3 or 6.
void hide_repeated_numbers(const Voice& hands, Voice& feet);

/// In a shuffle every beat is a triplet: three beamed eighths, or six beamed 16ths, go without
/// their number where the bar before, on the same line, has as many on the same beat. Not in swing
/// or beside other notes shorter than a beat, where pairs and triplets look alike. Lines must be
/// broken already.
void hide_continued_numbers(Score& score);

}  // namespace fyr
