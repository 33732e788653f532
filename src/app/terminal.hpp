// SPDX-License-Identifier: GPL-3.0-or-later

/// What the terminal can show, and whether the user wants it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fyr::app {

/// Whether that file descriptor is a terminal that understands cursor movements.
bool is_terminal(int descriptor);

/// Whether to colour: a terminal without NO_COLOR or CLICOLOR=0, or CLICOLOR_FORCE.
/// Sources: https://no-color.org, https://bixense.com/clicolors.
bool wants_colour(int descriptor);

/// Its width; 80 where it can't be told.
std::size_t n_columns(int descriptor);

/// Columns that a terminal needs for the text in UTF-8: two for a character of East Asian scripts
/// or a picture, none for a mark that stands on the one before.
/// Source: Unicode, EastAsianWidth.txt and DerivedGeneralCategory.txt, by blocks.
std::size_t width_of(std::string_view text);

/// As much of the beginning of `text` as `n_columns` hold.
std::string shortened(std::string_view text, std::size_t n_columns);

enum class Colour { Red, Green, Yellow };

/// `text` in that colour, or as it is if not `coloured`.
std::string paint(const std::string& text, Colour colour, bool coloured);

}  // namespace fyr::app
