// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/transcribe_plan.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <thread>

#include "app/console.hpp"
#include "app/drum_map_file.hpp"
#include "app/file_identity.hpp"
#include "app/input_text.hpp"
#include "app/job_events.hpp"
#include "app/output_file.hpp"
#include "app/output_format.hpp"
#include "fyr/error.hpp"
#include "text.hpp"

namespace fyr::app {
namespace {

FormatSettings format_settings(const TranscribeArguments& arguments) {
  FormatSettings settings;
  if (!arguments.drum_map.empty()) settings.midi.drum_map = load_drum_map(arguments.drum_map);
  settings.midi.timing = arguments.midi_timing == "grid" ? MidiTiming::Grid : MidiTiming::Heard;
  return settings;
}

void print_plan(const std::vector<Job>& jobs, const std::vector<Extra>& extras, bool json) {
  std::string text;
  for (const Job& job : jobs) {
    if (json) {
      text += planned_event(job, extras);
      continue;
    }
    for (const Target& target : job.targets) {
      text += plain(job.input.string() + " -> " + target.path.string()) + "\n";
    }
    for (const Extra& extra : extras) {
      text += plain(job.input.string() + " -> " + extra.path.string()) + "\n";
    }
  }
  write_output("-", text, false);
}

/// Refuses what several recordings cannot share.
void check_of_one_recording(const TranscribeArguments& arguments) {
  if (!arguments.hearing.hits.empty() || !arguments.hearing.rhythm.beats_file.empty()) {
    throw UsageError("--hits and --beats are of one recording, not of several");
  }
  if (!arguments.doubts.empty()) {
    throw UsageError("--doubts lists the hits of one recording, not of several");
  }
  if (!arguments.activations.empty() || !arguments.plot.empty()) {
    throw UsageError("--save-activations and --plot write of one recording, not of several");
  }
}

void check_doubts(const TranscribeArguments& arguments) {
  if (arguments.doubts.empty()) return;
  if (arguments.doubts == "-" && arguments.outputs.output == "-") {
    throw UsageError("--doubts - and -o - would mix on standard output; name a file");
  }
  if (arguments.doubts == "-" && arguments.json) {
    throw UsageError("--doubts - and --json would mix on standard output; name a file");
  }
  check_output(arguments.doubts, arguments.outputs.force);
}

void check_extras(const TranscribeArguments& arguments) {
  if (!arguments.activations.empty() && lower_suffix(arguments.activations) != ".npz") {
    throw UsageError("--save-activations: \"" + arguments.activations.string() +
                     "\" must end in .npz");
  }
  const std::string ending = lower_suffix(arguments.plot);
  if (!arguments.plot.empty() && ending != ".png" && ending != ".svg") {
    throw UsageError("--plot: \"" + arguments.plot.string() + "\" must end in .png or .svg");
  }
  for (const auto& path : {arguments.activations, arguments.plot}) {
    if (!path.empty()) check_output(path, arguments.outputs.force);
  }
}

std::vector<Extra> extra_outputs(const TranscribeArguments& arguments) {
  std::vector<Extra> extras{{"doubts", arguments.doubts},
                            {"activations", arguments.activations},
                            {"plot", arguments.plot}};
  std::erase_if(extras, [](const Extra& extra) { return extra.path.empty(); });
  return extras;
}

/// All that the job reads but its inputs.
std::vector<std::filesystem::path> also_read(const TranscribeArguments& arguments) {
  std::vector<std::filesystem::path> paths = files_read(arguments.hearing);
  paths.insert(paths.end(), arguments.outputs.also_read.begin(), arguments.outputs.also_read.end());
  paths.push_back(arguments.drum_map);
  return paths;
}

/// What the targets were checked for, of the other outputs.
void check_distinct(const TranscribeArguments& arguments, const OutputRequest& request,
                    const std::vector<Job>& jobs) {
  std::set<std::filesystem::path> taken;
  for (const Job& job : jobs) {
    for (const Target& target : job.targets) taken.insert(file_written(target.path));
  }
  const FilesRead read(all_read(request));
  for (const auto& [name, path] : extra_outputs(arguments)) {
    read.check_not_among(path);
    if (path != "-" && !is_device(path) && !taken.insert(file_written(path)).second) {
      throw UsageError("\"" + path.string() + "\" is named twice; give each file its own name");
    }
  }
}

}  // namespace

JobSettings job_settings(const TranscribeArguments& arguments) {
  std::vector<std::filesystem::path> read = files_read(arguments.hearing);
  read.insert(read.end(), arguments.outputs.inputs.begin(), arguments.outputs.inputs.end());
  check_read_once(read);
  JobSettings settings;
  settings.options = hearing_options(arguments.hearing);
  settings.options.score = arguments.score;
  settings.options.score.doubt_below = arguments.mark_doubtful.value_or(0);
  settings.formats = format_settings(arguments);
  settings.force = arguments.outputs.force;
  settings.timings = arguments.timings;
  settings.doubts = arguments.doubts;
  settings.extras = extra_outputs(arguments);
  for (const Extra& extra : settings.extras) settings.also_used.push_back(extra.path);
  for (const auto& files : {arguments.outputs.inputs, also_read(arguments)}) {
    settings.also_used.insert(settings.also_used.end(), files.begin(), files.end());
  }
  if (arguments.mark_doubtful) settings.doubts_below = *arguments.mark_doubtful;
  settings.json_events = arguments.json;
  settings.n_threads = arguments.n_threads > 0 ? static_cast<unsigned>(arguments.n_threads)
                                               : std::max(1U, std::thread::hardware_concurrency());
  return settings;
}

std::vector<Job> plan_jobs(const TranscribeArguments& arguments) {
  if (arguments.json && arguments.outputs.output == "-") {
    throw UsageError("--json and -o - would mix on standard output; write the result to a file");
  }
  const std::size_t n_inputs = arguments.outputs.inputs.size();
  if (n_inputs > 1) check_of_one_recording(arguments);
  if (arguments.outputs.output.empty() && (n_inputs > 1 || extra_outputs(arguments).empty())) {
    if (n_inputs == 1) throw UsageError("no output; name a file, a folder or - with -o");
    const std::filesystem::path& last = arguments.outputs.inputs.back();
    throw UsageError(n_inputs == 2 && output_format_of(last) != nullptr
                         ? "no output; if it is \"" + last.string() + "\", write -o before it"
                         : "no output; name a folder with -o FOLDER/");
  }
  OutputRequest request = arguments.outputs;
  request.also_read = also_read(arguments);
  std::vector<Job> jobs = plan_outputs(request);
  check_distinct(arguments, request, jobs);
  check_doubts(arguments);
  check_extras(arguments);
  if (!arguments.outputs.dry_run) return jobs;
  print_plan(jobs, extra_outputs(arguments), arguments.json);
  return {};
}

void warn_of_idle_options(const TranscribeArguments& arguments, const std::vector<Job>& jobs,
                          Console& console) {
  const std::vector<Target>& targets = jobs.front().targets;
  const bool writes_midi = std::ranges::any_of(
      targets, [](const Target& target) { return target.format->name == "mid"; });
  if (writes_midi) return;
  for (const std::string& option : arguments.typed_midi_options) {
    console.warning(option +
                    " changes nothing: it is for MIDI files (-f mid), and none is written");
  }
}

}  // namespace fyr::app
