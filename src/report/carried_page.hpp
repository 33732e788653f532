// SPDX-License-Identifier: GPL-3.0-or-later

/// The page's own files, compiled in.
#pragma once

#include <string>
#include <string_view>

namespace fyr {

std::string_view carried_html();   ///< With {{places}} for what follows.
std::string_view carried_style();  ///< page.css
std::string carried_script();      ///< The scripts in the order that src/CMakeLists.txt gives them.

}  // namespace fyr
