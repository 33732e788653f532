// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "utf8.hpp"

namespace fyr::app {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

struct Block {
  char32_t first;
  char32_t last;
};

constexpr std::array kWide{
    Block{0x1100, 0x115F},   Block{0x2E80, 0x303E},   Block{0x3041, 0xA4CF},
    Block{0xA960, 0xA97F},   Block{0xAC00, 0xD7A3},   Block{0xF900, 0xFAFF},
    Block{0xFE30, 0xFE6F},   Block{0xFF01, 0xFF60},   Block{0xFFE0, 0xFFE6},
    Block{0x1F300, 0x1F64F}, Block{0x1F680, 0x1F6FF}, Block{0x1F900, 0x1F9FF},
    Block{0x20000, 0x3FFFD}};
constexpr std::array kMarks{Block{0x0300, 0x036F}, Block{0x200B, 0x200F}, Block{0x20D0, 0x20FF},
                            Block{0x3099, 0x309A}, Block{0xFE00, 0xFE0F}};

template <std::size_t n>
bool is_in(const std::array<Block, n>& blocks, char32_t code) {
  return std::ranges::any_of(
      blocks, [&](const Block& block) { return block.first <= code && code <= block.last; });
}

std::size_t columns_of(char32_t code) {
  return is_in(kMarks, code) ? 0 : is_in(kWide, code) ? 2 : 1;
}

/// Of the well-formed character that `bytes` are.
char32_t code_of(std::string_view bytes) {
  constexpr std::array<unsigned, 5> kFirstBits{0, 0x7F, 0x1F, 0x0F, 0x07};  // By length.
  char32_t code = static_cast<unsigned char>(bytes.front()) & kFirstBits[bytes.size()];
  for (const char byte : bytes.substr(1))
    code = code << 6U | (static_cast<unsigned char>(byte) & 0x3FU);
  return code;
}

struct Fit {
  std::size_t n_bytes = 0;
  std::size_t n_columns = 0;
};

/// What `n_columns` hold of the text. A byte that is no UTF-8 is shown as one sign.
Fit fit(std::string_view text, std::size_t n_columns) {
  Fit found;
  while (found.n_bytes < text.size()) {
    const std::string_view rest = text.substr(found.n_bytes);
    const std::size_t length = utf8_length(rest);
    const std::size_t columns = length == 0 ? 1 : columns_of(code_of(rest.substr(0, length)));
    if (found.n_columns + columns > n_columns) break;
    found.n_bytes += std::max<std::size_t>(1, length);
    found.n_columns += columns;
  }
  return found;
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

std::size_t width_of(std::string_view text) { return fit(text, text.size() * 2).n_columns; }

std::string shortened(std::string_view text, std::size_t n_columns) {
  return std::string(text.substr(0, fit(text, n_columns).n_bytes));
}

std::string paint(const std::string& text, Colour colour, bool coloured) {
  if (!coloured) return text;
  // ANSI (ECMA-48) "select graphic rendition".
  const char* code = colour == Colour::Red ? "31" : colour == Colour::Green ? "32" : "33";
  return "\033[" + std::string(code) + "m" + text + "\033[0m";
}

}  // namespace fyr::app
