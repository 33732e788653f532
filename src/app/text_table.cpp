// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/text_table.hpp"

#include <algorithm>

#include "app/terminal.hpp"
#include "number.hpp"

namespace fyr::app {

void print_aligned(const std::vector<TableRow>& rows, std::ostream& out) {
  std::vector<std::size_t> widths;
  for (const TableRow& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  for (const TableRow& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string fill(widths[i] - width_of(row[i]), ' ');
      line += (i == 0 ? "  " + row[i] + fill : "  " + fill + row[i]);
    }
    out << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
  }
}

std::string cell(std::optional<double> value, int decimals, bool with_plus) {
  if (!value) return "-";
  const std::string number = to_text(Fixed{*value, decimals});
  return with_plus && number.front() != '-' ? '+' + number : number;
}

}  // namespace fyr::app
