// SPDX-License-Identifier: GPL-3.0-or-later

/// The parts of an .mscx file; fyr/writers.hpp declares the writer itself.
///
/// MuseScore 3 depends on the order of many elements and says nothing when one is wrong, so the
/// order here is that of the files it saves itself.
#pragma once

#include "fyr/score.hpp"
#include "writers/xml.hpp"

namespace fyr {

/// MuseScore's name of a head shape.
const char* mscx_head(NoteHead head);

/// <Part>: the percussion staff and the map from MIDI keys to staff places.
void write_mscx_part(tinyxml2::XMLPrinter& xml, const PerDrum<StaffPlace>& places);

/// <Tempo>, drawn only if it has a mark.
void write_mscx_tempo(tinyxml2::XMLPrinter& xml, const Tempo& tempo);

/// Rehearsal letter, dynamic and swing at the start of a measure.
void write_mscx_marks(tinyxml2::XMLPrinter& xml, const Measure& measure, double swing);

/// <Measure>. `swing` > .5 announces it here.
void write_mscx_measure(tinyxml2::XMLPrinter& xml, const Measure& measure, double swing);

}  // namespace fyr
