// SPDX-License-Identifier: GPL-3.0-or-later

/// The formats in which a transcription can be written, in one table.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "fyr/transcription.hpp"
#include "fyr/writers.hpp"

namespace fyr::app {

/// What the user chose about single formats.
struct FormatSettings {
  MidiOptions midi;
};

struct OutputFormat {
  std::string name;  ///< For -f.
  std::string description;
  std::vector<std::string> endings;  ///< Of file names, lower case; the first is given to new ones.
  bool engraved = false;             ///< Drawn by MuseScore.
  /// Puts the file on a stream as it is made; null for engraved formats.
  void (*write)(const Transcription&, const FormatSettings&, std::ostream&) = nullptr;
  /// The bytes of every page; null for other formats.
  std::vector<std::string> (*pages)(const Transcription&, const FormatSettings&) = nullptr;
};

/// All formats; the first is the default.
const std::vector<OutputFormat>& output_formats();

/// Their names, comma-separated, for help and messages.
std::string output_format_names();

/// By its name or an ending, with or without its point, in any case. Throws UsageError, with a
/// suggestion, if there is none.
const OutputFormat& output_format(const std::string& name);

/// The format that the ending of `path` names, whatever its case; null if none.
const OutputFormat* output_format_of(const std::filesystem::path& path);

/// The file name without its format's ending; what else follows a point belongs to the name.
std::string name_without_ending(const std::filesystem::path& path);

/// Where page `number`, from 1, of a result goes: the first to `path`, others to name-2.png, ….
std::filesystem::path page_path(const std::filesystem::path& path, std::size_t number);

}  // namespace fyr::app
