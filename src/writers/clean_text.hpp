// SPDX-License-Identifier: GPL-3.0-or-later

/// Titles and names as the user gave them, which may hold anything, made fit for text formats and
/// for the page.
#pragma once

#include <string>
#include <string_view>

namespace fyr {

/// One line of well-formed UTF-8: control characters and line ends become blanks, what XML 1.0
/// forbids and bytes that are no UTF-8 become U+FFFD.
std::string clean_text(std::string_view text);

/// U+FFFE and U+FFFF: with the control characters all that XML forbids of what UTF-8 can say.
bool is_noncharacter(std::string_view character);

/// The largest size up to `size` at which a heading fits on a line of A4, both in points; at least
/// half of `size`. The width is estimated for a serif face.
int fitting_size(std::string_view text, int size);

}  // namespace fyr
