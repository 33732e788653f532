// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/draw_measure.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "report/glyphs.hpp"
#include "report/moments.hpp"
#include "writers/beams.hpp"
#include "writers/strokes.hpp"

namespace fyr {
namespace {

constexpr double kStemLength = 32;
constexpr double kStemOffset = 5.6;    ///< From the middle of a head to its stem.
constexpr double kAccentDistance = 9;  ///< From the stem's end to the middle of its accent.
constexpr double kAccentHeight = 8;
constexpr double kChokeDistance = 10;  ///< From there to the middle of a choke's comma.
constexpr double kChokeHeight = 12;
constexpr double kBeamHeight = 4.5;
constexpr double kBeamDistance = 7;
constexpr double kHookLength = 8;
constexpr double kGraceSize = 0.62;
constexpr double kNumberDistance = 9;  ///< From what a tuplet's number stands over to its middle.
constexpr const char* kDoubtful = "style=\"color:#d03030\"";

double y_of(const Note& note, double top) { return top + kHalfSpace * note.place.line; }

/// One voice of a measure: draws with the stems on one side.
class VoiceEngraver {
 public:
  VoiceEngraver(SvgDrawing& svg, const Measure& measure, const Voice& voice,
                const MeasureSpace& space, const Moments& moments)
      : svg_(svg),
        voice_(voice),
        beams_(beams_of(measure, voice)),
        space_(space),
        moments_(moments),
        up_(voice.stems == Stems::Up),
        alone_(measure.voices.size() == 1),
        ends_(voice.chords.size(), up_ ? space.top : space.top + 8 * kHalfSpace) {}

  void engrave() {
    const auto& chords = voice_.chords;
    for (std::size_t first = 0; first < chords.size();) {
      const std::size_t last = group_end(first);
      if (chords[first].notes.empty()) {
        rest(chords[first]);
      } else {
        group(first, last);
      }
      first = last + 1;
    }
    for (const Tuplet& tuplet : voice_.tuplets) number(tuplet);
  }

 private:
  double x_of(Tick tick) const { return moments_.x_of(tick); }

  /// The last of the chords that are beamed with the first.
  std::size_t group_end(std::size_t first) const {
    const auto goes_on = [](const std::vector<Beam>& beams) {
      return !beams.empty() && (beams.front() == Beam::Begin || beams.front() == Beam::Continue);
    };
    std::size_t last = first;
    while (goes_on(beams_[last])) ++last;
    return last;
  }

  void rest(const Chord& chord) {
    if (chord.hidden) return;
    const double middle = space_.top + 4 * kHalfSpace;
    const double y = alone_ ? middle : middle + (up_ ? -2 : 4) * kHalfSpace;
    const double x = chord.full_bar ? space_.left + space_.width / 2 : x_of(chord.tick);
    draw_rest(svg_, chord.value, chord.full_bar, x, y);
  }

  /// Of two heights that which is farther on the stems' side.
  double outer(double y, double other) const {
    return up_ ? std::min(y, other) : std::max(y, other);
  }

  /// So far towards the stems' side.
  double away(double distance) const { return up_ ? -distance : distance; }

  /// Of the heads nearest the stem's end and farthest from it.
  double outer_y(const Chord& chord) const { return head_y(chord, up_); }
  double inner_y(const Chord& chord) const { return head_y(chord, !up_); }

  double head_y(const Chord& chord, bool highest) const {
    double y = y_of(chord.notes.front(), space_.top);
    for (const Note& note : chord.notes) {
      const double other = y_of(note, space_.top);
      y = highest ? std::min(y, other) : std::max(y, other);
    }
    return y;
  }

  double stem_x(const Chord& chord) const {
    return x_of(chord.tick) + (up_ ? kStemOffset : -kStemOffset);
  }

  void group(std::size_t first, std::size_t last) {
    const auto& chords = voice_.chords;
    double end = outer_y(chords[first]);
    for (std::size_t i = first; i <= last; ++i) end = outer(end, outer_y(chords[i]));
    end += away(kStemLength);
    for (std::size_t i = first; i <= last; ++i) {
      chord(chords[i], end);
      ends_[i] = outer(ends_[i], end);
      if (chords[i].accent) ends_[i] = accent(x_of(chords[i].tick), ends_[i]);
      if (is_choked(chords[i])) ends_[i] = choke(x_of(chords[i].tick), ends_[i]);
    }
    if (first == last) {
      draw_flags(svg_, stem_x(chords[first]), end, n_flags(chords[first]), up_);
    } else {
      beams(first, last, end);
    }
  }

  void beams(std::size_t first, std::size_t last, double end) {
    std::map<std::size_t, double> begun;  // By level: where the beam that goes on began.
    for (std::size_t i = first; i <= last; ++i) {
      const double x = stem_x(voice_.chords[i]);
      for (std::size_t level = 0; level < beams_[i].size(); ++level) {
        switch (beams_[i][level]) {
          case Beam::Begin:
            begun[level] = x;
            break;
          case Beam::Continue:
            break;
          case Beam::End:
            beam(begun.at(level), x, level, end);
            break;
          case Beam::ForwardHook:
            beam(x, x + kHookLength, level, end);
            break;
          case Beam::BackwardHook:
            beam(x - kHookLength, x, level, end);
            break;
        }
      }
    }
  }

  void beam(double left, double right, std::size_t level, double end) {
    const double y =
        end - away(kBeamDistance * static_cast<double>(level)) - (up_ ? 0 : kBeamHeight);
    svg_.rect(left - 0.6, y, right - left + 1.2, kBeamHeight);
  }

