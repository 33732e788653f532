// SPDX-License-Identifier: GPL-3.0-or-later

/// What the terminal can show, and whether the user wants it.
#pragma once

#include <cstddef>
#include <string>

namespace fyr::app {

/// Whether that file descriptor is a terminal that understands cursor movements.
bool is_terminal(int descriptor);

/// Whether to colour: a terminal without NO_COLOR or CLICOLOR=0, or CLICOLOR_FORCE.
/// Sources: https://no-color.org, https://bixense.com/clicolors.
bool wants_colour(int descriptor);

/// Its width; 80 where it can't be told.
std::size_t n_columns(int descriptor);

enum class Colour { Red, Green, Yellow };

/// `text` in that colour, or as it is if not `coloured`.
std::string paint(const std::string& text, Colour colour, bool coloured);

}  // namespace fyr::app
