// SPDX-License-Identifier: GPL-3.0-or-later
#include <tinyxml2.h>

#include <algorithm>
#include <cstdlib>

#include "fyr/error.hpp"
#include "fyr/report_page.hpp"

namespace fyr {
namespace {

/// A bar's box reaches beyond its staff by these parts of the staff's height.
constexpr double kAbove = 1.0;
constexpr double kBelow = 0.8;

struct Place {
  std::size_t page = 0;
  BarBox box;
};

/// `<element id="3" x="1417.32" y="9581.1" sx="14404.9" sy="907.087" page="0"/>`, one a measure.
std::vector<Place> parse_places(const std::string& positions) {
  tinyxml2::XMLDocument document;
  std::vector<Place> places;
  if (document.Parse(positions.c_str()) == tinyxml2::XML_SUCCESS) {
    tinyxml2::XMLHandle elements =
        tinyxml2::XMLHandle(document).FirstChildElement("score").FirstChildElement("elements");
    for (const auto* element = elements.FirstChildElement("element").ToElement();
         element != nullptr; element = element->NextSiblingElement("element")) {
      places.push_back({element->UnsignedAttribute("page"),
                        {element->UnsignedAttribute("id"), element->DoubleAttribute("x"),
                         element->DoubleAttribute("y"), element->DoubleAttribute("sx"),
                         element->DoubleAttribute("sy")}});
    }
  }
  if (places.empty()) throw OutputError("MuseScore did not say where the measures stand");
  return places;
}

/// The positions have a unit of their own, which depends on MuseScore's settings: the left end of
/// the first staff line is also that of the first measure.
double units_a_place(const std::string& page, const std::vector<Place>& places) {
  const std::size_t line = page.find("class=\"StaffLines\"");
  const std::size_t points = page.find("points=\"", line);
  double left = places.front().box.x;
  for (const Place& place : places) left = std::min(left, place.box.x);
  if (line == page.npos || points == page.npos || left <= 0) {
    throw OutputError("MuseScore's picture has no staff");
  }
  return std::strtod(page.c_str() + points + 8, nullptr) / left;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t i = text.find(from); i != text.npos; i = text.find(from, i + to.size())) {
    text.replace(i, from.size(), to);
  }
}

/// The element alone, as wide as the page lets it be, in the colour of the text around it.
std::string inline_svg(std::string page) {
  const std::size_t start = page.find("<svg");
  if (start == page.npos) throw OutputError("MuseScore's picture is no SVG");
  page.erase(0, start);
  const std::size_t sizes = page.find(" width=");
  const std::size_t view = page.find(" viewBox=");
  if (sizes < view && view != page.npos) page.erase(sizes, view - sizes);
  // Lines name their black; heads, letters and all else that is filled leave it to the default.
  replace_all(page, "#000000", "currentColor");
  page.insert(std::string_view("<svg").size(), " fill=\"currentColor\"");
  return page;
}

}  // namespace

std::vector<EngravedPage> musescore_pages(const std::vector<std::string>& pages,
                                          const std::string& positions) {
  const std::vector<Place> places = parse_places(positions);
  const double scale = units_a_place(pages.front(), places);
  std::vector<EngravedPage> engraved;
  for (const std::string& page : pages) engraved.push_back({inline_svg(page), {}});
  for (const auto& [page, box] : places) {
    if (page >= engraved.size()) continue;
    engraved[page].bars.push_back({box.measure, box.x * scale,
                                   (box.y - kAbove * box.height) * scale, box.width * scale,
                                   (1 + kAbove + kBelow) * box.height * scale});
  }
  return engraved;
}

}  // namespace fyr
