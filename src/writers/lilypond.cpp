// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/lilypond.hpp"

#include <cmath>
#include <ostream>

#include "fyr/version.hpp"
#include "fyr/writers.hpp"
#include "number.hpp"
#include "writers/clean_text.hpp"

namespace fyr {
namespace {

constexpr int kMiddleLine = 4;  ///< As StaffPlace counts; LilyPond counts up from there.

const char* head_name(NoteHead head) {
  switch (head) {
    case NoteHead::Normal:
      return "()";
    case NoteHead::Cross:
      return "cross";
    case NoteHead::CircledCross:
      return "xcircle";
    case NoteHead::Diamond:
      return "harmonic-black";  // "diamond" is a slanted blob.
    case NoteHead::Triangle:
      return "triangle";
  }
  return "()";
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : clean_text(text)) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

/// Of a staff, in points of 1/72.27 inch, for which lines.cpp chose the line breaks.
double staff_size(const Score& score) {
  constexpr double kPoint_mm = 25.4 / 72.27;
  return 4 * score.staff_space_mm / kPoint_mm;
}

/// `size`: LilyPond's own for the heading, in points. `width`: of its face, where that with which
/// `fitting_size` reckons is 1.
void write_heading(const char* name, const std::string& text, double size, double width,
                   std::ostream& out) {
  if (text.empty()) return;
  out << "  " << name << " = ";
  const auto wide_size = static_cast<int>(std::lround(size * width));
  if (const int fitting = fitting_size(text, wide_size); fitting < wide_size) {
    out << "\\markup \\abs-fontsize #" << Fixed{fitting / width, 1} << ' ';
  }
  out << quoted(text) << '\n';
}

void write_header(const Score& score, std::ostream& out) {
  constexpr double kBold = 1.18;
  // Of LilyPond 2.24 on a staff of 20: text of 11 points, four and one sixths of an octave larger.
  const double scale = staff_size(score) / 20;
  out << "\\header {\n";
  write_heading("title", score.title, 17.5 * scale, kBold, out);
  write_heading("subtitle", score.subtitle, 12.3 * scale, kBold, out);
  write_heading("composer", score.composer, 11 * scale, 1, out);
  out << "  tagline = ##f\n}\n\n";
}

/// Where each drum stands on the staff and with which head.
void write_drum_style(const PerDrum<StaffPlace>& places, std::ostream& out) {
  out << "#(define fyr-drums '(\n";
  for (const DrumInfo& drum : kDrums) {
    const StaffPlace& place = places[index_of(drum.drum)];
    out << "  (" << lilypond_drum(drum.drum) << ' ' << head_name(place.head) << " #f "
        << kMiddleLine - place.line << ")\n";
  }
  out << "))\n\n";
}

}  // namespace

const char* lilypond_drum(Drum drum) {
  switch (drum) {
    case Drum::Kick:
      return "bassdrum";
    case Drum::Snare:
      return "snare";
    case Drum::SideStick:
      return "sidestick";
    case Drum::ClosedHiHat:
      return "closedhihat";
    case Drum::PedalHiHat:
      return "pedalhihat";
    case Drum::OpenHiHat:
      return "openhihat";
    case Drum::HighTom:
      return "hightom";
    case Drum::MidTom:
      return "lowmidtom";
    case Drum::FloorTom:
      return "highfloortom";
    case Drum::Ride:
      return "ridecymbal";
    case Drum::RideBell:
      return "ridebell";
    case Drum::Crash:
      return "crashcymbal";
    case Drum::Percussion:
      return "tambourine";
  }
  return "snare";
}

void write_lilypond(const Score& score, std::ostream& out) {
  out << "% Written by fyr " << kVersion << "\n\\version \"2.24.0\"\n\n";
  out << "#(set-global-staff-size " << Fixed{staff_size(score), 1} << ")\n\n";
  write_header(score, out);
  write_drum_style(score.places, out);
  out << "hands = \\drummode {\n  \\numericTimeSignature\n  \\compressEmptyMeasures\n"
         "  \\autoBeamOff\n";
  write_lilypond_first_voice(score, out);
  out << "}\n\nfeet = \\drummode {\n  \\voiceTwo\n  \\autoBeamOff\n";
  write_lilypond_second_voice(score, out);
  out << R"(}

\score {
  \new DrumStaff \with {
    drumStyleTable = #(alist->hash-table fyr-drums)
  } <<
    \new DrumVoice \hands
    \new DrumVoice \feet
  >>
  \layout {
    indent = 0
    \context {
      \Score
      \override MetronomeMark.outside-staff-horizontal-padding = 2
      \override MultiMeasureRest.expand-limit = 1
      \override Parentheses.font-size = -2
      \override Parentheses.padding = 0.1
      \override RehearsalMark.outside-staff-horizontal-padding = 1
    }
  }
  \midi { }
}
)";
}

}  // namespace fyr
