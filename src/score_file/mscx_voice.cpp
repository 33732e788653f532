// SPDX-License-Identifier: GPL-3.0-or-later
#include "score_file/mscx_voice.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "score_file/mscx_elements.hpp"
#include "text.hpp"

namespace fyr {
namespace {

using tinyxml2::XMLElement;

constexpr int kLargestVelocity = 127;
constexpr int kMostPercent = 1000;      ///< Of the dynamic's velocity, as MuseScore may save it.
constexpr double kSlowestTempo = 0.01;  ///< Quarter notes a second.
constexpr double kFastestTempo = 100;   ///< The same.
// Comparing takes time with the square of these, and a few KB of .mscz can hold millions.
constexpr std::size_t kMostNotes = 10'000;  ///< Of a bar …
constexpr std::size_t kMostTempi = 1'000;   ///< … the same …
constexpr std::size_t kMostMarks = 20;  ///< … and of a chord, each note of which has all of them.

/// With dots: half the length more, then a quarter, …
Fraction dotted(Fraction length, int dots) {
  for (Fraction extra = length * Fraction(1, 2); dots > 0; --dots) {
    length = length + extra;
    extra = extra * Fraction(1, 2);
  }
  return length;
}

/// "accent" for articAccentAbove and articAccentBelow; what no drummer calls otherwise stays.
std::string articulation_name(std::string name) {
  for (const std::string_view side : {"Above", "Below"}) {
    if (name.ends_with(side)) name.resize(name.size() - side.size());
  }
  if (name == "articAccent") return "accent";
  if (name == "pictChokeCymbal") return "choke";
  return name;
}

/// What stands on a chord and changes how its notes are played, sorted.
std::vector<std::string> marks_of(const XMLElement& chord) {
  std::vector<std::string> marks;
  for (auto* child = chord.FirstChildElement(); child; child = child->NextSiblingElement()) {
    const std::string_view element = child->Name();
    if (element == "Articulation")
      marks.push_back(articulation_name(clipped(child_text(*child, "subtype"))));
    // The second since MuseScore 4.4.
    if (element == "Tremolo" || element == "TremoloSingleChord")
      marks.push_back("tremolo " + clipped(child_text(*child, "subtype")));
  }
  std::ranges::sort(marks);
  return marks;
}

class VoiceReader {
 public:
  VoiceReader(int number, MscxBar& bar, std::vector<ScoreFinding>& findings)
      : place_(bar.name + ", voice " + std::to_string(number)), bar_(bar), findings_(findings) {}

  void read(const XMLElement& voice) {
    try {
      for (auto* child = voice.FirstChildElement(); child; child = child->NextSiblingElement()) {
        result_.empty = false;
        check_known(voice, *child);
        read_element(*child, child->Name());
      }
      if (!tuplets_.empty()) error("a tuplet has no <endTuplet/>");
    } catch (const std::overflow_error&) {
      bad_number("dots or tuplets too many to add up the lengths");
    }
    if (grace_) error("a grace note that no chord follows, which MuseScore drops");
    bar_.voices.push_back(result_);
  }

 private:
  struct OpenTuplet {
    Fraction ratio;  ///< Of everything inside, those around it included.
    Fraction end;
  };

  void error(const std::string& message) {
    findings_.push_back({ScoreFinding::Severity::Error, place_, message});
  }

  /// What two scores cannot be compared by either.
  void bad_number(const std::string& message) {
    error(message);
    if (bar_.bad_number.empty()) bar_.bad_number = place_ + ": " + message;
  }

  /// Once a bar is enough.
  void too_many(const std::string& what) {
    if (bar_.bad_number.empty()) bad_number("more " + what);
  }

  /// The whole number of a child; 0 where it has none, or one that makes no sense.
  int number(const XMLElement& element, const char* name, int least, int most) {
    const std::optional<int> value = child_int(element, name, 0);
    if (value && least <= *value && *value <= most) return *value;
    bad_number("the <" + std::string(name) + "> \"" + clipped(child_text(element, name)) +
               "\" makes no sense");
    return 0;
  }

  void check_known(const XMLElement& parent, const XMLElement& child) {
    if (is_known_element(parent.Name(), child.Name())) return;
    error("unknown element <" + clipped(child.Name()) + "> in <" + parent.Name() +
          ">, which MuseScore drops");
  }

  void read_element(const XMLElement& element, std::string_view name) {
    if (name == "Chord") {
      read_chord(element);
    } else if (name == "Rest") {
      if (grace_) error("a grace note before a rest, which MuseScore drops");
      grace_ = false;
      move_by(length_of(element));
    } else if (name == "RepeatMeasure" || name == "MeasureRepeat") {  // The second in MuseScore 4.
      bar_.repeats = true;
      move_by(length_of(element));
    } else if (name == "Tuplet") {
      open_tuplet(element);
    } else if (name == "endTuplet") {
      close_tuplet();
    } else if (name == "location") {
      const auto moved = parse_fraction(child_text(element, "fractions"));
      if (moved) position_ = position_ + *moved;
    } else if (name == "Tempo") {
      read_tempo(element);
    }
  }

