// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/job_outputs.hpp"

#include <sstream>
#include <system_error>

#include "app/file_identity.hpp"
#include "app/input_text.hpp"
#include "app/output_file.hpp"
#include "fyr/error.hpp"
#include "fyr/writers.hpp"

namespace fyr::app {
namespace {

/// All pages or none: a page that would overwrite something shows before the first is written.
/// `used`: which a later page must not replace.
std::vector<Target> write_pages(const Target& target, const std::vector<std::string>& pages,
                                const std::set<std::filesystem::path>& used, bool force) {
  if (target.path == "-" && pages.size() > 1) {
    throw OutputError("the score has " + std::to_string(pages.size()) +
                      " pages, and standard output takes one picture; choose pdf or name a file");
  }
  for (std::size_t number = 2; number <= pages.size(); ++number) {
    const std::filesystem::path path = page_path(target.path, number);
    if (used.contains(file_written(path))) {
      throw OutputError("page " + std::to_string(number) + " of \"" + target.path.string() +
                        "\" would replace \"" + path.string() +
                        "\", which this call reads or writes too; choose different folders");
    }
    check_output(path, force);
  }
  std::vector<Target> written;
  for (std::size_t number = 1; number <= pages.size(); ++number) {
    written.push_back({target.format, page_path(target.path, number)});
    write_output(written.back().path, pages[number - 1], force);
  }
  return written;
}

/// MuseScore's failures do not tell whose score it was.
std::vector<std::string> drawn(const Job& job, const OutputFormat& format,
                               const Transcription& result, const JobSettings& settings) {
  try {
    return format.pages(result, settings.formats);
  } catch (const OutputError& error) {
    throw OutputError("cannot draw " + shown_name(job.input) + ": " + error.what());
  }
}

}  // namespace

std::set<std::filesystem::path> files_used(const std::vector<Job>& jobs,
                                           const JobSettings& settings) {
  std::set<std::filesystem::path> files;
  for (const Job& job : jobs) {
    for (const Target& target : job.targets) files.insert(file_written(target.path));
  }
  for (const auto& path : settings.also_used) files.insert(file_written(path));
  return files;
}

std::vector<Target> write_outputs(const Job& job, const Transcription& result,
                                  const JobSettings& settings,
                                  const std::set<std::filesystem::path>& used) {
  std::vector<Target> written;
  for (const Target& target : job.targets) {
    const OutputFormat& format = *target.format;
    if (format.engraved) {
      const auto pages =
          write_pages(target, drawn(job, format, result, settings), used, settings.force);
      written.insert(written.end(), pages.begin(), pages.end());
      continue;
    }
    written.push_back(target);
    const auto write = [&](std::ostream& out) { format.write(result, settings.formats, out); };
    write_output(target.path, write, settings.force);
  }
  if (!settings.doubts.empty()) {
    std::ostringstream bytes;
    write_doubts(result.rhythm, result.score, settings.doubts_below, bytes);
    write_output(settings.doubts, bytes.view(), settings.force);
  }
  return written;
}

std::string pages_left(const Target& target, std::size_t n_pages,
                       const std::set<std::filesystem::path>& used) {
  if (!target.format->engraved || target.path == "-") return {};
  std::size_t last = n_pages;
  const auto is_left = [&](const std::filesystem::path& page) {
    std::error_code ignored;
    return std::filesystem::exists(page, ignored) && !used.contains(file_written(page));
  };
  while (is_left(page_path(target.path, last + 1))) ++last;
  if (last == n_pages) return {};
  std::string first = "\"";
  first += page_path(target.path, n_pages + 1).string() + "\"";
  if (last == n_pages + 1) {
    return first + " is no page of this score; if it is one of an earlier score, remove it";
  }
  return first + " to \"" + page_path(target.path, last).filename().string() +
         "\" are no pages of this score; if they are of an earlier score, remove them";
}

}  // namespace fyr::app
