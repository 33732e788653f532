// SPDX-License-Identifier: GPL-3.0-or-later

/// SVG as text: what the drawn score needs of https://www.w3.org/TR/SVG11/.
#pragma once

#include <string>
#include <string_view>

namespace fyr {

/// Shortest decimal with at most two places, whatever the locale.
std::string svg_number(double value);

/// `text` with the characters escaped that XML keeps for itself.
std::string escaped(std::string_view text);

/// Elements one after the other. `extra` is further attributes: `class="beam"`.
class SvgDrawing {
 public:
  void line(double x1, double y1, double x2, double y2, double width, std::string_view extra = "");
  void rect(double x, double y, double width, double height, std::string_view extra = "");
  void ellipse(double x, double y, double rx, double ry, std::string_view extra = "");
  void path(std::string_view commands, std::string_view extra = "");
  void text(double x, double y, double size, std::string_view text, std::string_view extra = "");

  /// The whole element; `extra` as above.
  std::string finish(double width, double height, std::string_view extra = "") const;

 private:
  std::string body_;
};

}  // namespace fyr
