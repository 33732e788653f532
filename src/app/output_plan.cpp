// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/output_plan.hpp"

#include <algorithm>
#include <map>
#include <system_error>

#include "app/file_identity.hpp"
#include "app/musescore_program.hpp"
#include "app/output_file.hpp"
#include "app/output_folder.hpp"
#include "fyr/error.hpp"

namespace fyr::app {
namespace {

namespace fs = std::filesystem;

/// An existing folder, a name that ends in a slash, or a new name for the results of several
/// inputs.
bool means_folder(const OutputRequest& request) {
  std::error_code ignored;
  if (request.output.ends_with('/') || fs::is_directory(request.output, ignored)) return true;
  return request.inputs.size() > 1 && output_format_of(request.output) == nullptr &&
         !fs::exists(request.output, ignored);
}

std::vector<const OutputFormat*> wanted_formats(const OutputRequest& request) {
  std::vector<const OutputFormat*> formats;
  for (const std::string& name : request.formats) {
    const OutputFormat* format = &output_format(name);
    if (std::find(formats.begin(), formats.end(), format) == formats.end()) {
      formats.push_back(format);
    }
  }
  return formats;
}

std::vector<Target> targets_named(const fs::path& name,
                                  const std::vector<const OutputFormat*>& formats) {
  std::vector<Target> targets;
  for (const OutputFormat* format : formats) {
    targets.push_back({format, fs::path(name).concat(format->endings.front())});
  }
  return targets;
}

std::vector<Target> targets_in(const fs::path& folder, const fs::path& input,
                               const std::vector<const OutputFormat*>& formats) {
  return targets_named(folder / name_of_results(input), formats);
}

std::vector<Target> stdout_target(const std::vector<const OutputFormat*>& formats) {
  if (formats.size() != 1) {
    throw UsageError("standard output (-o -) takes one format; choose it with -f, such as -f csv");
  }
  return {{formats.front(), "-"}};
}

std::vector<Target> file_targets(const fs::path& output,
                                 const std::vector<const OutputFormat*>& formats) {
  if (formats.size() > 1 && is_device(output)) {
    std::vector<Target> targets;
    for (const OutputFormat* format : formats) targets.push_back({format, output});
    return targets;
  }
  if (formats.size() > 1) {
    return targets_named(output.parent_path() / name_without_ending(output), formats);
  }
  const OutputFormat* format = formats.empty() ? output_format_of(output) : formats.front();
  if (format == nullptr) {
    throw UsageError("cannot tell the format of \"" + output.string() +
                     "\" from its name; choose it with -f, there are: " + output_format_names());
  }
  return {{format, output}};
}

/// Refuses two results in one file, or one in a file that is read.
void check_clashes(const std::vector<Job>& jobs, const OutputRequest& request) {
  const FilesRead read(all_read(request));
  std::map<fs::path, const Job*> job_of;
  for (const Job& job : jobs) {
    for (const Target& target : job.targets) {
      if (is_device(target.path)) continue;
      const auto [other, is_new] = job_of.emplace(file_written(target.path), &job);
      if (!is_new && other->second == &job) {
        throw UsageError("\"" + target.path.string() +
                         "\" is named twice; give each file its own name");
      }
      if (!is_new) refuse_shared_output(other->second->input, job.input, target.path);
      read.check_not_among(target.path);
    }
  }
}

}  // namespace

fs::path name_of_results(const fs::path& input) {
  return input == "-" ? fs::path("stdin") : input.stem();
}

void refuse_shared_output(const fs::path& one, const fs::path& other, const fs::path& output) {
  if (one == other) throw UsageError("\"" + one.string() + "\" is named twice; name it once");
  throw UsageError("\"" + one.string() + "\" and \"" + other.string() + "\" would both become \"" +
                   output.string() + "\"; write them into different folders");
}

std::vector<fs::path> all_read(const OutputRequest& request) {
  std::vector<fs::path> paths = request.inputs;
  paths.insert(paths.end(), request.also_read.begin(), request.also_read.end());
  return paths;
}

std::vector<Job> plan_outputs(const OutputRequest& request) {
  std::vector<const OutputFormat*> formats = wanted_formats(request);
  const bool folder = request.output != "-" && means_folder(request);
  if (request.inputs.size() > 1 && !folder) {
    throw UsageError("several inputs need a folder for their results, not \"" + request.output +
                     "\"; give -o FOLDER/");
  }
  if (folder && formats.empty()) formats.push_back(&output_formats().front());

  std::vector<Job> jobs;
  for (const fs::path& input : request.inputs) {
    if (request.output.empty()) {
      jobs.push_back({input, {}});
    } else if (folder) {
      jobs.push_back({input, targets_in(request.output, input, formats)});
    } else if (request.output == "-") {
      jobs.push_back({input, stdout_target(formats)});
    } else {
      jobs.push_back({input, file_targets(request.output, formats)});
    }
  }
  check_clashes(jobs, request);
  if (std::ranges::any_of(jobs.front().targets,
                          [](const Target& target) { return target.format->engraved; })) {
    find_musescore();
  }
  if (folder) create_output_folder(request.output);
  for (const Job& job : jobs) {
    for (const Target& target : job.targets) check_output(target.path, request.force);
  }
  return jobs;
}

}  // namespace fyr::app
