// SPDX-License-Identifier: GPL-3.0-or-later

/// Checks of option values, for CLI11, that say what was typed and what would do.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace fyr::app {

/// A number from `low` to `high`.
CLI::Validator number_between(double low, double high);

/// A whole number from `low` to `high`; to be used with `transform`, since CLI11 would take zeros
/// at its front for octal.
CLI::Validator whole_number_between(int low, int high);

/// One of `choices`, which completions offer and did-you-mean knows.
CLI::Validator one_of(const std::vector<std::string>& choices);

/// Whatever the command makes of it; completions offer `choices`.
CLI::Validator such_as(const std::vector<std::string>& choices);

}  // namespace fyr::app
