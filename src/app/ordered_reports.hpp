// SPDX-License-Identifier: GPL-3.0-or-later

/// What is told of several jobs that run side by side, in the order in which they were given.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/console.hpp"

namespace fyr::app {

/// What is to be said about one job, and how.
struct Message {
  void (Console::*show)(const std::string&);
  std::string text;
};

struct JobReport {
  std::vector<Message> messages;
  std::string event;   ///< A line of JSON for standard output; empty: none.
  double sound_s = 0;  ///< Length of the recording, as far as it was heard.
};

/// Shows what there is to say in the order of the jobs, as soon as all before have been shown. Safe
/// to use from several threads.
class OrderedReports {
 public:
  OrderedReports(std::size_t n_jobs, Console& console) : waiting_(n_jobs), console_(console) {}

  void add(std::size_t job, JobReport report);

  /// Throws OutputError if an event could not be printed.
  void check() const;

 private:
  void print(const std::string& event);

  std::mutex mutex_;
  std::vector<std::optional<JobReport>> waiting_;
  std::size_t next_ = 0;
  std::string print_error_;  ///< Empty: none.
  Console& console_;
};

}  // namespace fyr::app
