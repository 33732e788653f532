// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/transcribe_jobs.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <utility>

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

/// What is to be said about one job, and how.
struct Message {
  void (Console::*show)(const std::string&);
  std::string text;
};
using Messages = std::vector<Message>;

/// Shows what there is to say in the order of the jobs, as soon as all before have been shown. Safe
/// to use from several threads.
class OrderedReports {
 public:
  OrderedReports(std::size_t n_jobs, Console& console) : waiting_(n_jobs), console_(console) {}

  void add(std::size_t job, Messages messages) {
    const std::lock_guard lock(mutex_);
    waiting_[job] = std::move(messages);
    for (; next_ < waiting_.size() && waiting_[next_]; ++next_) {
      for (const Message& message : *waiting_[next_]) (console_.*message.show)(message.text);
    }
  }

 private:
  std::mutex mutex_;
  std::vector<std::optional<Messages>> waiting_;
  std::size_t next_ = 0;
  Console& console_;
};

Messages report(const Job& job, const Transcription& result) {
  Messages messages;
  if (result.onsets.empty()) {
    messages.push_back(
        {&Console::warning,
         "no drums were heard in \"" + job.input.string() +
             "\"; the score is empty. Is it the right recording? A lower --threshold finds "
             "fainter hits"});
  }
  std::ostringstream text;
  text << "\"" << job.input.string() << "\": " << result.onsets.size() << " hits, "
       << result.score.measures.size() << " bars";
  for (const Target& target : job.targets) {
    if (target.path != "-") text << " -> " << target.path.string();
  }
  messages.push_back({&Console::note, text.str()});
  return messages;
}

/// All pages or none: a page that would overwrite something shows before the first is written.
void write_pages(const Target& target, const std::vector<std::string>& pages, bool force) {
  if (target.path == "-" && pages.size() > 1) {
    throw OutputError("the score has " + std::to_string(pages.size()) +
                      " pages, and standard output takes one picture; choose pdf or name a file");
  }
  for (std::size_t number = 2; number <= pages.size(); ++number) {
    check_output(page_path(target.path, number), force);
  }
  for (std::size_t number = 1; number <= pages.size(); ++number) {
    write_output(page_path(target.path, number), pages[number - 1], force);
  }
}

/// n_threads: for this one recording.
Messages run_job(const Job& job, const JobSettings& settings, unsigned n_threads,
                 Console& console) {
  const Stopwatch stopwatch;
  Transcription result = transcribe(job.input, settings.model, settings.network,
                                    options_for(job, settings, n_threads, console));
  const Stopwatch writing;
  for (const Target& target : job.targets) {
    write_pages(target, target.format->pages(result, settings.formats), settings.force);
  }
  if (!settings.doubts.empty()) {
    std::ostringstream bytes;
    write_doubts(result.rhythm, result.score, settings.doubts_below, bytes);
    write_output(settings.doubts, bytes.view(), settings.force);
  }
  result.timings.push_back({"write", writing.seconds()});
  Messages messages = report(job, result);
  if (settings.timings) {
    messages.push_back({&Console::result, timings_text(job.input, result, stopwatch.seconds())});
  }
  return messages;
}

}  // namespace

ExitCode run_jobs(const std::vector<Job>& jobs, const JobSettings& settings, Console& console) {
  const std::size_t n_workers = std::min<std::size_t>(settings.n_threads, jobs.size());
  const auto threads_each = static_cast<unsigned>(settings.n_threads / n_workers);
  OrderedReports reports(jobs.size(), console);
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> n_failed = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs.size(); i = next++) {
      try {
        reports.add(i, run_job(jobs[i], settings, threads_each, console));
      } catch (const std::exception& error) {
        if (jobs.size() == 1) throw;
        reports.add(i, {{&Console::error, error.what()}});
        ++n_failed;
      }
    }
  };
  {
    std::vector<std::jthread> workers;
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
