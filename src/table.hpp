// SPDX-License-Identifier: GPL-3.0-or-later

/// Tables as editors and spreadsheets save them: lists of hits and beats.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fyr {

/// A table as an editor or a spreadsheet saves it.
struct Table {
  struct Row {
    int line = 0;                     ///< In the text, from 1.
    std::vector<std::string> fields;  ///< Trimmed and without quotes; maybe empty, never all.
  };
  char separator = ',';  ///< Of fields: ';', '\t', ',' or ' ' for any run of blanks.
  std::vector<Row> rows;

  /// Whether the first row names the columns instead of beginning with a number.
  bool has_heading() const;
};

/// Empty rows and comments (#) are left out; the first row tells the separator. Throws what
/// check_encoding throws, and InputError naming the line where a quote is not closed.
Table read_table(std::string_view text, const std::string& name);

/// Where the heading, `row`, has `name`, which is in lower case, in any case; nothing if it has
/// not. Throws InputError with the cause alone if it has it more than once.
std::optional<std::size_t> column_named(const Table::Row& row, std::string_view name);

/// The row's field in that column; empty if it has none.
std::string_view field_at(const Table::Row& row, std::optional<std::size_t> column);

}  // namespace fyr
