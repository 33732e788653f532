// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/mscx.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <vector>

#include "fyr/writers.hpp"
#include "number.hpp"
#include "score/lines.hpp"
#include "score/rest_runs.hpp"
#include "writers/clean_text.hpp"
#include "writers/strokes.hpp"

namespace fyr {
namespace {

using tinyxml2::XMLPrinter;

/// Whether the last line has as many bars as the one before, or as many as lines should have, and
/// should be as wide.
bool fills_last_line(const Score& score) {
  std::vector<std::size_t> n_bars{0};
  for (const Measure& measure : score.measures) {
    if (measure.numbered) ++n_bars.back();
    if (measure.line_break) n_bars.push_back(0);
  }
  return n_bars.size() > 1 && n_bars.back() >= std::min(kBarsPerLine, n_bars[n_bars.size() - 2]);
}

void write_style(XMLPrinter& xml, const Score& score) {
  const Element style(xml, "Style");
  leaf(xml, "pageWidth", "8.27");
  leaf(xml, "pageHeight", "11.69");
  // MuseScore's 20 mm would cost a quarter of a line a page.
  for (const char* margin : {"pageEvenBottomMargin", "pageOddBottomMargin"})
    leaf(xml, margin, "0.59");
  leaf(xml, "lastSystemFillLimit", fills_last_line(score) ? "0" : "0.7");
  leaf(xml, "createMultiMeasureRests", 1);
  leaf(xml, "measureSpacing", 1);
  leaf(xml, "minNoteDistance", "0.2");
  leaf(xml, "tempoMinDistance", 3);  // Clear of the first notes' flags.
  leaf(xml, "Spatium", std::string_view(to_text(score.staff_space_mm)));
  // Pages that have no heading say at their foot what they belong to.
  leaf(xml, "footerFirstPage", 0);
  for (const char* footer : {"evenFooterC", "oddFooterC"}) leaf(xml, footer, "$:workTitle:");
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

/// `size`: the style's own, in points.
void write_heading(XMLPrinter& xml, const char* style, const std::string& text, int size) {
  if (text.empty()) return;
  const Element element(xml, "Text");
  leaf(xml, "style", style);
  const Element content(xml, "text");
  if (const int fitting = fitting_size(text, size); fitting < size) {
    xml.PushText("");  // Else the printer would put a line break before the font.
    Element(xml, "font").with("size", fitting);
  }
  xml.PushText(clean_text(text).c_str());
}

void write_headings(XMLPrinter& xml, const Score& score) {
  const Element box(xml, "VBox");
  // The composer stands at its foot, on the right: below a subtitle that may be as wide as the
  // page.
  leaf(xml, "height", score.composer.empty() ? 10 : 13);
  if (!score.key.empty()) leaf(xml, "bottomGap", 1);
  write_heading(xml, "Title", score.title, 24);
  write_heading(xml, "Subtitle", score.subtitle, 14);
  write_heading(xml, "Composer", score.composer, 12);
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
      return "noteheadDiamondBlackOld";  // As on the staff (mscx_part.cpp).
    case NoteHead::Triangle:
      return "noteheadTriangleDownBlack";
  }
  return "noteheadBlack";
}

constexpr std::size_t kKeyWidth = 115;  ///< Characters a line; the page is that wide.
constexpr int kKeyLine = 4;             ///< Height of a line of text, in staff spaces.
constexpr int kKeyGap = 4;              ///< Below it, for tempo and letter of the first line.

bool has_chokes(const Score& score) {
  return std::ranges::any_of(score.measures, [](const Measure& measure) {
    return std::ranges::any_of(measure.voices, [](const Voice& voice) {
      return std::ranges::any_of(voice.chords, is_choked);
    });
  });
}

std::string key_entry(const Score& score, Drum drum) {
  const char* choke = drum == Drum::Crash && has_chokes(score) ? " (comma: choked)" : "";
  return " " + std::string(info(drum).name) + ", " + place_name(score.places[index_of(drum)].line) +
         choke;
}

/// The drums of the key, a line each as many as fit.
std::vector<std::vector<Drum>> key_lines(const Score& score, std::size_t between) {
  std::vector<std::vector<Drum>> lines;
  std::size_t column = 0;
  for (const Drum drum : score.key) {
    const std::size_t width = 1 + key_entry(score, drum).size();  // Its head is a character.
    if (lines.empty() || column + between + width > kKeyWidth) {
      lines.emplace_back();
      column = width;
    } else {
      column += between + width;
    }
    lines.back().push_back(drum);
  }
  return lines;
}

/// The key is a text: notes would be played and counted. Above the music it never takes a page of
/// its own.
void write_key(XMLPrinter& xml, const Score& score) {
  const std::string between = ";   ";
  const auto lines = key_lines(score, between.size());
  if (lines.empty()) return;
  const Element box(xml, "VBox");
  leaf(xml, "height", kKeyLine * static_cast<int>(lines.size()));
  leaf(xml, "topGap", 0);
  leaf(xml, "bottomGap", kKeyGap);
  const Element text(xml, "Text");
  leaf(xml, "style", "Frame");
  const Element content(xml, "text");
  for (const std::vector<Drum>& line : lines) {
    xml.PushText(&line == &lines.front() ? "" : "\n");
    for (const Drum drum : line) {
      if (drum != line.front()) xml.PushText(between.c_str());
      leaf(xml, "sym", head_symbol(score.places[index_of(drum)].head));
      xml.PushText(key_entry(score, drum).c_str());
    }
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
  write_key(xml, score);
  const auto first_bar = std::ranges::find(score.measures, false, &Measure::lead_in);
  for (auto it = score.measures.begin(); it != score.measures.end();) {
    const auto n_bars =
        rest_run(score.measures, static_cast<std::size_t>(it - score.measures.begin()));
    write_mscx_measures(xml, {it, n_bars}, it == first_bar ? score.swing : Swing{});
    it += static_cast<std::ptrdiff_t>(n_bars);
    flush(xml, out);
  }
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
    write_style(xml, score);
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
