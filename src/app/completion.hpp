// SPDX-License-Identifier: GPL-3.0-or-later

/// Completion scripts for shells.
#pragma once

#include <string>

#include "app/command_tree.hpp"

namespace fyr::app {

/// Defines and registers the function _fyr.
std::string bash_completion(const CommandHelp& program);

/// An autoloaded function: goes into a file `_fyr` in $fpath.
std::string zsh_completion(const CommandHelp& program);

/// A line a command and option.
std::string fish_completion(const CommandHelp& program);

}  // namespace fyr::app
