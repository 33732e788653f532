// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/timings.hpp"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iomanip>
#include <limits>
#include <optional>
#include <sstream>

#include "app/console.hpp"
#include "text.hpp"

namespace fyr::app {
namespace {

/// Linux: field 22 of /proc/self/stat (see proc(5)) holds the start in clock ticks since boot.
/// Nothing where /proc is not mounted.
std::optional<double> seconds_since_start() {
  std::ifstream stat("/proc/self/stat");
  stat.ignore(std::numeric_limits<std::streamsize>::max(), ')');
  std::string field;
  for (int i = 3; i <= 22; ++i) stat >> field;
  const std::optional<double> start_ticks = to_number(field);
  if (!start_ticks) return std::nullopt;
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  const double ticks_per_s = static_cast<double>(sysconf(_SC_CLK_TCK));
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec) -
         *start_ticks / ticks_per_s;
}

void put_line(std::ostream& out, const std::string& name, double seconds) {
  out << "  " << std::left << std::setw(12) << name << std::right << std::fixed
      << std::setprecision(3) << std::setw(8) << seconds << " s";
}

/// The kernel's mark for this program; getrusage would count the one that started it as well.
long peak_memory_kib() {
  std::ifstream status("/proc/self/status");
  long kib = 0;
  for (std::string word; status >> word;) {
    if (word == "VmHWM:") status >> kib;
  }
  return kib;
}

}  // namespace

void add_times(const std::vector<StageTime>& more, std::vector<StageTime>& times) {
  for (const StageTime& part : more) {
    const auto same = std::ranges::find(times, part.stage, &StageTime::stage);
    if (same == times.end()) {
      times.push_back(part);
    } else {
      same->seconds += part.seconds;
    }
  }
}

std::string timings_text(const std::filesystem::path& input, const Transcription& result,
                         double total_s) {
  std::ostringstream out;
  out << plain(input.string()) << '\n';
  for (const StageTime& time : result.timings) {
    put_line(out, time.stage, time.seconds);
    out << '\n';
  }
  put_line(out, "recording", total_s);
  out << " for " << std::setprecision(1) << result.duration_s
      << " s of sound: " << result.duration_s / total_s << " x real time\n";
  return out.str();
}

std::string total_text() {
  const std::optional<double> seconds = seconds_since_start();
  if (!seconds) return "";
  std::ostringstream out;
  put_line(out, "total", *seconds);
  out << " since the program started, peak memory " << peak_memory_kib() / 1024 << " MiB\n";
  return out.str();
}

}  // namespace fyr::app
