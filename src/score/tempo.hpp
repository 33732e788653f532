// SPDX-License-Identifier: GPL-3.0-or-later

/// Tempo: makes playback of the score stay with the recording.
#pragma once

#include "fyr/score.hpp"

namespace fyr {

/// Sets the tempi that let each measure last as long as its bar, and the marks that are seen:
/// one, and another where another tempo lasts.
/// Where the beats inside a bar are uneven they get tempi of their own.
/// `rhythm` is playable (see playable.hpp) and has one bar a measure.
void set_tempi(Score& score, const Rhythm& rhythm);

/// Puts silence before the first measure so that it begins `start_s` into the recording.
///
/// Less than about a bar becomes one unseen short measure; more becomes whole bars of rest. Under
/// 16 ms there is none: set_tempi has added them to the first measure.
void add_lead_in(Score& score, double start_s);

/// Gives the bars that one rest stands for one tempo, so that what follows comes when it should:
/// MuseScore heeds none inside such a rest.
void level_rests(Score& score);

}  // namespace fyr
