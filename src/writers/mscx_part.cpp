// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "writers/mscx.hpp"

namespace fyr {
namespace {

using tinyxml2::XMLPrinter;

void write_drum(XMLPrinter& xml, const DrumInfo& drum, const StaffPlace& place) {
  const bool foot = drum.limb == Limb::Foot;
  Element element(xml, "Drum");
  element.with("pitch", drum.midi_key);
  leaf(xml, "head", mscx_head(place.head));
  leaf(xml, "line", place.line);
  leaf(xml, "voice", foot ? 1 : 0);
  leaf(xml, "name", drum.name);
  leaf(xml, "stem", foot ? 2 : 1);
}

void write_staff_type(XMLPrinter& xml) {
  Element staff(xml, "Staff");
  staff.with("id", 1);
  {
    Element type(xml, "StaffType");
    type.with("group", "percussion");
    leaf(xml, "name", "perc5Line");
    leaf(xml, "keysig", 0);
  }
  leaf(xml, "defaultClef", "PERC");
}

/// Without a channel MuseScore crashes; without useDrumset before the drums it plays a piano.
void write_instrument(XMLPrinter& xml, const PerDrum<StaffPlace>& places) {
  const Element instrument(xml, "Instrument");
  leaf(xml, "longName", "Drumset");
  leaf(xml, "shortName", "D. Set");
  leaf(xml, "trackName", "Drumset");
  leaf(xml, "instrumentId", "drum.group.set");
  leaf(xml, "useDrumset", 1);
  PerDrum<DrumInfo> by_key = kDrums;
  std::ranges::sort(by_key, {}, &DrumInfo::midi_key);
  for (const DrumInfo& drum : by_key) write_drum(xml, drum, places[index_of(drum.drum)]);
  leaf(xml, "clef", "PERC");
  {
    const Element articulation(xml, "Articulation");
    leaf(xml, "velocity", 100);
    leaf(xml, "gateTime", 100);
  }
  const Element channel(xml, "Channel");
  Element(xml, "program").with("value", 0);
  leaf(xml, "synti", "Fluid");
}

}  // namespace

const char* mscx_head(NoteHead head) {
  switch (head) {
    case NoteHead::Normal:
      return "normal";
    case NoteHead::Cross:
      return "cross";
    case NoteHead::CircledCross:
      return "xcircle";
    case NoteHead::Diamond:
      return "diamond-old";  // MuseScore 3 draws "diamond" as a slanted blob.
    case NoteHead::Triangle:
      return "triangle-down";
  }
  return "normal";
}

void write_mscx_part(XMLPrinter& xml, const PerDrum<StaffPlace>& places) {
  const Element part(xml, "Part");
  write_staff_type(xml);
  leaf(xml, "trackName", "Drumset");
  write_instrument(xml, places);
}

}  // namespace fyr
