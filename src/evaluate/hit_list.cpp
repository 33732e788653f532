// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/hit_list.hpp"

#include <cmath>
#include <cstddef>

#include "fyr/error.hpp"
#include "table.hpp"
#include "text.hpp"

namespace fyr {
namespace {

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

struct Columns {
  std::optional<std::size_t> time;
  std::optional<std::size_t> drum;
  std::optional<std::size_t> velocity;
  std::optional<std::size_t> confidence;
};

/// Throws InputError with the cause alone for a heading that does not tell.
Columns columns_of(const Table& table) {
  const Table::Row& first = table.rows.front();
  if (table.has_heading()) {
    const auto time = column_named(first, "time_s");
    const auto drum = column_named(first, "drum");
    if (!time || !drum) {
      throw InputError("expected seconds, or a heading with time_s and drum, found " +
                       in_quotes(first.fields.front()));
    }
    return {time, drum, column_named(first, "velocity"), column_named(first, "confidence")};
  }
  const bool is_label_track = table.separator == '\t' && first.fields.size() == 3 &&
                              to_number_with_comma(first.fields[1]) &&
                              !to_number_with_comma(first.fields[2]);
  if (is_label_track) return {0, 2, {}, {}};
  return {0, 1, 2, 3};
}

double parse_within(std::string_view field, const char* what, double most, const char* range) {
  const auto value = to_number_with_comma(field);
  if (!value || *value < 0 || *value > most) {
    throw InputError(std::string("expected ") + what + " from 0 to " + range + ", found " +
                     in_quotes(field));
  }
  return *value + 0.0;  // Zero for -0, which would be written as -0.0000.
}

}  // namespace

ListedHit parse_hit(int line, std::string_view time, std::string_view drum,
                    std::string_view velocity, std::string_view confidence) {
  ListedHit hit{
      line, parse_within(time, "seconds", kLatest_s, "1000000"), std::string(drum), {}, {}};
  if (drum.empty()) throw InputError("no drum; expected time_s,drum,velocity,confidence");
  if (!velocity.empty()) {
    hit.velocity = static_cast<int>(std::lround(parse_within(velocity, "a velocity", 127, "127")));
  }
  if (!confidence.empty()) hit.confidence = parse_within(confidence, "a confidence", 1, "1");
  return hit;
}

HitList read_hit_list(std::string_view text, const std::string& name) {
  const Table table = read_table(text, name);
  HitList list;
  if (table.rows.empty()) {
    list.problems.push_back(
        {1, "the file is empty; a list without hits still needs its heading, time_s,drum"});
    return list;
  }
  Columns columns;
  try {
    columns = columns_of(table);
  } catch (const InputError& error) {
    list.problems.push_back({table.rows.front().line, error.what()});
    return list;
  }
  for (std::size_t i = table.has_heading() ? 1 : 0; i < table.rows.size(); ++i) {
    const Table::Row& row = table.rows[i];
    try {
      list.hits.push_back(parse_hit(row.line, field_at(row, columns.time),
                                    field_at(row, columns.drum), field_at(row, columns.velocity),
                                    field_at(row, columns.confidence)));
    } catch (const InputError& error) {
      list.problems.push_back({row.line, error.what()});
    }
  }
  return list;
}

}  // namespace fyr
