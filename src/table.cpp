// SPDX-License-Identifier: GPL-3.0-or-later
#include "table.hpp"

#include "fyr/error.hpp"
#include "text.hpp"

namespace fyr {
namespace {

/// The first of them that the row holds; between semicolons and tabs, commas are decimal ones.
char separator_of(std::string_view row) {
  for (const char separator : {';', '\t', ','}) {
    if (row.find(separator) != std::string_view::npos) return separator;
  }
  return ' ';
}

/// Takes a field in double quotes from the front of `text`; "" stands for one of them. Throws
/// InputError with the cause alone if no quote closes it.
std::string take_quoted(std::string_view& text) {
  std::string field;
  text.remove_prefix(1);
  while (!text.empty()) {
    const bool quote = text.front() == '"';
    if (quote && !text.starts_with("\"\"")) break;
    field += text.front();
    text.remove_prefix(quote ? 2 : 1);
  }
  if (text.empty()) {
    throw InputError("the quote before \"" + field + "\" is not closed; close or remove it");
  }
  return field;
}

std::vector<std::string> cells_of(std::string_view line, char separator) {
  std::vector<std::string> cells;
  if (separator == ' ') {
    for (const std::string_view field : fields_of(line, ' ')) cells.emplace_back(field);
    return cells;
  }
  while (true) {
    std::string_view rest = line;
    while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
    std::string quoted;
    const bool in_quotes = rest.starts_with('"');
    if (in_quotes) quoted = take_quoted(line = rest);
    const std::size_t end = line.find(separator);
    cells.push_back(in_quotes ? std::string(trimmed(quoted))
                              : std::string(trimmed(line.substr(0, end))));
    if (end == std::string_view::npos) return cells;
    line.remove_prefix(end + 1);
  }
}

}  // namespace

Table read_table(std::string_view text, const std::string& name) {
  check_encoding(text, name);
  Table table;
  int number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    const std::size_t first = line.find_first_not_of(" \t\",;");
    if (first == std::string_view::npos || line[first] == '#') continue;
    if (table.rows.empty()) table.separator = separator_of(line);
    try {
      table.rows.push_back({number, cells_of(line, table.separator)});
    } catch (const InputError& error) {
      throw InputError("cannot read " + name + ": line " + std::to_string(number) + ": " +
                       error.what());
    }
  }
  return table;
}

bool Table::has_heading() const {
  return !rows.empty() && !to_number_with_comma(rows.front().fields.front());
}

std::optional<std::size_t> column_named(const Table::Row& row, std::string_view name) {
  std::optional<std::size_t> column;
  for (std::size_t i = 0; i < row.fields.size(); ++i) {
    if (lower_case(row.fields[i]) != name) continue;
    if (column) {
      throw InputError("the heading has \"" + std::string(name) + "\" more than once; keep one");
    }
    column = i;
  }
  return column;
}

std::string_view field_at(const Table::Row& row, std::optional<std::size_t> column) {
  return column && *column < row.fields.size() ? row.fields[*column] : std::string_view();
}

}  // namespace fyr
