// SPDX-License-Identifier: GPL-3.0-or-later
#include "score_file/mscx_score.hpp"

#include <tinyxml2.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "number.hpp"
#include "score_file/mscx_elements.hpp"
#include "score_file/mscx_voice.hpp"
#include "score_file/xml_failure.hpp"
#include "score_file/xml_rules.hpp"
#include "text.hpp"

namespace fyr {
namespace {

using tinyxml2::XMLElement;

constexpr const char* kVersion = "3.01";
constexpr double kVersionNumber = 3.01;
constexpr int kMostVoices = 4;
/// A sign of a few bytes repeats a bar of any size: these are of hours of signs.
constexpr std::size_t kMostRepeatedNotes = 500'000;
constexpr const char* kSaveAgain = "; mend it in a text editor, or save the score again";

bool comes_before(const XMLElement& one, const XMLElement& two) {
  const XMLElement* element = &one;
  while (element != nullptr && element != &two) element = element->NextSiblingElement();
  return element != nullptr;
}

class ScoreReader {
 public:
  ScoreReader(MscxVersions versions, std::vector<ScoreFinding>& findings)
      : versions_(versions), findings_(findings) {}

  MscxScore read(std::string_view text) {
    if (!begins_as_xml(text)) {
      error("no XML, so it is no MuseScore file");
      return {};
    }
    if (const std::string excess = xml_excess(text); !excess.empty()) {
      error(excess + ", which no score has");
      return {};
    }
    tinyxml2::XMLDocument document;
    if (document.Parse(text.data(), text.size()) != tinyxml2::XML_SUCCESS) {
      error(xml_failure(document) + kSaveAgain);
      return {};
    }
    if (const std::string mistake = xml_mistake(text); !mistake.empty()) {
      error("not well-formed XML " + mistake + kSaveAgain);
    }
    const XMLElement* root = document.FirstChildElement("museScore");
    if (root == nullptr) {
      error("no <museScore>, so it is no MuseScore file");
    } else if (check_version(*root)) {
      const XMLElement* score = root->FirstChildElement("Score");
      score == nullptr ? error("there is no <Score>") : read_score(*score);
    }
    return std::move(score_);
  }

 private:
  void error(const std::string& message, const std::string& place = {}) {
    findings_.push_back({ScoreFinding::Severity::Error, place, message});
  }

  /// What two scores cannot be compared by either.
  void bad_number(const std::string& message, MscxBar& bar) {
    error(message, bar.name);
    if (bar.bad_number.empty()) bar.bad_number = bar.name + ": " + message;
  }

  bool check_version(const XMLElement& root) {
    const char* version = root.Attribute("version");
    if (version == nullptr) {
      error("<museScore> has no version, which crashes MuseScore 3");
      return false;
    }
    if (std::string_view(version) == kVersion) return true;
    const bool newer = to_number(version).value_or(0) > kVersionNumber;
    if (newer && versions_ == MscxVersions::NewerToo) return true;
    error("format version " + clipped(version) +
          (newer ? ", which MuseScore 3.2 does not open, and fyr check knows 3.01 only; for an "
                   "older MuseScore export MusicXML"
                 : ", older than 3.01; open it with MuseScore 3.0 to 3.5 and save it"));
    return false;
  }

  void read_score(const XMLElement& score) {
    const XMLElement* part = score.FirstChildElement("Part");
    const XMLElement* staff = score.FirstChildElement("Staff");
    if (part == nullptr) error("there is no <Part>");
    if (staff == nullptr) error("there is no <Staff>");
    if (part == nullptr || staff == nullptr) return;
    if (!comes_before(*part, *staff)) {
      error("<Part> after <Staff>, which crashes MuseScore");
    }
    std::set<int> known;
    for (; part; part = part->NextSiblingElement("Part")) {
      for (auto* of_part = part->FirstChildElement("Staff"); of_part;
           of_part = of_part->NextSiblingElement("Staff")) {
        known.insert(of_part->IntAttribute("id"));
      }
      read_part(*part);
    }
    for (; staff; staff = staff->NextSiblingElement("Staff")) {
      if (const int id = staff->IntAttribute("id"); !known.contains(id)) {
        error("staff " + std::to_string(id) + " belongs to no <Part>, which crashes MuseScore");
      }
      read_staff(*staff);
    }
  }

