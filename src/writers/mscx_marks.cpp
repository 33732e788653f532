// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "writers/mscx.hpp"
#include "writers/names.hpp"

namespace fyr {
namespace {

using tinyxml2::XMLPrinter;

/// Inside a text every child follows a text, else the printer would put line breaks between them.
void write_symbol(XMLPrinter& xml, const char* symbol) {
  xml.PushText("");
  leaf(xml, "sym", symbol);
  xml.PushText("");
  Element(xml, "font").with("face", "FreeSerif");
}

void write_mark(XMLPrinter& xml, const MetronomeMark& mark, const Swing& swing) {
  const Element text(xml, "text");
  if (swing.swings()) xml.PushText((std::string(swing_name(swing)) + "  ").c_str());
  write_symbol(xml, mark.beat.denominator == 2   ? "metNoteHalfUp"
                    : mark.beat.denominator == 4 ? "metNoteQuarterUp"
                    : mark.beat.denominator == 8 ? "metNote8thUp"
                                                 : "metNote16thUp");
  // MuseScore's symbol of a dot is too small to be seen beside the note of a tempo.
  if (mark.beat.dots > 0) xml.PushText(".");
  xml.PushText((" = " + std::to_string(mark.beats_per_minute)).c_str());
}

/// Plays; what is read stands with the tempo.
void write_swing(XMLPrinter& xml, const Swing& swing, const MscxTie& tie) {
  const Element element(xml, "StaffText");
  Element(xml, "swing")
      .with("unit", swing.of_eighths() ? "eighth" : "16th")
      .with("ratio", static_cast<int>(std::lround(100 * swing.share)));
  write_mscx_tie(xml, tie);
  leaf(xml, "visible", 0);
  leaf(xml, "text", swing_name(swing));
}

/// Half a part in 100,000: a millisecond in three minutes.
constexpr int kTempoDigits = 6;

/// MuseScore's own velocities; every note has its own, so they are not heard.
int velocity_of(Dynamic dynamic) {
  switch (dynamic) {
    case Dynamic::P:
      return 49;
    case Dynamic::Mp:
      return 64;
    case Dynamic::Mf:
      return 80;
    case Dynamic::F:
      return 96;
    case Dynamic::Ff:
      return 112;
  }
  return 80;
}

}  // namespace

void write_mscx_tie(XMLPrinter& xml, const MscxTie& tie) {
  if (tie.role == MscxTie::Role::Original) leaf(xml, "linkedMain");
  if (tie.role != MscxTie::Role::Double) return;
  const Element linked(xml, "linked");
  leaf(xml, "indexDiff", -tie.n_tied);
}

/// The number is as exact as MuseScore saves it, the text is rounded: followText would make
/// MuseScore play the text.
void write_mscx_tempo(XMLPrinter& xml, const Tempo& tempo, const Swing& swing, const MscxTie& tie) {
  std::array<char, 32> number{};  // Not printf: a locale may write decimals with a comma.
  std::to_chars(number.data(), number.data() + number.size() - 1, tempo.quarters_per_s,
                std::chars_format::general, kTempoDigits);
  const Element element(xml, "Tempo");
  leaf(xml, "tempo", number.data());
  write_mscx_tie(xml, tie);
  if (tempo.mark) {
    write_mark(xml, *tempo.mark, swing);
  } else {
    leaf(xml, "visible", 0);
    write_mark(xml, {{4, 0}, static_cast<int>(std::lround(tempo.quarters_per_s * 60))}, {});
  }
}

void write_mscx_dynamic(XMLPrinter& xml, Dynamic level) {
  const Element dynamic(xml, "Dynamic");
  leaf(xml, "subtype", dynamic_name(level));
  leaf(xml, "velocity", velocity_of(level));
}

void write_mscx_marks(XMLPrinter& xml, const Measure& measure, const Swing& swing,
                      const MscxTie& tie) {
  if (!measure.rehearsal.empty()) {
    const Element mark(xml, "RehearsalMark");
    write_mscx_tie(xml, tie);
    leaf(xml, "text", std::string_view(measure.rehearsal));
  }
  if (swing.swings()) write_swing(xml, swing, tie);
}

}  // namespace fyr
