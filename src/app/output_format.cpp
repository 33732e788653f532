// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/output_format.hpp"

#include <algorithm>

#include "app/musescore.hpp"
#include "fyr/error.hpp"
#include "suggest.hpp"
#include "text.hpp"

namespace fyr::app {
namespace {

using Pages = std::vector<std::string>;

template <void (*write)(const Score&, std::ostream&)>
void of_score(const Transcription& result, const FormatSettings&, std::ostream& out) {
  write(result.score, out);
}

template <void (*write)(const std::vector<Onset>&, std::ostream&)>
void of_hits(const Transcription& result, const FormatSettings&, std::ostream& out) {
  write(result.onsets, out);
}

template <void (*write)(const Transcription&, std::ostream&)>
void of_all(const Transcription& result, const FormatSettings&, std::ostream& out) {
  write(result, out);
}

void midi(const Transcription& result, const FormatSettings& settings, std::ostream& out) {
  write_midi(result, settings.midi, out);
}

Pages pdf(const Transcription& result, const FormatSettings&) {
  return engrave(result.score, Picture::Pdf);
}

Pages png(const Transcription& result, const FormatSettings&) {
  return engrave(result.score, Picture::Png);
}

Pages svg(const Transcription& result, const FormatSettings&) {
  return engrave(result.score, Picture::Svg);
}

/// The part of the name that tells its format; empty if none does.
std::string_view ending_of(const std::string& name) {
  const std::string lower = lower_case(name);
  for (const OutputFormat& format : output_formats()) {
    for (const std::string& ending : format.endings) {
      if (lower.ends_with(ending)) return ending;
    }
  }
  return {};
}

}  // namespace

const std::vector<OutputFormat>& output_formats() {
  static const std::vector<OutputFormat> formats = {
      {"mscx", "MuseScore 3 and 4 score", {".mscx"}, false, of_score<write_mscx>},
      {"mscz", "the same, compressed", {".mscz"}, false, of_score<write_mscz>},
      {"musicxml",
       "MusicXML 4.0, for other score editors",
       {".musicxml", ".xml"},
       false,
       of_score<write_musicxml>},
      {"mxl", "the same, compressed", {".mxl"}, false, of_score<write_mxl>},
      {"mid", "MIDI file, in time with the recording", {".mid", ".midi"}, false, midi},
      {"lilypond", "LilyPond source", {".ly"}, false, of_score<write_lilypond>},
      {"tab", "drum tab in plain text", {".tab.txt", ".tab"}, false, of_score<write_tab>},
      {"pdf", "printed pages, drawn by MuseScore", {".pdf"}, true, nullptr, pdf},
      {"png", "pictures of the pages, drawn by MuseScore", {".png"}, true, nullptr, png},
      {"svg", "the same as vector graphics", {".svg"}, true, nullptr, svg},
      {"csv", "hits as time_s,drum,velocity,confidence", {".csv"}, false, of_hits<write_csv>},
      {"labels",
       "hits as an Audacity label track",
       {".labels.txt", ".labels"},
       false,
       of_hits<write_labels>},
      {"json", "everything: hits, beats, bars, places", {".json"}, false, of_all<write_json>},
      {"jams", "annotations for music research", {".jams"}, false, of_all<write_jams>},
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
  const std::string lower = lower_case(name);
  const std::string ending = lower.starts_with('.') ? lower : '.' + lower;
  std::vector<std::string> known;
  for (const OutputFormat& format : output_formats()) {
    const auto& endings = format.endings;
    if (format.name == lower || std::ranges::find(endings, ending) != endings.end()) return format;
    known.push_back(format.name);
  }
  if (ending == ".txt") {
    throw UsageError("the format \"" + name + "\" could be a tab or labels; choose tab or labels");
  }
  throw UsageError("unknown format \"" + name + "\"" + did_you_mean(lower, known) +
                   "; there are: " + output_format_names());
}

const OutputFormat* output_format_of(const std::filesystem::path& path) {
  const std::string_view ending = ending_of(path.filename().string());
  if (ending.empty()) return nullptr;
  return &*std::ranges::find_if(output_formats(), [&](const OutputFormat& format) {
    return std::ranges::find(format.endings, ending) != format.endings.end();
  });
}

std::string name_without_ending(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name.substr(0, name.size() - ending_of(name).size());
}

std::filesystem::path page_path(const std::filesystem::path& path, std::size_t number) {
  if (number == 1) return path;
  const std::string name = path.filename().string();
  const std::string stem = name_without_ending(path);
  return path.parent_path() / (stem + "-" + std::to_string(number) + name.substr(stem.size()));
}

}  // namespace fyr::app
