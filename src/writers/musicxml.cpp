// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/musicxml.hpp"

#include <algorithm>
#include <ostream>

#include "fyr/version.hpp"
#include "fyr/writers.hpp"
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

/// A text at the top of the first page.
void write_credit(XMLPrinter& xml, const char* type, const char* justify, const std::string& text) {
  if (text.empty()) return;
  Element credit(xml, "credit");
  credit.with("page", 1);
  leaf(xml, "credit-type", type);
  Element words(xml, "credit-words");
  words.with("justify", justify).with("valign", "top");
  xml.PushText(clean_text(text).c_str());
}

void write_part(XMLPrinter& xml, const Score& score) {
  Element part(xml, "part");
  part.with("id", "P1");
  const auto first_bar = std::ranges::find(score.measures, false, &Measure::lead_in);
  int number = 0;
  int n_unnumbered = 0;
  for (auto it = score.measures.begin(); it != score.measures.end(); ++it) {
    MusicXmlPlace place;
    place.number = it->numbered ? std::to_string(++number) : "X" + std::to_string(++n_unnumbered);
    place.first = it == score.measures.begin();
    place.last = std::next(it) == score.measures.end();
    place.new_system = !place.first && std::prev(it)->line_break;
    place.swing = it == first_bar ? score.swing : 0.5;
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
    write_credit(xml, "title", "center", score.title);
    write_credit(xml, "subtitle", "center", score.subtitle);
    write_credit(xml, "composer", "right", score.composer);
    write_musicxml_part_list(xml);
    write_part(xml, score);
  }
  out << xml.CStr();
}

}  // namespace fyr
