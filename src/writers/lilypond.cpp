// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/lilypond.hpp"

#include <ostream>

#include "fyr/version.hpp"
#include "fyr/writers.hpp"
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

void write_header(const Score& score, std::ostream& out) {
  out << "\\header {\n";
  if (!score.title.empty()) out << "  title = " << quoted(score.title) << '\n';
  if (!score.subtitle.empty()) out << "  subtitle = " << quoted(score.subtitle) << '\n';
  if (!score.composer.empty()) out << "  composer = " << quoted(score.composer) << '\n';
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
