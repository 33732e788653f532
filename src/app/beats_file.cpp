// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/beats_file.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ostream>
#include <string>
#include <string_view>

#include "app/input_text.hpp"
#include "fyr/error.hpp"

namespace fyr::app {
namespace {

/// Reads one number from the front of `text`, past blanks and one comma.
template <typename Number>
bool take(std::string_view& text, Number& value) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t,"), text.size()));
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

}  // namespace

std::vector<Beat> read_beats(const std::filesystem::path& path) {
  const std::string name = "cannot read beats \"" + path.string() + "\": ";
  std::vector<Beat> beats;
  for (const auto& [number, line] : read_lines(path, "time_s,beat")) {
    Beat beat;
    std::string_view rest = line;
    if (!take(rest, beat.time_s) || !take(rest, beat.number) ||
        !(std::abs(beat.time_s) <= kLatest_s) || rest.find_first_not_of(" \t") != rest.npos) {
      throw InputError(name + "line " + std::to_string(number) +
                       " is not seconds and beat number, like 1.250,2");
    }
    try {
      check_beat(beat, beats.empty() ? nullptr : &beats.back());
    } catch (const UsageError& error) {
      throw InputError(name + "line " + std::to_string(number) + ": " + error.what());
    }
    beats.push_back(beat);
  }
  if (beats.size() < 2) throw InputError(name + "it holds fewer than two beats; give more");
  return beats;
}

void write_beats(const std::vector<Beat>& beats, std::ostream& out) {
  out << "time_s,beat\n";
  for (const Beat& beat : beats) {
    char text[64];
    const auto end =
        std::to_chars(text, text + sizeof text, beat.time_s, std::chars_format::fixed, 4);
    out << std::string_view(text, end.ptr) << ',' << beat.number << '\n';
  }
}

}  // namespace fyr::app
