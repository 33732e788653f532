// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hearing_options.hpp"

#include <CLI/CLI.hpp>

#include "app/hits_file.hpp"
#include "app/input_text.hpp"
#include "app/option_sources.hpp"
#include "app/option_values.hpp"
#include "fyr/error.hpp"
#include "fyr/version.hpp"
#include "text.hpp"

namespace fyr::app {
namespace {

constexpr const char* kGroup = "Listening";
constexpr const char* kStandardInput = "standard input";

/// The name without its ending, with spaces for underscores.
std::string title_from(const std::string& recording) {
  const std::string name = std::filesystem::path(recording).stem().string();
  std::string title;
  for (const std::string_view word : fields_of(name, '_')) {
    if (!title.empty() && !word.empty()) title += ' ';
    title += word;
  }
  return title.empty() ? name : title;
}

}  // namespace

void add_hearing_options(CLI::App& command, HearingArguments& arguments) {
  command
      .add_option("--threshold", arguments.thresholds,
                  "How clear a hit must be, 0 to 1, lower finds more: for all drums (0.3) or some "
                  "(snare=0.25,crash=0.4) (default: the model's)")
      ->type_name("LIST")
      ->allow_extra_args(false)
      ->group(kGroup);
  command
      .add_option("--hits", arguments.hits,
                  "Take the hits from FILE, written as -f csv writes them, and find none")
      ->type_name("FILE")
      ->group(kGroup);
  add_rhythm_options(command, arguments.rhythm);
}

void settle_hearing(CLI::App& command, HearingArguments& arguments) {
  settle_rhythm(command, arguments.rhythm);
  if (on_command_line(command, "--hits") && on_command_line(command, "--threshold")) {
    throw UsageError("--hits takes the hits as they are; leave --threshold out");
  }
}

TranscribeOptions hearing_options(const HearingArguments& arguments) {
  with_thresholds({}, arguments.thresholds);  // Mistakes show before anything is read.
  TranscribeOptions options;
  if (!arguments.hits.empty()) options.hits = read_hits(arguments.hits);
  options.rhythm = rhythm_options(arguments.rhythm);
  options.hits_name = hits_name(arguments.hits);
  options.beats_name = beats_name(arguments.rhythm);
  return options;
}

void check_read_twice(const std::string& command, const std::filesystem::path& recording) {
  std::error_code ignored;
  if (recording != "-" && !std::filesystem::is_other(recording, ignored)) return;
  throw UsageError("fyr " + command + " reads its recording twice; save " + shown_name(recording) +
                   " as a file first");
}

std::vector<std::filesystem::path> files_read(const HearingArguments& arguments) {
  return {arguments.hits, arguments.rhythm.beats_file};
}

std::string no_drums_heard(const std::filesystem::path& recording, bool given) {
  if (given) return "the list of hits is empty";
  return "no drums were heard in " + shown_name(recording) +
         ". Is it the right recording? A lower --threshold finds fainter hits";
}

std::string recording_name(const std::filesystem::path& input) {
  return input == "-" ? kStandardInput : input.filename().string();
}

void name_after_recording(TranscribeOptions& options, const std::string& recording) {
  options.untitled = title_from(recording);
  options.score.subtitle = std::string("Transcribed by fyr ") + kVersion;
  if (recording != kStandardInput) options.score.subtitle += " from " + recording;
}

}  // namespace fyr::app
