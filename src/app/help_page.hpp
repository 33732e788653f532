// SPDX-License-Identifier: GPL-3.0-or-later

/// What --help prints.
#pragma once

#include <cstddef>
#include <string>

#include "app/command_tree.hpp"

namespace fyr::app {

/// The command, its arguments and options by group, its commands and its footer, in lines of at
/// most `n_columns` where words are short enough. Indented lines of the footer stay as they are.
std::string help_page(const CommandHelp& command, std::size_t n_columns);

}  // namespace fyr::app
