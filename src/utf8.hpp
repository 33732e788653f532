// SPDX-License-Identifier: GPL-3.0-or-later

/// Text in UTF-8, and in what came before it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fyr {

/// Bytes of the well-formed character at the front of `text`, which is not empty; 0 if there is
/// none.
std::size_t utf8_length(std::string_view text);

/// The text in UTF-8, if it is not already: then it is taken for Latin 1 (ISO 8859-1).
std::string as_utf8(std::string_view text);

}  // namespace fyr
