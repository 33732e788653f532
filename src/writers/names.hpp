// SPDX-License-Identifier: GPL-3.0-or-later

/// What several formats and drawings call the same things.
#pragma once

#include "fyr/score.hpp"

namespace fyr {

/// MuseScore's and MusicXML's name of 1/denominator of a whole note: "eighth" for 8.
const char* duration_name(int denominator);

/// As it stands on the page: "mf".
const char* dynamic_name(Dynamic dynamic);

/// What the page calls the notes that swing.
const char* swing_name(const Swing& swing);

}  // namespace fyr
