// SPDX-License-Identifier: GPL-3.0-or-later

/// Aligned columns.
#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace fyr::app {

using TableRow = std::vector<std::string>;

/// Prints `rows`, the first column flush left, the others flush right, two blanks between.
void print_aligned(const std::vector<TableRow>& rows, std::ostream& out);

/// `decimals` decimals and, where asked, a plus sign; "-" where there is nothing.
std::string cell(std::optional<double> value, int decimals, bool with_plus = false);

}  // namespace fyr::app
