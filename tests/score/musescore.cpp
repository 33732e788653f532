// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/musescore.hpp"

#include <tinyxml2.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

namespace fyr::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// MuseScore exits with 0 after repairing a score; only these lines on stderr give it away.
const std::regex kComplaint(
    "unmapped drum note|no drumset|unknown, assume|there is already a|measure overrun|"
    "in measure underrun|measure +[0-9]+ pos|MIDI collision|[eE]ndTuplet|empty tuplet|"
    "beam was not used|xml read error|Cannot read|corrupted|illegal|Incomplete|Expected:");

/// The program's own version and page settings at their defaults are not ours.
const std::set<std::string> kNotCompared{"programVersion", "programRevision", "Style", "controller",
                                         "font"};

/// "tag" and "tag=text" of every element in document order.
void flatten(const tinyxml2::XMLElement& element, std::vector<std::string>& lines) {
  const std::string name = element.Name();
  if (kNotCompared.contains(name)) return;
  const char* text = element.GetText();
  std::string line = name;
  // Tempi are rounded to fewer digits, texts get their own mark-up.
  if (text != nullptr && name != "text" && name != "tempo") line += std::string("=") + text;
  lines.push_back(line);
  for (auto* child = element.FirstChildElement(); child; child = child->NextSiblingElement()) {
    flatten(*child, lines);
  }
}

std::vector<std::string> flatten(const fs::path& path) {
  tinyxml2::XMLDocument document;
  std::vector<std::string> lines;
  if (document.LoadFile(path.c_str()) == tinyxml2::XML_SUCCESS) {
    flatten(*document.RootElement(), lines);
  }
  return lines;
}

std::string first_difference(const fs::path& ours, const fs::path& theirs) {
  const std::vector<std::string> one = flatten(ours);
  const std::vector<std::string> two = flatten(theirs);
  const auto [a, b] = std::mismatch(one.begin(), one.end(), two.begin(), two.end());
  if (a == one.end() && b == two.end()) return {};
  return "line " + std::to_string(a - one.begin()) + ": " + (a == one.end() ? "end" : *a) + " / " +
         (b == two.end() ? "end" : *b);
}

std::string sanity_error(const fs::path& path) {
  std::ifstream file(path);
  const json report = json::parse(file, nullptr, false);
  if (report.is_discarded()) return "no report";
  return report.value("result", 1) == 0 ? "" : report.value("error", "unknown error");
}

std::vector<std::string> complaints(const fs::path& path) {
  std::ifstream file(path);
  std::vector<std::string> found;
  for (std::string line; std::getline(file, line);) {
    if (std::regex_search(line, kComplaint)) found.push_back(line);
  }
  return found;
}

fs::path workshop() {
  const fs::path folder =
      fs::temp_directory_path() / ("fyr-musescore-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms::owner_all);
  return folder;
}

/// One process for all jobs; what it complains about goes to errors.txt. Returns its exit code.
int run_jobs(const fs::path& folder, const json& jobs) {
  std::ofstream(folder / "jobs.json") << jobs;
  const std::string at = "'" + folder.string() + "'";
  const std::string command = "QT_QPA_PLATFORM=offscreen XDG_RUNTIME_DIR=" + at + " HOME=" + at +
                              " mscore3 -j " + at + "/jobs.json >/dev/null 2>" + at + "/errors.txt";
  return std::system(command.c_str());
}

/// MuseScore's version of the documents in another format, in `folder`.
std::vector<fs::path> converted(const fs::path& folder, const std::vector<std::string>& documents,
                                const std::string& from, const std::string& to) {
  json jobs = json::array();
  std::vector<fs::path> made;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const std::string name = (folder / std::to_string(i)).string();
    std::ofstream(name + from) << documents[i];
    made.emplace_back(name + to);
    jobs.push_back({{"in", name + from}, {"out", {name + to}}});
  }
  run_jobs(folder, jobs);
  return made;
}

}  // namespace

bool has_musescore() { return std::system("command -v mscore3 >/dev/null 2>&1") == 0; }

MuseScoreRun run_musescore(const std::vector<std::string>& documents) {
  const fs::path folder = workshop();
  const auto file = [&](std::size_t i, const char* ending) {
    return folder / (std::to_string(i) + ending);
  };
  json jobs = json::array();
  for (std::size_t i = 0; i < documents.size(); ++i) {
    std::ofstream(file(i, ".mscx")) << documents[i];
    // The check comes last: if it fails the job ends there.
    jobs.push_back({{"in", file(i, ".mscx")},
                    {"out", {file(i, ".again.mscx"), file(i, ".mid"), file(i, ".mlog")}}});
  }
  MuseScoreRun run;
  run.exit_code = run_jobs(folder, jobs);
  run.complaints = complaints(folder / "errors.txt");
  for (std::size_t i = 0; i < documents.size(); ++i) {
    MuseScoreResult result;
    result.sanity_error = sanity_error(file(i, ".mlog"));
    result.difference = first_difference(file(i, ".mscx"), file(i, ".again.mscx"));
    if (fs::exists(file(i, ".mid"))) result.notes = read_midi_notes(file(i, ".mid"));
    run.results.push_back(std::move(result));
  }
  fs::remove_all(folder);
  return run;
}

std::vector<std::vector<MidiNote>> played_by_musescore(const std::vector<std::string>& documents,
                                                       const std::string& ending) {
  const fs::path folder = workshop();
  std::vector<std::vector<MidiNote>> played;
  for (const fs::path& midi : converted(folder, documents, ending, ".mid")) {
    played.push_back(fs::exists(midi) ? read_midi_notes(midi) : std::vector<MidiNote>{});
  }
  fs::remove_all(folder);
  return played;
}

std::vector<std::string> converted_by_musescore(const std::vector<std::string>& documents,
                                                const std::string& from, const std::string& to) {
  const fs::path folder = workshop();
  std::vector<std::string> texts;
  for (const fs::path& path : converted(folder, documents, from, to)) {
    std::ifstream file(path);
    texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  fs::remove_all(folder);
  return texts;
}

}  // namespace fyr::testing
