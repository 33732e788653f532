// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace fyr::app {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

bool is_terminal(int descriptor) { return isatty(descriptor) == 1 && variable("TERM") != "dumb"; }

bool wants_colour(int descriptor) {
  if (!variable("NO_COLOR").empty()) return false;
  const std::string_view force = variable("CLICOLOR_FORCE");
  if (!force.empty() && force != "0") return true;
  return is_terminal(descriptor) && variable("CLICOLOR") != "0";
}

std::size_t n_columns(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

std::string paint(const std::string& text, Colour colour, bool coloured) {
  if (!coloured) return text;
  // ANSI (ECMA-48) "select graphic rendition".
  const char* code = colour == Colour::Red ? "31" : colour == Colour::Green ? "32" : "33";
  return "\033[" + std::string(code) + "m" + text + "\033[0m";
}

}  // namespace fyr::app
