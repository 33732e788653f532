// SPDX-License-Identifier: GPL-3.0-or-later

/// The parts of an .mscx file; fyr/writers.hpp declares the writer itself.
///
/// MuseScore 3 depends on the order of many elements and says nothing when one is wrong, so the
/// order here is that of the files it saves itself.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "fyr/score.hpp"
#include "writers/beams.hpp"
#include "writers/xml.hpp"

namespace fyr {

/// MuseScore's name of a head shape.
const char* mscx_head(NoteHead head);

/// <Part>: the percussion staff and the map from MIDI keys to staff places.
void write_mscx_part(tinyxml2::XMLPrinter& xml, const PerDrum<StaffPlace>& places);

/// Silent bars are saved twice, each for itself and as the one rest that is drawn; what stands over
/// the first of them is tied to its double there. Without the ties MuseScore adds a second double.
struct MscxTie {
  enum class Role { None, Original, Double };
  Role role = Role::None;
  int n_tied = 0;  ///< Elements of the measure that have doubles.
};

/// The tie of an element, in its place among the element's children.
void write_mscx_tie(tinyxml2::XMLPrinter& xml, const MscxTie& tie);

/// <Tempo>, drawn only if it has a mark. `swing` is announced there.
void write_mscx_tempo(tinyxml2::XMLPrinter& xml, const Tempo& tempo, const Swing& swing,
                      const MscxTie& tie);

void write_mscx_dynamic(tinyxml2::XMLPrinter& xml, Dynamic level);

/// Rehearsal letter and how swing plays at the start of a measure.
void write_mscx_marks(tinyxml2::XMLPrinter& xml, const Measure& measure, const Swing& swing,
                      const MscxTie& tie);

/// <Chord> with its grace strokes. `beams`: null where MuseScore finds them itself.
void write_mscx_chord(tinyxml2::XMLPrinter& xml, const Chord& chord, Stems stems,
                      const std::vector<Beam>* beams);

/// <Rest>; `length` is that of one that fills its measure.
void write_mscx_rest(tinyxml2::XMLPrinter& xml, const Chord& rest, std::string_view length);

/// One <Measure>, or several of silence with the rest that is drawn for them. `swing` begins
/// here.
void write_mscx_measures(tinyxml2::XMLPrinter& xml, std::span<const Measure> measures,
                         const Swing& swing);

}  // namespace fyr
