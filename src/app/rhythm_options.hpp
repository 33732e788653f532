// SPDX-License-Identifier: GPL-3.0-or-later

/// The options about tempo and bars that `transcribe` and `beats` share.
#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <optional>
#include <string>

#include "fyr/rhythm.hpp"

namespace fyr::app {

struct RhythmArguments {
  std::optional<double> tempo_bpm;
  std::optional<std::string> meter;
  std::optional<int> pickup_beats;
  std::optional<double> swing;
  std::filesystem::path beats_file;
};

/// Declares --tempo, --time-signature, --pickup, --swing and --beats. `arguments` must outlive
/// parsing.
void add_rhythm_options(CLI::App& command, RhythmArguments& arguments);

/// To be called once all is parsed: --beats tells tempo and pickup, so that of these the typed ones
/// hold, and those of the settings file give way as if they had not been there.
void settle_rhythm(CLI::App& command, RhythmArguments& arguments);

/// What messages call the beats of the file.
std::string beats_name(const RhythmArguments& arguments);

/// What to tell of a tempo that was asked for and is not the music's; empty if it is, or none was.
std::string tempo_missed(const RhythmOptions& options, const Rhythm& found);

/// Throws UsageError or, for the beats file, InputError.
RhythmOptions rhythm_options(const RhythmArguments& arguments);

}  // namespace fyr::app
