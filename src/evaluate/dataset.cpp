// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>

#include "evaluate/dataset_layouts.hpp"
#include "fyr/error.hpp"
#include "text.hpp"

namespace fyr {

std::filesystem::path dataset_root(const std::filesystem::path& given,
                                   const std::vector<std::string>& names,
                                   const std::string& landmark) {
  std::vector<std::filesystem::path> candidates{given};
  for (const std::string& name : names) candidates.push_back(given / name);
  for (const auto& candidate : candidates) {
    if (std::filesystem::exists(candidate / landmark)) return candidate;
  }
  throw InputError("cannot find the data set in \"" + given.string() + "\": there is no " +
                   landmark + " in it or in a folder " + names.front() + " inside it");
}

std::map<std::string, std::filesystem::path> files_by_name(
    const std::filesystem::path& folder, const std::string& ending,
    const std::vector<std::string>& suffixes) {
  std::map<std::string, std::filesystem::path> files;
  if (!std::filesystem::is_directory(folder)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::filesystem::path& path = entry.path();
    const std::string stem = path.stem().string();
    const bool has_suffix =
        std::find(suffixes.begin(), suffixes.end(), lower_suffix(path)) != suffixes.end();
    // Macs leave hidden files beside each other one on foreign disks.
    if (has_suffix && !stem.starts_with('.') && stem.ends_with(ending)) {
      files[stem.substr(0, stem.size() - ending.size())] = path;
    }
  }
  return files;
}

void pair_up(const std::map<std::string, std::filesystem::path>& annotations,
             const std::map<std::string, std::filesystem::path>& audio, bool partial,
             Dataset& dataset) {
  for (const auto& [name, path] : annotations) {
    const auto sound = audio.find(name);
    if (sound != audio.end()) {
      dataset.recordings.push_back({name, sound->second, path, {}, 0, 0});
    } else if (!partial) {
      dataset.problems.push_back("no audio for annotation \"" + path.string() + '"');
    }
  }
  for (const auto& [name, path] : audio) {
    if (!annotations.contains(name)) {
      dataset.problems.push_back("no annotation for audio \"" + path.string() + '"');
    }
  }
}

Dataset list_dataset(const std::string& id, const std::filesystem::path& root,
                     const DatasetOptions& options) {
  Dataset dataset;
  if (id == "mdb") {
    dataset = list_mdb(root, options);
  } else if (id == "idmt") {
    dataset = list_idmt(root, options);
  } else if (id == "egmd") {
    dataset = list_egmd(root, options);
  } else if (id == "groove") {
    dataset = list_groove(root, options);
  } else {
    throw UsageError("no data set \"" + id + "\"; there are mdb, idmt, egmd and groove");
  }
  dataset.id = id;
  if (dataset.recordings.empty() && dataset.problems.empty()) {
    throw InputError("no recordings of data set " + dataset.description + " in \"" + root.string() +
                     "\"; name the folder that it was unpacked in");
  }
  return dataset;
}

}  // namespace fyr
