// SPDX-License-Identifier: GPL-3.0-or-later

/// Man pages.
#pragma once

#include <string>

#include "app/command_tree.hpp"

namespace fyr::app {

/// "fyr-model-info": the name of the page about `command`.
std::string man_page_name(const CommandHelp& command);

/// In the man macros, see man(7). `program` is named among the pages to see also.
std::string man_page(const CommandHelp& command, const CommandHelp& program);

}  // namespace fyr::app
