// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/transcribe_jobs.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <sstream>
#include <string>
#include <thread>

#include "app/output_file.hpp"
#include "app/timings.hpp"
#include "fyr/error.hpp"
#include "fyr/version.hpp"
#include "fyr/writers.hpp"

namespace fyr::app {
namespace {

std::string name_of(const Job& job) {
  return job.input == "-" ? "standard input" : job.input.filename().string();
}

TranscribeOptions options_for(const Job& job, const JobSettings& settings, unsigned n_threads,
                              Console& console) {
  TranscribeOptions options = settings.options;
  const std::string name = name_of(job);
  if (options.score.title.empty()) {
    options.score.title = job.input == "-" ? name : job.input.stem().string();
  }
  options.score.subtitle = std::string("Transcribed by fyr ") + kVersion + " from " + name;
  options.n_threads = static_cast<int>(n_threads);
  options.on_stage = [&console, name](std::string_view stage) {
    console.progress(name + ": " + std::string(stage) + " …");
  };
  return options;
}

void report(const Job& job, const Transcription& result, Console& console) {
  if (result.onsets.empty()) {
    console.warning("no drums were heard in \"" + job.input.string() +
                    "\"; the score is empty. Is it the right recording? A lower --threshold finds "
                    "fainter hits");
  }
  std::ostringstream text;
  text << "\"" << job.input.string() << "\": " << result.onsets.size() << " hits, "
       << result.score.measures.size() << " bars";
  for (const Target& target : job.targets) {
    if (target.path != "-") text << " -> " << target.path.string();
  }
  console.note(text.str());
}

/// n_threads: for this one recording.
void run_job(const Job& job, const JobSettings& settings, unsigned n_threads, Console& console) {
  const Stopwatch stopwatch;
  Transcription result = transcribe(job.input, settings.model, settings.network,
                                    options_for(job, settings, n_threads, console));
  const Stopwatch writing;
  for (const Target& target : job.targets) {
    std::ostringstream bytes;
    target.format->write(result, bytes);
    write_output(target.path, bytes.view(), settings.force);
  }
  if (!settings.doubts.empty()) {
    std::ostringstream bytes;
    write_doubts(result.rhythm, result.score, settings.doubts_below, bytes);
    write_output(settings.doubts, bytes.view(), settings.force);
  }
  result.timings.push_back({"write", writing.seconds()});
  report(job, result, console);
  if (settings.timings) console.result(timings_text(job.input, result, stopwatch.seconds()));
}

}  // namespace

ExitCode run_jobs(const std::vector<Job>& jobs, const JobSettings& settings, Console& console) {
  if (jobs.size() == 1) {
    run_job(jobs.front(), settings, settings.n_threads, console);
    if (settings.timings) console.result(total_text());
    return ExitCode::Done;
  }
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> n_failed = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs.size(); i = next++) {
      try {
        run_job(jobs[i], settings, 1, console);
      } catch (const std::exception& error) {
        console.error(error.what());
        ++n_failed;
      }
    }
  };
  {
    std::vector<std::jthread> workers;
    const std::size_t n_workers = std::min<std::size_t>(settings.n_threads, jobs.size());
    for (std::size_t i = 1; i < n_workers; ++i) workers.emplace_back(work);
    work();
  }
  if (settings.timings) console.result(total_text());
  if (n_failed == 0) return ExitCode::Done;
  console.error(std::to_string(n_failed) + " of " + std::to_string(jobs.size()) +
                " recordings failed; the others are done");
  return ExitCode::SomeFailed;
}

}  // namespace fyr::app
