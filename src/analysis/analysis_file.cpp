// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <ostream>
#include <sstream>
#include <system_error>

#include "analysis/npy.hpp"
#include "fyr/analysis.hpp"
#include "fyr/error.hpp"
#include "fyr/writers.hpp"
#include "model/json_fields.hpp"
#include "model/metadata.hpp"
#include "text.hpp"
#include "writers/zip.hpp"

namespace fyr {
namespace {

constexpr int kFormatVersion = 1;
constexpr double kMaxHop_s = 1;
constexpr double kMaxOffset_s = 10;
constexpr double kMaxMultiplier = 1e12;
/// 31 hours of music: of the shipped model 48 values of four bytes, a hundred times a second.
constexpr std::size_t kMostBytes = std::size_t{1} << 31U;

std::string npy(const Matrix& matrix) {
  std::ostringstream bytes;
  write_npy(matrix, bytes);
  return std::move(bytes).str();
}

std::string metadata_text(const Analysis& analysis) {
  Json drums = Json::array();
  for (const Drum drum : analysis.activations.drums) drums.push_back(std::string(info(drum).id));
  const Json peak_picking = peak_picking_json(analysis.peak_picking, analysis.activations.drums);
  Json json = {{"format_version", kFormatVersion},    {"model_id", analysis.model_id},
               {"recording", analysis.recording},     {"duration_s", analysis.duration_s},
               {"hop_s", analysis.activations.hop_s}, {"drums", drums},
               {"peak_picking", peak_picking},        {"time_offset_s", analysis.time_offset_s}};
  if (!analysis.tags.title.empty()) json["title"] = analysis.tags.title;
  if (!analysis.tags.artist.empty()) json["artist"] = analysis.tags.artist;
  if (!analysis.timbre.values.empty()) {
    json["timbre_log_multiplier"] = analysis.timbre.log_multiplier;
  }
  if (analysis.context) {
    json["context"] = context_json(*analysis.context, analysis.activations.drums);
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

/// As a file has it.
Matrix timbre_matrix(const Timbre& timbre) {
  Matrix matrix(static_cast<Eigen::Index>(timbre.n_frames()),
                static_cast<Eigen::Index>(kNTimbreValues));
  std::ranges::transform(timbre.values, matrix.data(), [](std::uint8_t value) {
    return static_cast<float>(value) / kTimbreFullScale;
  });
  return matrix;
}

std::vector<std::uint8_t> timbre_values(const Matrix& matrix) {
  std::vector<std::uint8_t> values(static_cast<std::size_t>(matrix.size()));
  std::transform(matrix.data(), matrix.data() + matrix.size(), values.begin(), [](float x) {
    return static_cast<std::uint8_t>(std::lround(kTimbreFullScale * x));
  });
  return values;
}

void parse_metadata_into(Analysis& analysis, const std::string& text) {
  const Json json = parse_json(text, "its metadata");
  const int version = int_field(json, "format_version", 0, 1 << 30);
  if (version != kFormatVersion) {
    throw InputError("its format version is " + std::to_string(version) + ", this build reads " +
                     std::to_string(kFormatVersion));
  }
  analysis.model_id = string_field(json, "model_id");
  analysis.recording = string_field(json, "recording");
  if (json.contains("title")) analysis.tags.title = string_field(json, "title");
  if (json.contains("artist")) analysis.tags.artist = string_field(json, "artist");
  analysis.duration_s = number_field(json, "duration_s", 0, kLatest_s);
  analysis.time_offset_s = number_field(json, "time_offset_s", -kMaxOffset_s, kMaxOffset_s);
  Activations& activations = analysis.activations;
  activations.hop_s = number_field(json, "hop_s", 1e-4, kMaxHop_s);
  activations.drums = parse_drums(array_field(json, "drums"));
  analysis.peak_picking = parse_peak_picking(json, activations.drums);
  if (json.contains("timbre_log_multiplier")) {
    analysis.timbre.log_multiplier = number_field(json, "timbre_log_multiplier", 0, kMaxMultiplier);
  }
  analysis.context = parse_context(json, activations.drums);
}

void check_values(const char* name, const Matrix& matrix, Eigen::Index rows, Eigen::Index columns) {
  if (matrix.rows() != rows || matrix.cols() != columns) {
    throw InputError("\"" + std::string(name) + "\" is " + std::to_string(matrix.rows()) + " x " +
                     std::to_string(matrix.cols()) + ", expected " + std::to_string(rows) + " x " +
                     std::to_string(columns));
  }
  const auto inside = [](float value) { return value >= 0.0F && value <= 1.0F; };
  if (!std::all_of(matrix.data(), matrix.data() + matrix.size(), inside)) {
    throw InputError("\"" + std::string(name) + "\" has values outside 0 to 1");
  }
}

Analysis parse_analysis(const std::string& bytes) {
  std::map<std::string, std::string> parts =
      unzip(bytes, {"metadata.npy", "onsets.npy", "velocities.npy", "beats.npy", "timbre.npy"},
            kMostBytes);
  for (const char* name : {"metadata.npy", "onsets.npy"}) {
    if (!parts.contains(name)) {
      throw InputError("it lacks \"" + std::string(name) + "\", so fyr did not write it");
    }
  }
  Analysis analysis;
  parse_metadata_into(analysis, parse_npy_text(parts["metadata.npy"]));
  Activations& activations = analysis.activations;
  const auto n_drums = static_cast<Eigen::Index>(activations.drums.size());
  activations.onsets = parse_npy_matrix(parts["onsets.npy"]);
  const Eigen::Index n_frames = activations.onsets.rows();
  check_values("onsets", activations.onsets, n_frames, n_drums);
  // What follows the last frame was not heard, and must not be as long as somebody writes.
  if (analysis.duration_s > static_cast<double>(n_frames + 1) * activations.hop_s) {
    throw InputError("\"duration_s\" is longer than its " + std::to_string(n_frames) + " frames");
  }
  if (parts.contains("velocities.npy")) {
    activations.velocities = parse_npy_matrix(parts["velocities.npy"]);
    check_values("velocities", activations.velocities, n_frames, n_drums);
  }
  if (parts.contains("beats.npy")) {
    activations.beats = parse_npy_matrix(parts["beats.npy"]);
    check_values("beats", activations.beats, n_frames, 2);
  }
  if (parts.contains("timbre.npy")) {
    const Matrix timbre = parse_npy_matrix(parts["timbre.npy"]);
    check_values("timbre", timbre, n_frames, static_cast<Eigen::Index>(kNTimbreValues));
    analysis.timbre.hop_s = activations.hop_s;
    analysis.timbre.values = timbre_values(timbre);
  }
  return analysis;
}

}  // namespace

void write_analysis(const Analysis& analysis, std::ostream& out) {
  const Activations& activations = analysis.activations;
  const std::string onsets = npy(activations.onsets);
  const std::string velocities = npy(activations.velocities);
  const std::string beats = npy(activations.beats);
  const std::string timbre = npy(timbre_matrix(analysis.timbre));
  const std::string metadata = npy_text(metadata_text(analysis));
  std::vector<ZipEntry> entries = {{"onsets.npy", onsets}};
  if (activations.velocities.size() > 0) entries.push_back({"velocities.npy", velocities});
  if (activations.beats.size() > 0) entries.push_back({"beats.npy", beats});
  if (!analysis.timbre.values.empty()) entries.push_back({"timbre.npy", timbre});
  entries.push_back({"metadata.npy", metadata});
  out << zip(entries, "the activations");
}

Analysis read_analysis(const std::filesystem::path& path) {
  const std::string start = "cannot read activations \"" + path.string() + "\": ";
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw InputError(start + "it is a directory; name a file of fyr transcribe --save-activations");
  }
  errno = 0;
  std::ifstream file(path == "-" ? "/dev/stdin" : path, std::ios::binary);
  std::string bytes(kZipSignature.size(), '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  const bool is_zip = kZipSignature.starts_with(bytes);
  // What is none must not be read to an end that it may not have.
  if (is_zip) bytes += read_all(file, "activations \"" + path.string() + "\"", kMostBytes);
  if (!file.is_open() || file.bad() || (bytes.empty() && errno != 0)) {
    throw InputError(start + why_closed());
  }
  try {
    if (!is_zip) throw InputError("it is not a zip archive");
    return parse_analysis(bytes);
  } catch (const InputError& error) {
    throw InputError(start + error.what() +
                     "; make it again with fyr transcribe --save-activations");
  }
}

}  // namespace fyr
