// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/transcribe_jobs.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <functional>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

#include "app/job_events.hpp"
#include "app/output_file.hpp"
#include "app/progress.hpp"
#include "app/timings.hpp"
#include "fyr/error.hpp"
#include "fyr/version.hpp"

namespace fyr::app {
namespace {

std::string name_of(const Job& job) {
  return job.input == "-" ? "standard input" : job.input.filename().string();
}

/// How much of a recording's time has passed when a stage begins, as --timings shows it.
double fraction_before(std::string_view stage) {
  if (stage == "audio") return 0.0;
  if (stage == "spectrogram") return 0.1;
  if (stage == "network") return 0.25;
  return 0.95;
}

/// What the recordings need, in proportion: their bytes, as far as they are known.
std::vector<double> weights(const std::vector<Job>& jobs) {
  std::vector<double> bytes;
  for (const Job& job : jobs) {
    std::error_code error;
    const auto size = std::filesystem::file_size(job.input, error);
    bytes.push_back(error ? 1.0 : static_cast<double>(size));
  }
  return bytes;
}

TranscribeOptions options_for(const Job& job, const JobSettings& settings, unsigned n_threads,
                              const std::function<void(std::string_view)>& on_stage) {
  TranscribeOptions options = settings.options;
  const std::string name = name_of(job);
  if (options.score.title.empty()) {
    options.score.title = job.input == "-" ? name : job.input.stem().string();
  }
  options.score.subtitle = std::string("Transcribed by fyr ") + kVersion + " from " + name;
  options.n_threads = static_cast<int>(n_threads);
  options.on_stage = on_stage;
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

/// Everything that one call of run_jobs works with.
class JobRunner {
 public:
  JobRunner(const std::vector<Job>& jobs, const JobSettings& settings, Console& console)
      : jobs_(jobs), settings_(settings), console_(console), progress_(console, weights(jobs)) {}

  /// n_threads: for this one recording.
  void run(std::size_t index, unsigned n_threads) {
    const Job& job = jobs_[index];
    const Stopwatch stopwatch;
    const auto on_stage = [&](std::string_view stage) {
      progress_.advance(index, fraction_before(stage), name_of(job) + ": " + std::string(stage));
    };
    Transcription result = transcribe(job.input, settings_.model, settings_.network,
                                      options_for(job, settings_, n_threads, on_stage));
    const Stopwatch writing;
    for (const Target& target : job.targets) {
      std::ostringstream bytes;
      target.format->write(result, bytes);
      write_output(target.path, bytes.view(), settings_.force);
    }
    result.timings.push_back({"write", writing.seconds()});
    report(job, result, console_);
    if (settings_.timings) console_.result(timings_text(job.input, result, stopwatch.seconds()));
    if (settings_.json_events) {
      print_event(done_event(job, result, settings_.model.id, stopwatch.seconds()));
    }
    progress_.finish(index, result.duration_s);
  }

  /// The only recording; what goes wrong is thrown.
  void run_alone(unsigned n_threads) {
    try {
      run(0, n_threads);
    } catch (const Error& error) {
      if (settings_.json_events) print_event(failed_event(jobs_.front(), error.what()));
      throw;
    }
  }

  /// One of several: what goes wrong is reported. False if it failed.
  bool try_run(std::size_t index) {
    try {
      run(index, 1);
      return true;
    } catch (const std::exception& error) {
      console_.error(error.what());
      if (settings_.json_events) print_event(failed_event(jobs_[index], error.what()));
      progress_.finish(index, 0);
      return false;
    }
  }

 private:
  void print_event(const std::string& event) {
    const std::lock_guard lock(events_);
    write_output("-", event, false);
  }

  const std::vector<Job>& jobs_;
  const JobSettings& settings_;
  Console& console_;
  Progress progress_;
  std::mutex events_;
};

}  // namespace

ExitCode run_jobs(const std::vector<Job>& jobs, const JobSettings& settings, Console& console) {
  JobRunner runner(jobs, settings, console);
  if (jobs.size() == 1) {
    runner.run_alone(settings.n_threads);
    if (settings.timings) console.result(total_text());
    return ExitCode::Done;
  }
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> n_failed = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs.size(); i = next++) {
      if (!runner.try_run(i)) ++n_failed;
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