  void chord(const Chord& chord, double end) {
    const double x = x_of(chord.tick);
    std::vector<Note> notes = by_height(chord.notes);
    if (!up_) std::ranges::reverse(notes);
    const Note* beside = nullptr;  // On the usual side of the stem.
    for (const Note& note : notes) {
      const bool touches = beside != nullptr && std::abs(note.place.line - beside->place.line) <= 1;
      this->note(chord, note, x, touches ? x - away(2 * kStemOffset) : x);
      beside = touches ? nullptr : &note;
    }
    ledger_lines(chord, x);
    if (chord.value.denominator > 1) {
      svg_.line(stem_x(chord), inner_y(chord), stem_x(chord), end, 1.3);
    }
  }

  /// Beyond `end`; returns its own end.
  double accent(double x, double end) {
    const double y = end + away(kAccentDistance);
    const double half = kAccentHeight / 2;
    svg_.path("M" + svg_number(x - 6) + ' ' + svg_number(y - half) + 'L' + svg_number(x + 6) + ' ' +
                  svg_number(y) + 'L' + svg_number(x - 6) + ' ' + svg_number(y + half),
              "fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.4\"");
    return y + away(half);
  }

  /// Beyond `end`; returns its own end.
  double choke(double x, double end) {
    const double y = end + away(kChokeDistance);
    const double half = kChokeHeight / 2;
    svg_.ellipse(x, y - half + 2.4, 2.4, 2.4, "");
    svg_.path("M" + svg_number(x + 2) + ' ' + svg_number(y - half + 2) + 'Q' + svg_number(x + 3) +
                  ' ' + svg_number(y + 1) + ' ' + svg_number(x - 2) + ' ' + svg_number(y + half),
              "fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.4\"");
    return y + away(half);
  }

  /// `x` is that of the chord, the head's stands on the stem's other side where heads would touch.
  void note(const Chord& chord, const Note& note, double x, double head_x) {
    const double y = y_of(note, space_.top);
    const char* extra = note.doubtful ? kDoubtful : "";
    const NoteHead head = note.place.head;
    draw_head(svg_, head, head_x, y, chord.value.denominator <= 2, 1, extra);
    for (int dot = 0; dot < chord.value.dots; ++dot) {
      svg_.ellipse(head_x + 11, y - 2.5, 1.8, 1.8, extra);
    }
    if (note.ghost) {
      svg_.text(head_x - 13, y + 6, 17, "(", extra);
      svg_.text(head_x + 7.5, y + 6, 17, ")", extra);
    }
    for (int k = 0; k < n_grace_notes(note); ++k) {
      const double grace_x = x - grace_distance(k);
      draw_head(svg_, head, grace_x, y, false, kGraceSize, extra);
      svg_.line(grace_x + 3.6, y, grace_x + 3.6, y - 19, 1, extra);
    }
    if (note.ornament == Ornament::Flam) {
      const double stem_x = x - grace_distance(0) + 3.6;
      svg_.line(stem_x, y - 19, stem_x + 4.5, y - 13, 1.6, extra);
      svg_.line(stem_x - 3.5, y - 9, stem_x + 5, y - 15.5, 1, extra);
    }
    if (note.ornament == Ornament::Roll) {
      for (int k = 0; k < n_slashes(chord); ++k) {
        const double stroke_y = y + (up_ ? -14 : 14) + 5 * k;
        svg_.line(stem_x(chord) - 5, stroke_y + 2, stem_x(chord) + 5, stroke_y - 2, 2);
      }
    }
  }

  void ledger_lines(const Chord& chord, double x) {
    for (const Note& note : chord.notes) {
      const int place = note.place.line;
      for (int line = -2; line >= place; line -= 2) ledger(x, line);
      for (int line = 10; line <= place; line += 2) ledger(x, line);
    }
  }

  void ledger(double x, int line) {
    const double y = space_.top + kHalfSpace * line;
    svg_.line(x - 10, y, x + 10, y, 1);
  }

  void number(const Tuplet& tuplet) {
    if (!tuplet.numbered) return;
    const double left = x_of(voice_.chords[tuplet.first].tick);
    const double right = x_of(voice_.chords[tuplet.last].tick);
    double y = ends_[tuplet.first];
    for (std::size_t i = tuplet.first; i <= tuplet.last; ++i) y = outer(y, ends_[i]);
    y += away(kNumberDistance);
    svg_.text((left + right) / 2, y + 4.5, 13, std::to_string(tuplet.actual),
              "text-anchor=\"middle\" font-style=\"italic\" font-family=\"serif\"");
    const bool beamed = group_end(tuplet.first) >= tuplet.last;
    if (!beamed || tuplet.bracketed) bracket(left - kStemOffset, right + kStemOffset, y);
  }

  /// Open in its middle, for the number.
  void bracket(double left, double right, double y) {
    const double middle = (left + right) / 2;
    const std::string hook = svg_number(y - away(6));
    const std::string line = svg_number(y);
    svg_.path("M" + svg_number(left) + ' ' + hook + 'V' + line + 'H' + svg_number(middle - 8) +
                  'M' + svg_number(middle + 8) + ' ' + line + 'H' + svg_number(right) + 'V' + hook,
              "class=\"tuplet\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.1\"");
  }

  SvgDrawing& svg_;
  const Voice& voice_;
  const std::vector<std::vector<Beam>> beams_;
  const MeasureSpace& space_;
  const Moments& moments_;
  bool up_;
  bool alone_;
  std::vector<double> ends_;  ///< By chord: of stem and accent, at least the staff's edge.
};

}  // namespace

void draw_measure(SvgDrawing& svg, const Measure& measure, const MeasureSpace& space) {
  const Moments moments(measure, space);
  for (const Voice& voice : measure.voices) {
    VoiceEngraver(svg, measure, voice, space, moments).engrave();
  }
}

}  // namespace fyr
