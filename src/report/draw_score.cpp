// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "fyr/report_page.hpp"
#include "report/draw_measure.hpp"
#include "report/glyphs.hpp"
#include "report/moments.hpp"
#include "report/svg.hpp"
#include "score/bar_numbers.hpp"
#include "writers/names.hpp"

namespace fyr {
namespace {

constexpr double kWidth = 1200;
constexpr double kMargin = 12;
constexpr double kClefWidth = 34;
constexpr double kMeterWidth = 34;
constexpr double kSystemHeight = 200;
constexpr double kStaffTop = 88;  ///< Of the staff's top line within its system.
constexpr double kStaffHeight = 8 * kHalfSpace;
constexpr double kBoxHeight = 142;  ///< Of a measure's box: stems and what belongs to them.
constexpr double kFirstNote = 20;   ///< From the bar line.
constexpr double kLastNote = 8;     ///< To the next bar line at the least.

/// A line is a picture of its own; to those who do not see, all of them are one.
constexpr const char* kFirstLine =
    "font-family=\"system-ui, sans-serif\" role=\"img\" aria-label=\"Drum score\"";
constexpr const char* kOtherLine = "font-family=\"system-ui, sans-serif\" aria-hidden=\"true\"";

/// Room that a measure asks for: by its densest voice, within bounds.
double wish(const Measure& measure) {
  std::size_t n_chords = 1;
  for (const Voice& voice : measure.voices) n_chords = std::max(n_chords, voice.chords.size());
  const double quarters = static_cast<double>(measure.length) / kTicksPerQuarter;
  const double notes = std::max(24.0 * static_cast<double>(n_chords), 30.0 * quarters);
  return std::max(70.0, notes) + grace_room(measure) + kFirstNote + kLastNote +
         (measure.shows_meter ? kMeterWidth : 0);
}

/// One line of music: measures [first, last).
struct System {
  std::size_t first = 0;
  std::size_t last = 0;
};

bool is_drawn(const Measure& measure) { return !measure.lead_in; }

constexpr double kRoom = kWidth - 2 * kMargin - kClefWidth;

double drawn_width(const Measure& measure) { return is_drawn(measure) ? wish(measure) : 0; }

/// Lines of the measures of `planned`, each as full as `room` allows.
std::vector<System> fill_lines(const std::vector<Measure>& measures, System planned, double room) {
  std::vector<System> systems;
  double used = 0;
  for (std::size_t i = planned.first; i < planned.last; ++i) {
    const double width = drawn_width(measures[i]);
    if (systems.empty() || used + width > room) {
      systems.push_back({i, i});
      used = 0;
    }
    systems.back().last = i + 1;
    used += width;
  }
  return systems;
}

/// As few lines as hold the measures of `planned`, about equally full.
std::vector<System> share_lines(const std::vector<Measure>& measures, System planned) {
  constexpr double kStep = 1.03;
  std::vector<System> fewest = fill_lines(measures, planned, kRoom);
  double width = 0;
  for (std::size_t i = planned.first; i < planned.last; ++i) width += drawn_width(measures[i]);
  for (double room = width / static_cast<double>(fewest.size()); room < kRoom; room *= kStep) {
    std::vector<System> systems = fill_lines(measures, planned, room);
    if (systems.size() == fewest.size()) return systems;
  }
  return fewest;
}

std::vector<System> break_lines(const std::vector<Measure>& measures) {
  std::vector<System> systems;
  System planned;
  for (const Measure& measure : measures) {
    ++planned.last;
    if (!measure.line_break && planned.last < measures.size()) continue;
    std::ranges::copy(share_lines(measures, planned), std::back_inserter(systems));
    planned.first = planned.last;
  }
  return systems;
}

void draw_meter(SvgDrawing& svg, const Meter& meter, double x, double top) {
  constexpr const char* kStyle =
      "text-anchor=\"middle\" font-weight=\"bold\" font-family=\"serif\"";
  svg.text(x, top + 18.5, 26, std::to_string(meter.numerator), kStyle);
  svg.text(x, top + 38.5, 26, std::to_string(meter.denominator), kStyle);
}

void draw_tempo(SvgDrawing& svg, const MetronomeMark& mark, double x, double y) {
  draw_head(svg, NoteHead::Normal, x + 5, y - 4, mark.beat.denominator <= 2, 0.8);
  svg.line(x + 9.6, y - 4, x + 9.6, y - 22, 1.2);
  double flag_y = y - 22;
  for (int denominator = 8; denominator <= mark.beat.denominator; denominator *= 2, flag_y += 5) {
    svg.line(x + 9.6, flag_y, x + 13.6, flag_y + 5, 1.4);
  }
  for (int dot = 0; dot < mark.beat.dots; ++dot) svg.ellipse(x + 14, y - 5, 1.6, 1.6);
  svg.text(x + 19, y, 14, "= " + std::to_string(mark.beats_per_minute), "font-weight=\"bold\"");
}

/// What stands over the measure from `x` on. Returns where there is room again.
double draw_marks(SvgDrawing& svg, const Measure& measure, const Swing& swing, double x,
                  double top) {
  double mark_x = x;
  if (!measure.rehearsal.empty()) {
    svg.rect(mark_x, top - 84, 20, 20,
             "fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.4\"");
    svg.text(mark_x + 10, top - 69, 14, measure.rehearsal,
             "text-anchor=\"middle\" font-weight=\"bold\"");
    mark_x += 30;
  }
  if (swing.swings()) {
    svg.text(mark_x, top - 68, 14, swing_name(swing), "font-weight=\"bold\"");
    mark_x += swing.of_eighths() ? 52 : 110;
  }
  for (const Tempo& tempo : measure.tempi) {
    if (!tempo.mark) continue;
    draw_tempo(svg, *tempo.mark, mark_x, top - 68);
    mark_x += 70;
  }
  return mark_x;
}

/// Under the first note or rest, and under its stem and tuplet.
void draw_dynamic(SvgDrawing& svg, Dynamic dynamic, double x, double top) {
  svg.text(
      x, top + 100, 17, dynamic_name(dynamic),
      "text-anchor=\"middle\" font-style=\"italic\" font-weight=\"bold\" font-family=\"serif\"");
}

/// When and where the measure's notes and rests stand.
std::vector<EngravedMoment> places(const Measure& measure, const MeasureSpace& space, double end) {
  std::vector<EngravedMoment> places;
  const Moments moments(measure, space);
  for (const auto& [tick, x] : moments.x_by_tick()) {
    places.push_back({static_cast<double>(tick) / std::max(1, measure.length), x});
  }
  places.push_back({1, end});
  return places;
}

class Engraver {
 public:
  explicit Engraver(const Score& score) : score_(score) {}

