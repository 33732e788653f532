// SPDX-License-Identifier: GPL-3.0-or-later

/// The options about hits, tempo and bars that transcribe, decode, report and sonify share.
#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "app/rhythm_options.hpp"
#include "fyr/transcribe.hpp"

namespace fyr::app {

/// What the user knows about the music.
struct HearingArguments {
  std::vector<std::string> thresholds;
  std::filesystem::path hits;
  RhythmArguments rhythm;
};

/// Declares the options of HearingArguments, which must outlive parsing.
void add_hearing_options(CLI::App& command, HearingArguments& arguments);

/// To be called once all is parsed, by commands that need no thresholds for given hits: typed
/// options go before those of the settings file. Throws UsageError for typed options that
/// contradict each other.
void settle_hearing(CLI::App& command, HearingArguments& arguments);

/// All but the peak picking, which starts from a model's. Throws UsageError or InputError for what
/// was mistyped, thresholds included.
TranscribeOptions hearing_options(const HearingArguments& arguments);

/// Throws UsageError for a recording that `command` could not read twice, as it does: standard
/// input or a pipe.
void check_read_twice(const std::string& command, const std::filesystem::path& recording);

/// The files that the options name.
std::vector<std::filesystem::path> files_read(const HearingArguments& arguments);

/// What to say of a recording without a hit; `given`: they come from --hits.
std::string no_drums_heard(const std::filesystem::path& recording, bool given);

/// The name of a recording's file, or of standard input ("-").
std::string recording_name(const std::filesystem::path& input);

/// Sets the score's subtitle, and the title where neither the user nor the recording has one.
/// `recording`: as recording_name says.
void name_after_recording(TranscribeOptions& options, const std::string& recording);

}  // namespace fyr::app