  void read_part(const XMLElement& part) {
    const XMLElement* instrument = part.FirstChildElement("Instrument");
    if (instrument == nullptr || instrument->FirstChildElement("Channel") == nullptr) {
      error("an instrument without <Channel>, which crashes MuseScore");
    }
    if (instrument == nullptr) return;
    const XMLElement* drum = instrument->FirstChildElement("Drum");
    if (drum == nullptr) return;  // Not a drum kit.
    const XMLElement* use = instrument->FirstChildElement("useDrumset");
    const bool used = child_int(*instrument, "useDrumset", 0).value_or(0) != 0;
    if (!used || !comes_before(*use, *drum)) {
      error("no <useDrumset> before the drum map, so MuseScore plays a piano");
    }
    for (; drum; drum = drum->NextSiblingElement("Drum")) {
      const int pitch = drum->IntAttribute("pitch", -1);
      score_.heads[pitch] = clipped(child_text(*drum, "head"));
      score_.names[pitch] = clipped(child_text(*drum, "name"));
    }
  }

  void read_staff(const XMLElement& staff) {
    std::vector<MscxBar> bars;
    meter_ = "4/4";
    int n_numbered = 0;
    const XMLElement* measure = staff.FirstChildElement("Measure");
    if (measure == nullptr) error("a staff without bars, which crashes some exports");
    for (; measure; measure = measure->NextSiblingElement("Measure")) {
      // Drawn in the place of silent bars, which stand in the file as well.
      if (measure->FirstChildElement("multiMeasureRest") != nullptr) continue;
      const bool irregular = child_int(*measure, "irregular", 0).value_or(0) != 0;
      if (!irregular) ++n_numbered;
      std::string name = irregular ? "unnumbered bar before bar " + std::to_string(n_numbered + 1)
                                   : "bar " + std::to_string(n_numbered);
      bars.push_back(read_bar(*measure, std::move(name), bars.size()));
      if (bars.back().repeats) repeat_notes(bars);
    }
    score_.staves.push_back(std::move(bars));
  }

  /// Gives the last bar the notes of the one before, as MuseScore plays them.
  void repeat_notes(std::vector<MscxBar>& bars) {
    MscxBar& bar = bars.back();
    if (bars.size() < 2 || bars[bars.size() - 2].length != bar.length) {
      error("a repeat sign without a bar of the same length before it", bar.name);
      return;
    }
    const std::vector<MscxNote>& notes = bars[bars.size() - 2].notes;
    if (notes.size() > n_repeatable_) {
      bad_number("repeat signs of more notes than any score has", bar);
      return;
    }
    n_repeatable_ -= notes.size();
    bar.notes = notes;
  }

  MscxBar read_bar(const XMLElement& measure, std::string name, std::size_t index) {
    MscxBar bar;
    bar.name = std::move(name);
    const XMLElement* voice = measure.FirstChildElement("voice");
    const XMLElement* meter = voice == nullptr ? nullptr : voice->FirstChildElement("TimeSig");
    if (meter != nullptr) {
      meter_ = clipped(child_text(*meter, "sigN")) + "/" + clipped(child_text(*meter, "sigD"));
    }
    const auto full = parse_fraction(meter_);
    if (!full || *full <= Fraction(0)) {
      bad_number("the time signature \"" + meter_ + "\" makes no sense", bar);
      meter_ = "4/4";
    }
    bar.meter = meter_;
    bar.beat = parse_fraction("1" + meter_.substr(meter_.find('/'))).value_or(Fraction(1, 4));
    bar.length = length_of(measure, full.value_or(Fraction(1)), index, bar);
    if (voice == nullptr) error("an empty <Measure>", bar.name);
    for (int number = 1; voice; voice = voice->NextSiblingElement("voice"), ++number) {
      if (number == kMostVoices + 1) {
        error("more than four <voice>s, which crashes MuseScore", bar.name);
      }
      read_mscx_voice(*voice, number, bar, findings_);
    }
    std::ranges::stable_sort(bar.notes, {}, &MscxNote::position);
    return bar;
  }

  /// Only the first staff needs to say that a bar is longer or shorter than its meter.
  Fraction length_of(const XMLElement& measure, Fraction full, std::size_t index, MscxBar& bar) {
    if (const char* text = measure.Attribute("len")) {
      const auto length = parse_fraction(text);
      if (length && *length > Fraction(0)) return *length;
      bad_number("the length \"" + clipped(text) + "\" makes no sense", bar);
    }
    const bool first_staff = score_.staves.empty();
    const bool known = !first_staff && index < score_.staves.front().size();
    return known ? score_.staves.front()[index].length : full;
  }

  MscxVersions versions_;
  std::vector<ScoreFinding>& findings_;
  MscxScore score_;
  std::string meter_;
  std::size_t n_repeatable_ = kMostRepeatedNotes;
};

}  // namespace

std::string MscxBar::beat_at(Fraction position) const {
  const double from_first = position.value() / beat.value();
  return name + " beat " + to_text(1 + std::round(1000 * from_first) / 1000);
}

MscxScore read_mscx(std::string_view text, MscxVersions versions,
                    std::vector<ScoreFinding>& findings) {
  return ScoreReader(versions, findings).read(text);
}

}  // namespace fyr