  void read_tempo(const XMLElement& element) {
    const std::string text = child_text(element, "tempo");
    const double quarters_per_s = to_number(trimmed(text)).value_or(0);
    if (text.empty()) {
      bad_number("a <Tempo> without its <tempo>");
    } else if (quarters_per_s < kSlowestTempo || quarters_per_s > kFastestTempo) {
      bad_number("the <tempo> \"" + clipped(text) + "\" makes no sense");
    } else if (bar_.tempi.size() == kMostTempi) {
      too_many("tempi than any bar has");
    } else {
      bar_.tempi.push_back({position_, quarters_per_s});
    }
  }

  Fraction ratio() const { return tuplets_.empty() ? Fraction(1) : tuplets_.back().ratio; }

  /// As the file means it; MuseScore's own reading differs where a finding says so.
  Fraction length_of(const XMLElement& element) {
    const std::string type = child_text(element, "durationType");
    if (type == "measure") {
      const std::string text = child_text(element, "duration");
      if (text.empty()) return bar_.length;
      const auto length = parse_fraction(text);
      if (length && *length > Fraction(0)) return *length;
      bad_number("the <duration> \"" + clipped(text) + "\" makes no sense");
      return bar_.length;
    }
    const auto length = named_length(type);
    if (!length) {
      error("unknown <durationType> \"" + clipped(type) + "\"");
      return {};
    }
    bool type_seen = false;
    for (auto* child = element.FirstChildElement(); child; child = child->NextSiblingElement()) {
      const std::string_view name = child->Name();
      type_seen = type_seen || name == "durationType";
      if (name == "dots" && type_seen) {
        error("<dots> after <durationType>, which MuseScore ignores");
      }
    }
    return dotted(*length, number(element, "dots", 0, std::numeric_limits<int>::max())) * ratio();
  }

  void open_tuplet(const XMLElement& element) {
    const int normal = child_int(element, "normalNotes", 0).value_or(0);
    const int actual = child_int(element, "actualNotes", 0).value_or(0);
    const auto base = named_length(child_text(element, "baseNote"));
    if (normal <= 0 || actual <= 0 || !base) {
      bad_number("a <Tuplet> without normalNotes, actualNotes and baseNote");
      return;
    }
    const Fraction length =
        dotted(*base, number(element, "baseDots", 0, std::numeric_limits<int>::max())) *
        Fraction(normal) * ratio();
    tuplets_.push_back({ratio() * Fraction(normal, actual), position_ + length});
  }

  void close_tuplet() {
    if (tuplets_.empty()) {
      error("<endTuplet/> without a <Tuplet>");
      return;
    }
    if (position_ != tuplets_.back().end) {
      error("a tuplet that is not full: it ends at " + to_string(position_) + " instead of " +
            to_string(tuplets_.back().end));
    }
    tuplets_.pop_back();
  }

  void read_chord(const XMLElement& chord) {
    for (auto* child = chord.FirstChildElement(); child; child = child->NextSiblingElement()) {
      check_known(chord, *child);
    }
    const bool grace = is_grace(chord);
    const Fraction length = length_of(chord);
    const XMLElement* note = chord.FirstChildElement("Note");
    if (note == nullptr) error("a <Chord> without a <Note>");
    std::vector<std::string> marks = marks_of(chord);
    if (marks.size() > kMostMarks) {
      too_many("signs than any chord has");
      marks.resize(kMostMarks);
    }
    for (; note; note = note->NextSiblingElement("Note")) read_note(*note, grace, marks);
    grace_ = grace;
    if (!grace) move_by(length);
  }

  /// By what sounds or rests.
  void move_by(Fraction length) {
    position_ = position_ + length;
    // A <location> behind it may go back, for a tempo in the middle of a long note.
    if (result_.length < position_) result_.length = position_;
  }

  void read_note(const XMLElement& element, bool grace, const std::vector<std::string>& marks) {
    MscxNote note;
    note.position = position_;
    note.grace = grace;
    note.marks = marks;
    note.pitch = child_int(element, "pitch", -1).value_or(-1);
    note.head = clipped(child_text(element, "head"));
    if (note.pitch < 0 || note.pitch > 127) bad_number("a <Note> without a <pitch> of 0 to 127");
    const bool absolute = child_text(element, "veloType") == "user";
    note.velocity = number(element, "velocity", absolute ? 0 : -kMostPercent,
                           absolute ? kLargestVelocity : kMostPercent);
    for (auto* child = element.FirstChildElement(); child; child = child->NextSiblingElement()) {
      check_known(element, *child);
      if (child_text(*child, "name") == "noteheadParenthesisLeft") note.ghost = true;
    }
    if (bar_.notes.size() == kMostNotes) return too_many("notes than any bar has");
    bar_.notes.push_back(std::move(note));
  }

  std::string place_;
  MscxBar& bar_;
  std::vector<ScoreFinding>& findings_;
  Fraction position_;
  bool grace_ = false;  ///< The last chord was one.
  std::vector<OpenTuplet> tuplets_;
  MscxVoice result_;
};

}  // namespace

void read_mscx_voice(const XMLElement& voice, int number, MscxBar& bar,
                     std::vector<ScoreFinding>& findings) {
  VoiceReader(number, bar, findings).read(voice);
}

}  // namespace fyr
