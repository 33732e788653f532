// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/output_format.hpp"

#include <algorithm>
#include <cctype>

#include "app/suggest.hpp"
#include "fyr/error.hpp"
#include "fyr/writers.hpp"

namespace fyr::app {

const std::vector<OutputFormat>& output_formats() {
  static const std::vector<OutputFormat> formats = {
      {"mscx", "MuseScore 3 and 4 score",
       [](const Transcription& result, std::ostream& out) { write_mscx(result.score, out); }},
      {"csv", "hits as time_s,drum,velocity,confidence",
       [](const Transcription& result, std::ostream& out) { write_csv(result.onsets, out); }},
  };
  return formats;
}

std::string output_format_names() {
  std::string names;
  for (const OutputFormat& format : output_formats()) {
    names += (names.empty() ? "" : ", ") + format.name;
  }
  return names;
}

const OutputFormat& output_format(const std::string& name) {
  std::vector<std::string> known;
  for (const OutputFormat& format : output_formats()) {
    if (format.name == name) return format;
    known.push_back(format.name);
  }
  throw UsageError("unknown format \"" + name + "\"" + did_you_mean(name, known) +
                   "; there are: " + output_format_names());
}

const OutputFormat* output_format_of(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const OutputFormat& format : output_formats()) {
    if (extension == "." + format.name) return &format;
  }
  return nullptr;
}

}  // namespace fyr::app
