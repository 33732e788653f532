// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/musicxml.hpp"

namespace fyr {

std::string musicxml_instrument(Drum drum) { return "P1-I" + std::to_string(info(drum).midi_key); }

void write_musicxml_part_list(tinyxml2::XMLPrinter& xml) {
  const Element list(xml, "part-list");
  Element part(xml, "score-part");
  part.with("id", "P1");
  leaf(xml, "part-name", "Drumset");
  leaf(xml, "part-abbreviation", "D. Set");
  for (const DrumInfo& drum : kDrums) {
    Element instrument(xml, "score-instrument");
    instrument.with("id", musicxml_instrument(drum.drum).c_str());
    leaf(xml, "instrument-name", drum.name);
  }
  for (const DrumInfo& drum : kDrums) {
    Element instrument(xml, "midi-instrument");
    instrument.with("id", musicxml_instrument(drum.drum).c_str());
    leaf(xml, "midi-channel", 10);
    leaf(xml, "midi-program", 1);
    leaf(xml, "midi-unpitched", drum.midi_key + 1);  // MusicXML counts keys from 1.
  }
}

}  // namespace fyr
