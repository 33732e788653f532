// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/musicxml.hpp"

namespace fyr {

std::string musicxml_instrument(Drum drum) { return "P1-I" + std::to_string(info(drum).midi_key); }

/// MuseScore would give drums that no note names a head and a line of its own choice in the part's
/// drum map; and MuseScore 4 takes the part for a piano where no sound says that it is drums.
void write_musicxml_part_list(tinyxml2::XMLPrinter& xml, const std::vector<Drum>& played) {
  const Element list(xml, "part-list");
  Element part(xml, "score-part");
  part.with("id", "P1");
  leaf(xml, "part-name", "Drumset");
  leaf(xml, "part-abbreviation", "D. Set");
  for (const Drum drum : played) {
    Element instrument(xml, "score-instrument");
    instrument.with("id", musicxml_instrument(drum).c_str());
    leaf(xml, "instrument-name", info(drum).name);
    leaf(xml, "instrument-sound", "drum.group.set");
  }
  for (const Drum drum : played) {
    Element instrument(xml, "midi-instrument");
    instrument.with("id", musicxml_instrument(drum).c_str());
    leaf(xml, "midi-channel", 10);
    leaf(xml, "midi-program", 1);
    leaf(xml, "midi-unpitched", info(drum).midi_key + 1);  // MusicXML counts keys from 1.
  }
}

}  // namespace fyr
