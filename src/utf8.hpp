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

/// The text in UTF-8. If it is that already, it stays as it is, but for a last character that was
/// cut off behind others beyond ASCII; else it is taken for Windows-1252, which holds Latin 1.
std::string as_utf8(std::string_view text);

}  // namespace fyr
