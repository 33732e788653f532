// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/svg.hpp"

#include <charconv>
#include <cmath>

namespace fyr {
namespace {

std::string attribute(std::string_view name, double value) {
  return ' ' + std::string(name) + "=\"" + svg_number(value) + '"';
}

std::string with_space(std::string_view extra) {
  return extra.empty() ? std::string() : ' ' + std::string(extra);
}

}  // namespace

std::string svg_number(double value) {
  char text[32];
  // Adding zero turns -0 into 0.
  const double rounded = std::round(value * 100) / 100 + 0.0;
  return {text, std::to_chars(text, text + sizeof text, rounded).ptr};
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

void SvgDrawing::line(double x1, double y1, double x2, double y2, double width,
                      std::string_view extra) {
  body_ += "<path d=\"M" + svg_number(x1) + ' ' + svg_number(y1) + 'L' + svg_number(x2) + ' ' +
           svg_number(y2) + "\" fill=\"none\" stroke=\"currentColor\"" +
           attribute("stroke-width", width) + with_space(extra) + "/>\n";
}

void SvgDrawing::rect(double x, double y, double width, double height, std::string_view extra) {
  body_ += "<rect" + attribute("x", x) + attribute("y", y) + attribute("width", width) +
           attribute("height", height) + with_space(extra) + "/>\n";
}

void SvgDrawing::ellipse(double x, double y, double rx, double ry, std::string_view extra) {
  body_ += "<ellipse" + attribute("cx", x) + attribute("cy", y) + attribute("rx", rx) +
           attribute("ry", ry) + with_space(extra) + "/>\n";
}

void SvgDrawing::path(std::string_view commands, std::string_view extra) {
  body_ += "<path d=\"" + std::string(commands) + '"' + with_space(extra) + "/>\n";
}

void SvgDrawing::text(double x, double y, double size, std::string_view text,
                      std::string_view extra) {
  body_ += "<text" + attribute("x", x) + attribute("y", y) + attribute("font-size", size) +
           with_space(extra) + '>' + escaped(text) + "</text>\n";
}

std::string SvgDrawing::finish(double width, double height, std::string_view extra) const {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + svg_number(width) + ' ' +
         svg_number(height) + "\" fill=\"currentColor\"" + with_space(extra) + ">\n" + body_ +
         "</svg>\n";
}

}  // namespace fyr
