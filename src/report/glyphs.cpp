// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/glyphs.hpp"

namespace fyr {
namespace {

std::string at(double x, double y) { return svg_number(x) + ' ' + svg_number(y); }

void draw_cross(SvgDrawing& svg, double x, double y, double half, std::string_view extra) {
  svg.line(x - half, y - half, x + half, y + half, 1.6, extra);
  svg.line(x - half, y + half, x + half, y - half, 1.6, extra);
}

}  // namespace

void draw_head(SvgDrawing& svg, NoteHead head, double x, double y, bool hollow, double size,
               std::string_view extra) {
  const double rx = 6.2 * size;
  const double ry = 4.3 * size;
  const std::string outline =
      "fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.6\" " + std::string(extra);
  switch (head) {
    case NoteHead::Normal: {
      const std::string turned =
          "transform=\"rotate(-20 " + at(x, y) + ")\" " + (hollow ? outline : std::string(extra));
      svg.ellipse(x, y, rx, ry, turned);
      return;
    }
    case NoteHead::Cross:
      draw_cross(svg, x, y, 4.6 * size, extra);
      return;
    case NoteHead::CircledCross:
      draw_cross(svg, x, y, 3.4 * size, extra);
      svg.ellipse(x, y, 5.6 * size, 5.6 * size, outline);
      return;
    case NoteHead::Diamond:
      svg.path("M" + at(x - rx, y) + "L" + at(x, y - 5 * size) + "L" + at(x + rx, y) + "L" +
                   at(x, y + 5 * size) + "Z",
               hollow ? outline : std::string(extra));
      return;
    case NoteHead::Triangle:
      svg.path("M" + at(x - rx, y - 4.5 * size) + "L" + at(x, y + 5 * size) + "L" +
                   at(x + rx, y - 4.5 * size) + "Z",
               hollow ? outline : std::string(extra));
      return;
  }
}

void draw_flags(SvgDrawing& svg, double x, double y, int n_flags, bool stem_up) {
  const double down = stem_up ? 1 : -1;
  for (int flag = 0; flag < n_flags; ++flag) {
    const double top = y + down * 7 * flag;
    svg.path("M" + at(x, top) + "C" + at(x + 1, top + down * 7) + ' ' +
                 at(x + 10, top + down * 10) + ' ' + at(x + 6, top + down * 21) + "C" +
                 at(x + 8, top + down * 12) + ' ' + at(x + 2, top + down * 9) + ' ' +
                 at(x, top + down * 7) + "Z",
             "");
  }
}

void draw_rest(SvgDrawing& svg, const NoteValue& value, bool full_bar, double x, double y) {
  if (full_bar || value.denominator == 1) {
    svg.rect(x - 7, y - 2 * kHalfSpace, 14, 5);
  } else if (value.denominator == 2) {
    svg.rect(x - 7, y - 5, 14, 5);
  } else if (value.denominator == 4) {
    svg.path("M" + at(x - 3, y - 15) + "L" + at(x + 4, y - 6) + "C" + at(x - 1, y - 1) + ' ' +
                 at(x, y + 2) + ' ' + at(x + 5, y + 8) + "C" + at(x - 2, y + 5) + ' ' +
                 at(x - 5, y + 9) + ' ' + at(x + 1, y + 14) + "C" + at(x - 7, y + 10) + ' ' +
                 at(x - 6, y + 3) + ' ' + at(x + 1, y + 5) + "L" + at(x - 5, y - 2) + "C" +
                 at(x - 1, y - 6) + ' ' + at(x, y - 9) + ' ' + at(x - 3, y - 15) + "Z",
             "");
  } else {
    int n_hooks = 1;
    for (int denominator = 8; denominator < value.denominator; denominator *= 2) ++n_hooks;
    const double top = y - 7 - 10 * (n_hooks > 2 ? 1 : 0);
    for (int hook = 0; hook < n_hooks; ++hook) {
      const double level = top + 9 * hook;
      const double right = x + 5 - 2.2 * hook;
      svg.ellipse(right - 8, level + 1.5, 2.6, 2.6);
      svg.path(
          "M" + at(right - 9, level + 3) + "Q" + at(right - 4, level + 6) + ' ' + at(right, level),
          "fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.4\"");
    }
    svg.line(x + 5, top, x + 5 - 2.2 * (n_hooks + 1), top + 9 * n_hooks + 7, 1.5);
  }
  for (int dot = 0; dot < value.dots && !full_bar; ++dot) svg.ellipse(x + 10, y - 5, 1.8, 1.8);
}

}  // namespace fyr
