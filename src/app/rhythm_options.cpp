// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/rhythm_options.hpp"

#include <CLI/CLI.hpp>
#include <cmath>
#include <type_traits>

#include "app/beats_file.hpp"
#include "app/input_text.hpp"
#include "app/option_sources.hpp"
#include "app/option_values.hpp"
#include "app/value_checks.hpp"
#include "fyr/error.hpp"
#include "number.hpp"

namespace fyr::app {

void add_rhythm_options(CLI::App& command, RhythmArguments& arguments) {
  constexpr const char* kGroup = "Tempo and bars";
  command.add_option("--tempo", arguments.tempo_bpm, "Beats a minute, 20 to 400 (default: found)")
      ->type_name("BPM")
      ->check(number_between(kSlowestTempo_bpm, kFastestTempo_bpm))
      ->group(kGroup);
  command
      .add_option(
          "--time-signature", arguments.meter,
          "Like 3/4, 6/8 or 7/8: 1 to 32 over 2, 4, 8 or 16; an odd number of sixteenths needs "
          "--beats (default: found)")
      ->type_name("N/D")
      ->group(kGroup);
  command
      .add_option(
          "--pickup", arguments.pickup_beats,
          "Whole beats before the first full bar, fewer than a bar has and at most 6 without "
          "--time-signature; 0 if the music begins with one (default: found)")
      ->type_name("BEATS")
      ->transform(whole_number_between(0, 31))
      ->group(kGroup);
  command
      .add_option(
          "--swing", arguments.swing,
          "Share of the beat that the first of two eighths takes, 0.5 to 0.75: 0.5 straight, "
          "0.67 triplet swing (default: found)")
      ->type_name("SHARE")
      ->check(number_between(0.5, 0.75))
      ->group(kGroup);
  command
      .add_option("--beats", arguments.beats_file,
                  "Take the beats from FILE, written as fyr beats prints them: time_s,beat")
      ->type_name("FILE")
      ->group(kGroup);
}

void settle_rhythm(CLI::App& command, RhythmArguments& arguments) {
  const auto typed = [&](const char* option) { return on_command_line(command, option); };
  const auto drop = [&](const char* option, auto& argument) {
    if (typed(option)) return;
    argument = std::remove_reference_t<decltype(argument)>();
    command.get_option(option)->clear();
  };
  if (typed("--beats")) {
    drop("--tempo", arguments.tempo_bpm);
    drop("--pickup", arguments.pickup_beats);
  } else if (typed("--tempo") || typed("--pickup")) {
    drop("--beats", arguments.beats_file);
  }
}

std::string beats_name(const RhythmArguments& arguments) {
  return arguments.beats_file == "-" ? "beats from standard input"
                                     : "beats " + shown_name(arguments.beats_file);
}

std::string tempo_missed(const RhythmOptions& options, const Rhythm& found) {
  // A little more than what is looked for, for the median of the beats.
  constexpr double kNear = 1.1;
  if (!options.tempo_bpm || found.hits.empty()) return {};
  const double ratio = found.tempo_bpm / *options.tempo_bpm;
  if (ratio < kNear && ratio > 1 / kNear) return {};
  return "--tempo " + to_text(*options.tempo_bpm) +
         ": no beats near it were heard, so the tempo is " +
         to_text(std::round(10 * found.tempo_bpm) / 10) + "; half or double of that may fit";
}

RhythmOptions rhythm_options(const RhythmArguments& arguments) {
  RhythmOptions options;
  options.tempo_bpm = arguments.tempo_bpm;
  if (arguments.meter) options.meter = parse_meter(*arguments.meter);
  options.pickup_beats = arguments.pickup_beats;
  options.swing = arguments.swing;
  if (!arguments.beats_file.empty()) {
    if (arguments.tempo_bpm || arguments.pickup_beats) {
      throw UsageError("--beats tells tempo and pickup; leave --tempo and --pickup out");
    }
    options.beats = read_given_beats(arguments.beats_file);
  }
  check(options);  // Now, not after listening.
  return options;
}

}  // namespace fyr::app
