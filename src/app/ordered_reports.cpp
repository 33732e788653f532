// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ordered_reports.hpp"

#include <utility>

#include "app/output_file.hpp"
#include "fyr/error.hpp"

namespace fyr::app {

void OrderedReports::add(std::size_t job, JobReport report) {
  const std::lock_guard lock(mutex_);
  waiting_[job] = std::move(report);
  while (next_ < waiting_.size() && waiting_[next_]) {
    const JobReport now = std::move(*waiting_[next_++]);
    for (const Message& message : now.messages) (console_.*message.show)(message.text);
    print(now.event);
  }
}

void OrderedReports::check() const {
  if (!print_error_.empty()) throw OutputError(print_error_);
}

/// Standard output that fails once is left alone: the recordings are still worth their scores.
void OrderedReports::print(const std::string& event) {
  if (event.empty() || !print_error_.empty()) return;
  try {
    write_output("-", event, false);
  } catch (const OutputError& error) {
    print_error_ = error.what();
  }
}

}  // namespace fyr::app
