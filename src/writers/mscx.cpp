// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/mscx.hpp"

#include <algorithm>
#include <array>
#include <ostream>

#include "fyr/writers.hpp"
#include "writers/clean_text.hpp"

namespace fyr {
namespace {

using tinyxml2::XMLPrinter;

/// Small enough for four bars of 16ths on a line of A4, large enough to read on a stand.
void write_style(XMLPrinter& xml) {
  const Element style(xml, "Style");
  leaf(xml, "pageWidth", "8.27");
  leaf(xml, "pageHeight", "11.69");
  leaf(xml, "lastSystemFillLimit", "0.7");
  leaf(xml, "measureSpacing", 1);
  leaf(xml, "minNoteDistance", "0.2");
  leaf(xml, "tempoMinDistance", 3);  // Clear of the first notes' flags.
  leaf(xml, "Spatium", "1.6");
}

/// MuseScore adds the tags that are missing, with the day of the first save among them.
void write_meta(XMLPrinter& xml, const Score& score) {
  for (const char* name :
       {"arranger", "composer", "copyright", "creationDate", "lyricist", "movementNumber",
        "movementTitle", "platform", "poet", "source", "translator", "workNumber", "workTitle"}) {
    Element tag(xml, "metaTag");
    tag.with("name", name);
    const std::string_view key = name;
    xml.PushText(key == "composer"    ? clean_text(score.composer).c_str()
                 : key == "workTitle" ? clean_text(score.title).c_str()
                                      : "");
  }
}

void write_heading(XMLPrinter& xml, const char* style, const std::string& text) {
  if (text.empty()) return;
  const Element element(xml, "Text");
  leaf(xml, "style", style);
  leaf(xml, "text", std::string_view(text));
}

void write_headings(XMLPrinter& xml, const Score& score) {
  const Element box(xml, "VBox");
  leaf(xml, "height", 10);
  write_heading(xml, "Title", score.title);
  write_heading(xml, "Subtitle", score.subtitle);
  write_heading(xml, "Composer", score.composer);
}

/// Where on the staff, in a drummer's words.
std::string place_name(int line) {
  static constexpr std::array<const char*, 16> kNames{
      {"second ledger line above", "above the first ledger line", "first ledger line",
       "above the staff", "top line", "fourth space", "fourth line", "third space", "third line",
       "second space", "second line", "bottom space", "bottom line", "below the staff",
       "first ledger line below", "below the first ledger line"}};
  constexpr int kFirst = -4;
  return kNames.at(static_cast<std::size_t>(line - kFirst));
}

const char* head_symbol(NoteHead head) {
  switch (head) {
    case NoteHead::Normal:
      return "noteheadBlack";
    case NoteHead::Cross:
      return "noteheadXBlack";
    case NoteHead::CircledCross:
      return "noteheadCircleX";
    case NoteHead::Diamond:
      return "noteheadDiamondBlack";
    case NoteHead::Triangle:
      return "noteheadTriangleDownBlack";
  }
  return "noteheadBlack";
}

constexpr std::size_t kKeyWidth = 115;  ///< Characters a line; the page is that wide.

/// The key stands below the music as a text: notes would be played and counted.
void write_key(XMLPrinter& xml, const Score& score) {
  const std::vector<Drum>& drums = score.key;
  if (drums.empty()) return;
  const Element box(xml, "VBox");
  leaf(xml, "height", 8);
  const Element text(xml, "Text");
  leaf(xml, "style", "Frame");
  const Element content(xml, "text");
  const std::string between = ";   ";
  std::size_t column = 0;
  for (const Drum drum : drums) {
    const StaffPlace& place = score.places[index_of(drum)];
    const std::string entry = " " + std::string(info(drum).name) + ", " + place_name(place.line);
    const bool first = drum == drums.front();
    const bool fits = column + between.size() + 1 + entry.size() <= kKeyWidth;
    xml.PushText(first ? "" : fits ? between.c_str() : "\n");
    leaf(xml, "sym", head_symbol(place.head));
    xml.PushText(entry.c_str());
    column = (first || !fits ? 0 : column + between.size()) + 1 + entry.size();
  }
}

/// Hands over what has been printed, so that long scores take no more memory than short ones.
void flush(XMLPrinter& xml, std::ostream& out) {
  out.write(xml.CStr(), xml.CStrSize() - 1);
  xml.ClearBuffer(false);
}

void write_staff(XMLPrinter& xml, const Score& score, std::ostream& out) {
  Element staff(xml, "Staff");
  staff.with("id", 1);
  write_headings(xml, score);
  const auto first_bar = std::ranges::find(score.measures, false, &Measure::lead_in);
  for (auto it = score.measures.begin(); it != score.measures.end(); ++it) {
    write_mscx_measure(xml, *it, it == first_bar ? score.swing : 0.5);
    flush(xml, out);
  }
  write_key(xml, score);
}

}  // namespace

void write_mscx(const Score& score, std::ostream& out) {
  XMLPrinter xml;
  xml.PushHeader(false, true);
  {
    Element root(xml, "museScore");
    root.with("version", "3.01");
    const Element body(xml, "Score");
    Element(xml, "LayerTag").with("id", 0).with("tag", "default");
    leaf(xml, "currentLayer", 0);
    leaf(xml, "Division", kTicksPerQuarter);
    write_style(xml);
    leaf(xml, "showInvisible", 0);
    leaf(xml, "showUnprintable", 1);
    leaf(xml, "showFrames", 1);
    leaf(xml, "showMargins", 0);
    write_meta(xml, score);
    write_mscx_part(xml, score.places);
    write_staff(xml, score, out);
  }
  flush(xml, out);
}

}  // namespace fyr
