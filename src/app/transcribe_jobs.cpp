// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/transcribe_jobs.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "app/failure.hpp"
#include "app/hearing_options.hpp"
#include "app/input_text.hpp"
#include "app/job_events.hpp"
#include "app/job_outputs.hpp"
#include "app/ordered_reports.hpp"
#include "app/progress.hpp"
#include "app/rhythm_options.hpp"
#include "app/timings.hpp"
#include "number.hpp"

namespace fyr::app {
namespace {

/// How much of a recording's time has passed when it is heard, as --timings shows it.
constexpr double kListeningShare = 0.9;

/// Shows how far a recording is.
class JobProgress {
 public:
  JobProgress(Progress& progress, std::size_t index, std::string name)
      : progress_(progress), index_(index), name_(std::move(name)) {}

  void begin(std::string_view stage) {
    if (stage != "listening") fraction_ = kListeningShare;
    stage_ = stage;
    show();
  }

  /// A file that does not say how long it is stays where it was.
  void hear(double heard_s, double told_duration_s) {
    heard_s_ = heard_s;
    if (told_duration_s > 0) {
      fraction_ = kListeningShare * std::min(1.0, heard_s / told_duration_s);
    }
    show();
  }

 private:
  void show() { progress_.advance(index_, fraction_, heard_s_, name_ + ": " + stage_); }

  Progress& progress_;
  std::size_t index_;
  std::string name_;
  std::string stage_;
  double fraction_ = 0;
  double heard_s_ = 0;
};

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

/// `progress` must outlive the options.
TranscribeOptions options_for(const Job& job, const JobSettings& settings, unsigned n_threads,
                              JobProgress& progress) {
  TranscribeOptions options = settings.options;
  name_after_recording(options, recording_name(job.input));
  options.n_threads = static_cast<int>(n_threads);
  options.on_stage = [&](std::string_view stage) { progress.begin(stage); };
  options.on_heard = [&](double heard_s, double told_s) { progress.hear(heard_s, told_s); };
  return options;
}

/// " -> scores/song.mscx, song.mid": what lies in the folder of the one before goes without it.
std::string written_text(const Job& job, const std::vector<Extra>& extras) {
  std::vector<std::filesystem::path> paths;
  for (const Target& target : job.targets) paths.push_back(target.path);
  for (const Extra& extra : extras) paths.push_back(extra.path);
  std::erase(paths, "-");
  std::string text;
  std::filesystem::path folder;
  for (const auto& path : paths) {
    const bool same_folder = !text.empty() && path.parent_path() == folder;
    text += text.empty() ? " -> " : ", ";
    text += (same_folder ? path.filename() : path).string();
    folder = path.parent_path();
  }
  return text;
}

JobReport report_of(const Job& job, const JobSettings& settings, const Transcription& result) {
  JobReport report;
  if (result.onsets.empty()) {
    report.messages.push_back(
        {&Console::warning, no_drums_heard(job.input, settings.options.hits.has_value())});
  }
  if (const std::string missed = tempo_missed(settings.options.rhythm, result.rhythm);
      !missed.empty()) {
    report.messages.push_back({&Console::warning, shown_name(job.input) + ": " + missed});
  }
  report.messages.push_back({&Console::note, shown_name(job.input) + ": " +
                                                 counted(result.onsets.size(), "hit") + ", " +
                                                 counted(result.rhythm.bars.size(), "bar") +
                                                 written_text(job, settings.extras)});
  return report;
}

/// Everything that one call of run_jobs works with.
class JobRunner {
 public:
  JobRunner(const std::vector<Job>& jobs, const JobSettings& settings, Console& console)
      : jobs_(jobs),
        settings_(settings),
        used_(files_used(jobs, settings)),
        reports_(jobs.size(), console),
        progress_(console, weights(jobs)) {}

  /// The only recording; what goes wrong is thrown.
  void run_alone(unsigned n_threads) {
    try {
      finish(0, run(0, n_threads));
      check_printed();
    } catch (const std::exception& error) {
      if (settings_.json_events) {
        reports_.add(0, {{}, failed_event(jobs_.front(), failure_of(error).message), 0});
      }
      throw;
    }
  }

  /// One of several: what goes wrong is reported and told by the result.
  ExitCode try_run(std::size_t index, unsigned n_threads) {
    try {
      finish(index, run(index, n_threads));
      return ExitCode::Done;
    } catch (const std::exception& error) {
      const Failure failure = failure_of(error);
      fail(index, failure.message);
      return failure.code;
    }
  }

  /// Throws OutputError if not all that was to be printed could be.
  void check_printed() const { reports_.check(); }

 private:
  /// n_threads: for this one recording.
  JobReport run(std::size_t index, unsigned n_threads) {
    const Job& job = jobs_[index];
    const Stopwatch stopwatch;
    JobProgress progress(progress_, index, recording_name(job.input));
    Transcription result =
        settings_.transcriber(job, options_for(job, settings_, n_threads, progress));
    const Stopwatch writing;
    const Job done{job.input, write_outputs(job, result, settings_, used_)};
    result.timings.push_back({"write", writing.seconds()});
    JobReport report = report_of(done, settings_, result);
    if (settings_.timings) {
      report.messages.push_back(
          {&Console::result, timings_text(job.input, result, stopwatch.seconds())});
    }
    if (settings_.json_events)
      report.event = done_event(done, settings_.extras, result, stopwatch.seconds());
    for (const Target& target : job.targets) {
      const auto n_pages = static_cast<std::size_t>(std::ranges::count(
          done.targets, target.format, [](const Target& page) { return page.format; }));
      if (const std::string left = pages_left(target, n_pages, used_); !left.empty()) {
        report.messages.push_back({&Console::warning, left});
      }
    }
    report.sound_s = result.duration_s;
    return report;
  }

  void fail(std::size_t index, const std::string& message) {
    JobReport report{{{&Console::error, message}}, {}, 0};
    if (settings_.json_events) report.event = failed_event(jobs_[index], message);
    finish(index, std::move(report));
  }

  void finish(std::size_t index, JobReport report) {
    const double sound_s = report.sound_s;
    reports_.add(index, std::move(report));
    progress_.finish(index, sound_s);
  }

  const std::vector<Job>& jobs_;
  const JobSettings& settings_;
  const std::set<std::filesystem::path> used_;
  OrderedReports reports_;
  Progress progress_;
};

}  // namespace

ExitCode run_jobs(const std::vector<Job>& jobs, const JobSettings& settings, Console& console) {
  JobRunner runner(jobs, settings, console);
  if (jobs.size() == 1) {
    runner.run_alone(settings.n_threads);
    if (settings.timings) console.result(total_text());
    return ExitCode::Done;
  }
  const std::size_t n_workers = std::min<std::size_t>(settings.n_threads, jobs.size());
  const auto threads_each = static_cast<unsigned>(settings.n_threads / n_workers);
  std::atomic<std::size_t> next = 0;
  Endings endings(jobs.size());
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs.size(); i = next++) {
      endings.add(runner.try_run(i, threads_each));
    }
  };
  {
    std::vector<std::jthread> workers;
    try {
      for (std::size_t i = 1; i < n_workers; ++i) workers.emplace_back(work);
    } catch (const std::system_error&) {
      // No more threads are to be had: those there are do all the recordings.
    }
    work();
  }
  if (settings.timings) console.result(total_text());
  runner.check_printed();
  if (endings.n_failed() > 0) console.error(endings.failed_text());
  return endings.exit_code();
}

}  // namespace fyr::app
