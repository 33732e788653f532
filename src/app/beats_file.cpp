// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/beats_file.hpp"

#include <cmath>
#include <optional>
#include <ostream>
#include <string>

#include "app/input_text.hpp"
#include "fyr/error.hpp"
#include "number.hpp"
#include "table.hpp"
#include "text.hpp"

namespace fyr::app {
namespace {

/// Before the recording begins, where bars continue up to the first beat: as far as two beats may
/// lie apart.
constexpr double kEarliest_s = -60;

struct Columns {
  std::optional<std::size_t> time;
  std::optional<std::size_t> number;
};

/// Nothing unless it is a beat. check_beat knows which numbers a beat may have.
std::optional<Beat> beat_of(const Table::Row& row, const Columns& columns) {
  const auto time_s = to_number_with_comma(field_at(row, columns.time));
  const auto number = to_number(field_at(row, columns.number));
  if (!time_s || !number || std::abs(*time_s) > kLatest_s) return std::nullopt;
  if (*number != std::round(*number) || std::abs(*number) > 1e6) return std::nullopt;
  return Beat{*time_s, static_cast<int>(*number)};
}

}  // namespace

std::vector<Beat> read_given_beats(const std::filesystem::path& path) {
  const std::string name = "beats \"" + path.string() + "\"";
  const auto refuse = [&](int line, const std::string& cause) {
    throw InputError("cannot read " + name + ": line " + std::to_string(line) + cause);
  };
  const Table table = read_table(read_input(path), name);
  Columns columns{0, 1};
  std::size_t first = 0;
  if (table.has_heading()) {
    const Table::Row& heading = table.rows.front();
    try {
      columns = {column_named(heading, "time_s"), column_named(heading, "beat")};
    } catch (const InputError& error) {
      refuse(heading.line, std::string(": ") + error.what());
    }
    if (columns.time && columns.number) first = 1;  // Else its row is refused below.
  }
  std::vector<Beat> beats;
  for (std::size_t i = first; i < table.rows.size(); ++i) {
    const Table::Row& row = table.rows[i];
    const auto beat = beat_of(row, columns);
    if (!beat) refuse(row.line, " is not seconds and beat number, like 1.250,2");
    if (beat->time_s < kEarliest_s) {
      refuse(row.line, ": the beat is more than 60 s before the recording; shift the beats");
    }
    try {
      check_beat(*beat, beats.empty() ? nullptr : &beats.back());
    } catch (const UsageError& error) {
      refuse(row.line, std::string(": ") + error.what());
    }
    beats.push_back(*beat);
  }
  if (beats.size() < 2) {
    throw InputError("cannot read " + name + ": it holds fewer than two beats; give more");
  }
  return beats;
}

void write_beats(const std::vector<Beat>& beats, std::ostream& out) {
  out << "time_s,beat\n";
  for (const Beat& beat : beats) {
    out << Fixed{beat.time_s, 4} << ',' << beat.number << '\n';
  }
}

}  // namespace fyr::app
