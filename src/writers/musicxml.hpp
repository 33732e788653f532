// SPDX-License-Identifier: GPL-3.0-or-later

/// The parts of a MusicXML file; fyr/writers.hpp declares the writer itself.
///
/// The order of elements is that of the MusicXML 4.0 schema.
#pragma once

#include <string>
#include <vector>

#include "fyr/score.hpp"
#include "writers/beams.hpp"
#include "writers/xml.hpp"

namespace fyr {

/// The id of the drum's instrument in the part.
std::string musicxml_instrument(Drum drum);

/// <part-list>: one part with an instrument a drum, its key in `midi-unpitched`.
void write_musicxml_part_list(tinyxml2::XMLPrinter& xml, const std::vector<Drum>& played);

/// Where a chord stands, as far as its notes must know.
struct MusicXmlContext {
  int voice = 1;  ///< From 1.
  Stems stems = Stems::Up;
  const Tuplet* tuplet = nullptr;  ///< Null outside of tuplets.
  bool tuplet_starts = false;
  bool tuplet_ends = false;
  std::vector<Beam> beams;
};

/// The <note> elements of a chord with its grace strokes, or of a rest.
void write_musicxml_chord(tinyxml2::XMLPrinter& xml, const Chord& chord,
                          const MusicXmlContext& context);

/// What stands around a measure.
struct MusicXmlPlace {
  std::string number;
  bool first = false;        ///< Of the part.
  bool last = false;         ///< Of the part.
  bool new_system = false;   ///< It starts a line.
  Swing swing;               ///< Announced here if it swings.
  std::size_t n_silent = 1;  ///< Two and more: one rest stands for this measure and those after it.
};

/// <measure>.
void write_musicxml_measure(tinyxml2::XMLPrinter& xml, const Measure& measure,
                            const MusicXmlPlace& place);

}  // namespace fyr
