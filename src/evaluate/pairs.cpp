// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/pairs.hpp"

#include <algorithm>
#include <map>

#include "fyr/error.hpp"
#include "text.hpp"
#include "utf8.hpp"

namespace fyr {
namespace {

using Files = std::map<std::string, std::filesystem::path>;

constexpr std::size_t kMaxNamedLines = 5;

const std::vector<std::string>& annotation_suffixes() {
  static const std::vector<std::string> suffixes{".csv", ".txt",  ".labels", ".xml",
                                                 ".mid", ".midi", ".json"};
  return suffixes;
}

/// What is no annotation for all its suffix: hidden files, as Macs leave them on other disks, and
/// tabs that fyr wrote.
bool is_passed_over(const std::filesystem::path& path) {
  const std::string name = lower_case(path.filename().string());
  return name.starts_with('.') || name.ends_with(".tab.txt");
}

/// By their path below the folder, without suffix.
template <class Iterator = std::filesystem::directory_iterator>
Files annotations_in(const std::filesystem::path& folder) {
  Files files;
  for (const auto& entry : Iterator(folder)) {
    const auto& suffixes = annotation_suffixes();
    const std::string suffix = lower_suffix(entry.path());
    if (std::find(suffixes.begin(), suffixes.end(), suffix) == suffixes.end()) continue;
    if (is_passed_over(entry.path())) continue;
    auto relative = entry.path().lexically_relative(folder).replace_extension();
    if (lower_suffix(relative) == ".labels") relative.replace_extension();  // song.labels.txt
    const std::string name = relative.generic_string();
    if (const auto [it, is_new] = files.emplace(name, entry.path()); !is_new) {
      throw InputError("two files share the stem \"" + name + "\" in \"" + folder.string() +
                       "\": " + it->second.filename().string() + " and " +
                       entry.path().filename().string() +
                       "; keep one format in the folder, such as csv");
    }
  }
  return files;
}

void require_exists(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path))
    throw InputError("there is no \"" + path.string() + "\"; check the path");
}

}  // namespace

Annotation read_into(const std::filesystem::path& path, EvaluationPair& pair) {
  try {
    Annotation annotation = read_annotation(path);
    auto& lines = annotation.problems;
    if (lines.size() > kMaxNamedLines) {
      const std::size_t n_more = lines.size() - kMaxNamedLines;
      lines.resize(kMaxNamedLines);
      lines.push_back(annotation.file + ": and " + std::to_string(n_more) + " more such lines");
    }
    pair.problems.insert(pair.problems.end(), lines.begin(), lines.end());
    return annotation;
  } catch (const InputError& error) {
    pair.problems.emplace_back(error.what());
    return {};
  }
}

void read_reference(const DatasetRecording& recording, EvaluationPair& pair) {
  pair.name = as_utf8(recording.name);
  pair.reference = read_into(recording.annotation, pair);
  if (pair.reference.hits.empty() && pair.problems.empty()) {
    pair.problems.push_back("\"" + recording.annotation.string() +
                            "\" holds no hits; take it from the data set again");
  }
  for (AnnotatedHit& hit : pair.reference.hits) hit.time_s += recording.offset_s;
  try {
    if (!recording.beats.empty()) pair.reference.beats = read_beats(recording.beats);
  } catch (const InputError& error) {
    pair.problems.emplace_back(error.what());
  }
  for (Beat& beat : pair.reference.beats) beat.time_s += recording.offset_s;
}

std::string problem_of(const EvaluationPair& pair, const std::exception& error) {
  const bool names_file = dynamic_cast<const InputError*>(&error) != nullptr;
  return (names_file ? "" : "recording \"" + pair.name + "\": ") + error.what();
}

std::vector<EvaluationPair> pair_dataset(const Dataset& dataset,
                                         const std::filesystem::path& folder, bool partial) {
  require_exists(folder);
  if (!std::filesystem::is_directory(folder)) {
    throw InputError("\"" + folder.string() + "\" is a file; name a folder of estimates");
  }
  const Files files = annotations_in<std::filesystem::recursive_directory_iterator>(folder);
  if (files.empty()) {
    throw InputError("there are no estimates in \"" + folder.string() +
                     "\", files such as .csv, .json or .mid; check the path");
  }
  std::vector<EvaluationPair> pairs;
  for (const DatasetRecording& recording : dataset.recordings) {
    auto file = files.find(recording.name);
    if (file == files.end()) file = files.find(recording.audio.stem().string());
    if (partial && recording.audio.empty() && file == files.end()) continue;
    EvaluationPair& pair = pairs.emplace_back();
    read_reference(recording, pair);
    if (file == files.end()) {
      pair.problems.push_back("no estimate for recording \"" + recording.name + "\" in \"" +
                              folder.string() + '"');
    } else {
      pair.estimate = read_into(file->second, pair);
    }
  }
  return pairs;
}

std::vector<EvaluationPair> pair_files(const std::filesystem::path& reference,
                                       const std::filesystem::path& estimate) {
  require_exists(reference);
  require_exists(estimate);
  const bool folders = std::filesystem::is_directory(reference);
  if (folders != std::filesystem::is_directory(estimate)) {
    throw UsageError("give two files or two folders, not one of each");
  }
  std::vector<EvaluationPair> pairs;
  const auto add = [&](const std::string& name, const std::filesystem::path& truth,
                       const std::filesystem::path& heard) {
    EvaluationPair& pair = pairs.emplace_back();
    pair.name = as_utf8(name);
    pair.reference = read_into(truth, pair);
    pair.estimate = read_into(heard, pair);
  };
  if (!folders) {
    add(reference.stem().string(), reference, estimate);
    return pairs;
  }
  const Files truths = annotations_in(reference);
  const Files heards = annotations_in(estimate);
  for (const auto& [name, path] : truths) {
    if (const auto heard = heards.find(name); heard != heards.end()) {
      add(name, path, heard->second);
    } else {
      pairs.push_back({as_utf8(name), {}, {}, {"no estimate for \"" + path.string() + '"'}});
    }
  }
  for (const auto& [name, path] : heards) {
    if (!truths.contains(name)) {
      pairs.push_back({as_utf8(name), {}, {}, {"no reference for \"" + path.string() + '"'}});
    }
  }
  return pairs;
}

}  // namespace fyr
