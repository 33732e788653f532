// SPDX-License-Identifier: GPL-3.0-or-later
#include "score_file/mscx_elements.hpp"

#include <array>
#include <charconv>
#include <set>

#include "text.hpp"

namespace fyr {

using tinyxml2::XMLElement;

std::string child_text(const XMLElement& element, const char* name) {
  const XMLElement* child = element.FirstChildElement(name);
  return child != nullptr && child->GetText() != nullptr ? child->GetText() : "";
}

std::string clipped(std::string_view text) {
  constexpr std::size_t kMostBytes = 60;
  if (text.size() <= kMostBytes) return std::string(text);
  std::size_t end = kMostBytes;
  // Not inside a character of UTF-8.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::optional<int> child_int(const XMLElement& element, const char* name, int otherwise) {
  if (element.FirstChildElement(name) == nullptr) return otherwise;
  const std::string text = child_text(element, name);
  const std::string_view digits = trimmed(text);
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

bool is_grace(const XMLElement& chord) {
  static constexpr std::array kTags{"acciaccatura", "appoggiatura", "grace4",       "grace16",
                                    "grace32",      "grace8after",  "grace16after", "grace32after"};
  for (const char* tag : kTags) {
    if (chord.FirstChildElement(tag) != nullptr) return true;
  }
  return false;
}

std::optional<Fraction> named_length(std::string_view name) {
  struct Named {
    std::string_view name;
    Fraction length;
  };
  static constexpr std::array<Named, 11> kLengths{{{"long", {4, 1}},
                                                   {"breve", {2, 1}},
                                                   {"whole", {1, 1}},
                                                   {"half", {1, 2}},
                                                   {"quarter", {1, 4}},
                                                   {"eighth", {1, 8}},
                                                   {"16th", {1, 16}},
                                                   {"32nd", {1, 32}},
                                                   {"64th", {1, 64}},
                                                   {"128th", {1, 128}},
                                                   {"256th", {1, 256}}}};
  for (const Named& named : kLengths) {
    if (named.name == name) return named.length;
  }
  return std::nullopt;
}

bool is_known_element(std::string_view parent, std::string_view name) {
  static const std::set<std::string_view> voice{
      "Chord",         "Rest",          "Tuplet",
      "endTuplet",     "TimeSig",       "KeySig",
      "Clef",          "BarLine",       "Tempo",
      "Dynamic",       "StaffText",     "SystemText",
      "RehearsalMark", "Sticking",      "Spanner",
      "location",      "Harmony",       "FretDiagram",
      "Breath",        "Ambitus",       "Image",
      "Symbol",        "RepeatMeasure", "Marker",
      "Jump",          "FiguredBass",   "InstrumentChange",
      "StaffState",    "Fermata",       "Text",
      "Lyrics",        "TremoloBar",    "Beam",
      "Segment",       "eid",           "track",
      "tick"};
  static const std::set<std::string_view> chord{
      "durationType",  "dots",         "duration",  "Note",     "Articulation", "StemDirection",
      "Stem",          "Hook",         "StemSlash", "BeamMode", "Tremolo",      "Arpeggio",
      "visible",       "small",        "noStem",    "offset",   "Lyrics",       "Spanner",
      "acciaccatura",  "appoggiatura", "grace4",    "grace16",  "grace32",      "grace8after",
      "grace16after",  "grace32after", "ChordLine", "track",    "eid",          "leadingSpace",
      "stemDirection", "color",        "staffMove", "Symbol",   "Image",        "Beam",
      "Fermata",       "linkedMain",   "linked",    "z",        "placement",    "play",
      "crossMeasure",  "autoplace"};
  static const std::set<std::string_view> note{
      "pitch",       "tpc",        "tpc2",     "head",      "velocity",   "veloType", "Symbol",
      "color",       "Accidental", "Spanner",  "Fingering", "visible",    "small",    "mirrorHead",
      "ghost",       "headType",   "fixed",    "fixedLine", "play",       "tuning",   "fret",
      "string",      "NoteDot",    "Events",   "offset",    "track",      "eid",      "Text",
      "dotPosition", "Image",      "Tie",      "linked",    "linkedMain", "z",        "Bend",
      "placement",   "headScheme", "autoplace"};
  if (parent == "voice") return voice.contains(name);
  if (parent == "Chord") return chord.contains(name);
  if (parent == "Note") return note.contains(name);
  return true;
}

}  // namespace fyr
