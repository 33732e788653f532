// SPDX-License-Identifier: GPL-3.0-or-later
#include <tinyxml2.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "fyr/error.hpp"
#include "fyr/report_page.hpp"
#include "score/rest_runs.hpp"
#include "text.hpp"

namespace fyr {
namespace {

/// A bar's box reaches beyond its staff by these parts of the staff's height.
constexpr double kAbove = 1.0;
constexpr double kBelow = 0.8;

/// From the left end of a segment to the middle of its heads, in heights of the staff.
constexpr double kHalfHead = 0.15;

struct Place {
  std::size_t page = 0;
  BarBox box;
};

/// What MuseScore says about the places of something, in its own units, and when it sounds.
struct Positions {
  std::vector<Place> places;
  std::map<std::size_t, double> times_ms;  ///< By the places' number, which is `box.measure`.
};

/// `<element id="3" x="1417.32" y="9581.1" sx="14404.9" sy="907.087" page="0"/>`, one a measure or
/// segment, and `<event elid="3" position="5535"/>` for when each sounds.
Positions parse_positions(const std::string& text) {
  tinyxml2::XMLDocument document;
  Positions positions;
  if (document.Parse(text.c_str()) != tinyxml2::XML_SUCCESS) return positions;
  const tinyxml2::XMLHandle score = tinyxml2::XMLHandle(document).FirstChildElement("score");
  tinyxml2::XMLHandle elements = tinyxml2::XMLHandle(score).FirstChildElement("elements");
  for (const auto* element = elements.FirstChildElement("element").ToElement(); element != nullptr;
       element = element->NextSiblingElement("element")) {
    positions.places.push_back({element->UnsignedAttribute("page"),
                                {element->UnsignedAttribute("id"),
                                 element->DoubleAttribute("x"),
                                 element->DoubleAttribute("y"),
                                 element->DoubleAttribute("sx"),
                                 element->DoubleAttribute("sy"),
                                 {}}});
  }
  tinyxml2::XMLHandle events = tinyxml2::XMLHandle(score).FirstChildElement("events");
  for (const auto* event = events.FirstChildElement("event").ToElement(); event != nullptr;
       event = event->NextSiblingElement("event")) {
    positions.times_ms.emplace(event->UnsignedAttribute("elid"),
                               event->DoubleAttribute("position"));
  }
  return positions;
}

/// Gives the measures that sound when one of the segments does the place of that.
void add_segments(Positions& measures, const Positions& segments) {
  std::map<double, Place*> by_time;
  for (Place& place : measures.places) {
    const auto time = measures.times_ms.find(place.box.measure);
    if (time != measures.times_ms.end()) by_time.emplace(time->second, &place);
  }
  for (const Place& segment : segments.places) {
    const auto time = segments.times_ms.find(segment.box.measure);
    if (time == segments.times_ms.end()) continue;
    auto next = by_time.upper_bound(time->second);
    if (next == by_time.begin()) continue;
    const auto measure = std::prev(next);
    // The end of the last is not told: it is taken to be as long as the one before.
    double length_ms = 0;
    if (next != by_time.end()) {
      length_ms = next->first - measure->first;
    } else if (measure != by_time.begin()) {
      length_ms = measure->first - std::prev(measure)->first;
    }
    if (length_ms <= 0) continue;
    const double part = (time->second - measure->first) / length_ms;
    BarBox& box = measure->second->box;
    const double x = segment.box.x + kHalfHead * segment.box.height;
    if (part < 1 && x < box.x + box.width && measure->second->page == segment.page &&
        (box.places.empty() || part > box.places.back().part)) {
      box.places.push_back({part, x});
    }
  }
  for (Place& place : measures.places) {
    if (!place.box.places.empty()) place.box.places.push_back({1, place.box.x + place.box.width});
  }
}

/// The positions have a unit of their own, which depends on MuseScore's settings: the left end of
/// the first staff line is also that of the first measure.
double units_a_place(const std::string& page, const std::vector<Place>& places) {
  const std::size_t line = page.find("class=\"StaffLines\"");
  constexpr std::string_view kPoints = "points=\"";
  const std::size_t points = page.find(kPoints, line);
  double left = places.front().box.x;
  for (const Place& place : places) left = std::min(left, place.box.x);
  const std::size_t number = points + kPoints.size();
  const auto x = line == page.npos || points == page.npos
                     ? std::nullopt
                     : to_number(page.substr(number, page.find_first_of(", \"", number) - number));
  if (!x || left <= 0) throw OutputError("MuseScore's picture has no staff");
  return *x / left;
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
                                          const std::string& measures,
                                          const std::string& segments) {
  Positions positions = parse_positions(measures);
  if (positions.places.empty()) {
    throw OutputError("MuseScore did not say where the measures stand");
  }
  add_segments(positions, parse_positions(segments));
  const double scale = units_a_place(pages.front(), positions.places);
  std::vector<EngravedPage> engraved;
  for (const std::string& page : pages) engraved.push_back({inline_svg(page), {}});
  for (auto& [page, box] : positions.places) {
    if (page >= engraved.size()) continue;
    for (EngravedMoment& place : box.places) place.x *= scale;
    engraved[page].bars.push_back(
        {box.measure, box.x * scale, (box.y - kAbove * box.height) * scale, box.width * scale,
         (1 + kAbove + kBelow) * box.height * scale, std::move(box.places)});
  }
  return engraved;
}

std::vector<EngravedPage> with_silent_bars(std::vector<EngravedPage> pages, const Score& score) {
  std::size_t measure = 0;
  for (EngravedPage& page : pages) {
    std::vector<BarBox> bars;
    for (BarBox& box : page.bars) {
      const bool known = measure < score.measures.size();
      const std::size_t n_bars = known ? rest_run(score.measures, measure) : 1;
      if (n_bars > 1) box.places.clear();
      box.width /= static_cast<double>(n_bars);
      for (std::size_t i = 0; i < n_bars; ++i) {
        box.measure = measure++;
        bars.push_back(box);
        box.x += box.width;
      }
    }
    page.bars = std::move(bars);
  }
  return pages;
}

}  // namespace fyr
