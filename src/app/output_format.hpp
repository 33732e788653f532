// SPDX-License-Identifier: GPL-3.0-or-later

/// The formats in which a transcription can be written, in one table.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "fyr/transcribe.hpp"

namespace fyr::app {

struct OutputFormat {
  std::string name;  ///< For -f, and the file extension without its dot.
  std::string description;
  void (*write)(const Transcription&, std::ostream&);
};

/// All formats; the first is the default.
const std::vector<OutputFormat>& output_formats();

/// Their names, comma-separated, for help and messages.
std::string output_format_names();

/// Throws UsageError, with a suggestion, if there is none of that name.
const OutputFormat& output_format(const std::string& name);

/// The format that the extension of `path` names, whatever its case; null if none.
const OutputFormat* output_format_of(const std::filesystem::path& path);

}  // namespace fyr::app
