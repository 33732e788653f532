// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/musicxml.hpp"

#include <algorithm>
#include <ostream>

#include "fyr/version.hpp"
#include "fyr/writers.hpp"
#include "number.hpp"
#include "score/rest_runs.hpp"
#include "writers/clean_text.hpp"

namespace fyr {
namespace {

using tinyxml2::XMLPrinter;

constexpr const char* kDoctype =
    "DOCTYPE score-partwise PUBLIC \"-//Recordare//DTD MusicXML 4.0 Partwise//EN\" "
    "\"http://www.musicxml.org/dtds/partwise.dtd\"";

void write_identification(XMLPrinter& xml, const Score& score) {
  if (!score.title.empty()) {
    const Element work(xml, "work");
    leaf(xml, "work-title", std::string_view(score.title));
  }
  const Element identification(xml, "identification");
  if (!score.composer.empty()) {
    Element creator(xml, "creator");
    creator.with("type", "composer");
    xml.PushText(clean_text(score.composer).c_str());
  }
  const Element encoding(xml, "encoding");
  leaf(xml, "software", std::string_view(std::string("fyr ") + kVersion));
  Element(xml, "supports").with("element", "beam").with("type", "yes");
}

/// MuseScore 3 sets a MusicXML file wider than the mscx, whose bars must have room on the same
/// lines: of 59 scores .86 leaves some with a bar too much for its line, .84 none.
constexpr double kStaffShare = 0.84;
constexpr int kTenthsPerStaff = 40;
/// A4 with the margins of the mscx.
constexpr double kPageWidthMm = 210;
constexpr double kPageHeightMm = 297;
constexpr double kMarginMm = 10;
constexpr double kBottomMarginMm = 20;

double staff_height_mm(const Score& score) { return kStaffShare * 4 * score.staff_space_mm; }

/// Millimetres as MusicXML counts them beside this staff.
std::string tenths(double mm, const Score& score) {
  return to_text({mm * kTenthsPerStaff / staff_height_mm(score), 2});
}

void write_page(XMLPrinter& xml, const Score& score) {
  const auto as_tenths = [&](double mm) { return tenths(mm, score); };
  const Element defaults(xml, "defaults");
  {
    const Element scaling(xml, "scaling");
    leaf(xml, "millimeters", std::string_view(to_text({staff_height_mm(score), 2})));
    leaf(xml, "tenths", kTenthsPerStaff);
  }
  const Element layout(xml, "page-layout");
  leaf(xml, "page-height", std::string_view(as_tenths(kPageHeightMm)));
  leaf(xml, "page-width", std::string_view(as_tenths(kPageWidthMm)));
  Element margins(xml, "page-margins");
  margins.with("type", "both");
  leaf(xml, "left-margin", std::string_view(as_tenths(kMarginMm)));
  leaf(xml, "right-margin", std::string_view(as_tenths(kMarginMm)));
  leaf(xml, "top-margin", std::string_view(as_tenths(kMarginMm)));
  leaf(xml, "bottom-margin", std::string_view(as_tenths(kBottomMarginMm)));
}

/// Where the words stand, in millimetres from the left and from the top.
struct CreditPlace {
  double x_mm = 0;
  double y_mm = 0;
  const char* justify = "";
  const char* valign = "";
  int font_size = 0;  ///< At most.
};

/// MuseScore 3 shows a credit only where it is told to stand.
void write_credit(XMLPrinter& xml, const char* type, const std::string& text,
                  const CreditPlace& place, const Score& score) {
  if (text.empty()) return;
  Element credit(xml, "credit");
  credit.with("page", 1);
  leaf(xml, "credit-type", type);
  Element words(xml, "credit-words");
  words.with("default-x", tenths(place.x_mm, score).c_str())
      .with("default-y", tenths(kPageHeightMm - place.y_mm, score).c_str())
      .with("justify", place.justify)
      .with("valign", place.valign)
      .with("font-size", fitting_size(text, place.font_size));
  xml.PushText(clean_text(text).c_str());
}

/// The subtitle stands on the left: in the middle MuseScore 3 puts it on top of the title.
void write_credits(XMLPrinter& xml, const Score& score) {
  const CreditPlace title{kPageWidthMm / 2, kMarginMm, "center", "top", 24};
  const CreditPlace subtitle{kMarginMm, 21, "left", "bottom", 12};
  const CreditPlace composer{kPageWidthMm - kMarginMm, 24, "right", "bottom", 12};
  write_credit(xml, "title", score.title, title, score);
  write_credit(xml, "subtitle", score.subtitle, subtitle, score);
  write_credit(xml, "composer", score.composer, composer, score);
}

void write_part(XMLPrinter& xml, const Score& score) {
  Element part(xml, "part");
  part.with("id", "P1");
  const auto first_bar = std::ranges::find(score.measures, false, &Measure::lead_in);
  int number = 0;
  int n_unnumbered = 0;
  std::ptrdiff_t n_silent = 0;  // Measures from here on that a rest stands for already.
  for (auto it = score.measures.begin(); it != score.measures.end(); ++it) {
    MusicXmlPlace place;
    place.number = it->numbered ? std::to_string(++number) : "X" + std::to_string(++n_unnumbered);
    place.first = it == score.measures.begin();
    place.last = std::next(it) == score.measures.end();
    place.new_system = !place.first && std::prev(it)->line_break;
    place.swing = it == first_bar ? score.swing : Swing{};
    if (--n_silent <= 0) {
      place.n_silent =
          rest_run(score.measures, static_cast<std::size_t>(it - score.measures.begin()));
      n_silent = static_cast<std::ptrdiff_t>(place.n_silent);
    }
    write_musicxml_measure(xml, *it, place);
  }
}

}  // namespace

void write_musicxml(const Score& score, std::ostream& out) {
  XMLPrinter xml;
  xml.PushHeader(false, true);
  xml.PushUnknown(kDoctype);
  {
    Element root(xml, "score-partwise");
    root.with("version", "4.0");
    write_identification(xml, score);
    write_page(xml, score);
    write_credits(xml, score);
    write_musicxml_part_list(xml, score.key);
    write_part(xml, score);
  }
  out << xml.CStr();
}

}  // namespace fyr