  std::vector<EngravedPage> engrave() {
    std::vector<EngravedPage> lines;
    const std::vector<System> systems = break_lines(score_.measures);
    for (const System& system : systems) {
      svg_ = {};
      line_ = {};
      marks_end_ = 0;
      this->system(system, &system == &systems.back());
      line_.svg = svg_.finish(kWidth, kSystemHeight, lines.empty() ? kFirstLine : kOtherLine);
      lines.push_back(std::move(line_));
    }
    return lines;
  }

 private:
  void system(const System& system, bool is_last) {
    double wished = 0;
    for (std::size_t i = system.first; i < system.last; ++i) {
      wished += drawn_width(score_.measures[i]);
    }
    // A short last line keeps its size.
    const double stretch = wished <= 0                       ? 1
                           : is_last && wished < 0.7 * kRoom ? 1.15
                                                             : kRoom / wished;
    const double right = kMargin + kClefWidth + wished * stretch;
    for (int line = 0; line < 5; ++line) {
      svg_.line(kMargin, kStaffTop + 2 * kHalfSpace * line, right,
                kStaffTop + 2 * kHalfSpace * line, 0.9);
    }
    svg_.rect(kMargin + 10, kStaffTop + 10, 4, 20);  // The percussion clef.
    svg_.rect(kMargin + 18, kStaffTop + 10, 4, 20);
    double x = kMargin + kClefWidth;
    bool numbered = false;
    for (std::size_t i = system.first; i < system.last; ++i) {
      const Measure& measure = score_.measures[i];
      if (!is_drawn(measure)) continue;
      if (!numbered && measure.numbered) {
        svg_.text(kMargin, kStaffTop - 8, 12, std::to_string(numbers_[i]), "opacity=\"0.7\"");
        numbered = true;
      }
      const double width = wish(measure) * stretch;
      this->measure(i, x, width);
      x += width;
    }
    if (is_last) {
      svg_.line(right - 5, kStaffTop, right - 5, kStaffTop + kStaffHeight, 1.2);
      svg_.rect(right - 3, kStaffTop, 3, kStaffHeight);
    }
  }

  void measure(std::size_t index, double x, double width) {
    const Measure& measure = score_.measures[index];
    const Swing swing = std::exchange(begun_, true) ? Swing{} : score_.swing;
    // Those of a short pickup may reach beyond it.
    marks_end_ = draw_marks(svg_, measure, swing, std::max(x + 4, marks_end_), kStaffTop);
    double left = x;
    if (measure.shows_meter) {
      draw_meter(svg_, measure.meter, left + kMeterWidth / 2, kStaffTop);
      left += kMeterWidth;
    }
    const double end = x + width;
    left += kFirstNote;
    const MeasureSpace space{left, end - left - kLastNote, kStaffTop};
    draw_measure(svg_, measure, space);
    line_.bars.push_back(
        {index, x, kStaffTop - 48, width, kBoxHeight, places(measure, space, end)});
    if (const auto& mark = measure.dynamic) {
      const Tick tick = measure.voices[mark->voice].chords[mark->chord].tick;
      draw_dynamic(svg_, mark->level, Moments(measure, space).x_of(tick), kStaffTop);
    }
    svg_.line(end, kStaffTop, end, kStaffTop + kStaffHeight, 1.2);
  }

  const Score& score_;
  SvgDrawing svg_;
  EngravedPage line_;
  const std::vector<int> numbers_ = bar_numbers(score_);
  bool begun_ = false;    ///< A measure is drawn already.
  double marks_end_ = 0;  ///< Over the line so far.
};

}  // namespace

std::vector<EngravedPage> draw_score(const Score& score) {
  Score shown = score;
  // The time signature may stand in the lead-in, which is not drawn.
  const auto first = std::ranges::find_if(shown.measures, is_drawn);
  if (first != shown.measures.end()) first->shows_meter = true;
  return Engraver(shown).engrave();
}

}  // namespace fyr
