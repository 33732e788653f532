// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "evaluate/annotation_formats.hpp"
#include "text.hpp"

namespace fyr {
namespace {

/// Parses one line's fields into a hit, or says in `problems` what is wrong with it.
class HitLines {
 public:
  explicit HitLines(Annotation& annotation) : annotation_(annotation) {}

  void reject(int line, const std::string& problem) {
    annotation_.problems.push_back(annotation_.file + ':' + std::to_string(line) + ": " + problem);
  }

  void add(int line, std::string_view time, std::string_view label, std::string_view velocity) {
    const auto time_s = to_number(time);
    const auto level = velocity.empty() ? 0.0 : to_number(velocity);
    if (!time_s || *time_s < 0) {
      reject(line, "expected seconds, found \"" + std::string(time) + '"');
    } else if (label.empty()) {
      reject(line, "no drum");
    } else if (!level || *level < 0 || *level > 127) {
      reject(line, "expected a velocity from 0 to 127, found \"" + std::string(velocity) + '"');
    } else {
      annotation_.hits.push_back({*time_s, std::string(label), static_cast<int>(*level), line});
    }
  }

 private:
  Annotation& annotation_;
};

}  // namespace

void read_fyr_csv(const std::filesystem::path& path, Annotation& annotation) {
  const std::string text = read_file(path);
  const auto lines = lines_of(text);
  HitLines hits(annotation);
  const auto header = fields_of(lines.empty() ? std::string_view() : lines[0], ',');
  const auto column = [&](std::string_view name) {
    return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin());
  };
  const std::size_t time = column("time_s");
  const std::size_t drum = column("drum");
  const std::size_t velocity = column("velocity");
  if (time == header.size() || drum == header.size()) {
    hits.reject(1, "expected a header with time_s and drum, found \"" +
                       (lines.empty() ? std::string() : std::string(lines[0])) + '"');
    return;
  }
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (trimmed(lines[i]).empty()) continue;
    const auto fields = fields_of(lines[i], ',');
    const int number = static_cast<int>(i) + 1;
    if (fields.size() != header.size()) {
      hits.reject(number, "expected " + std::to_string(header.size()) + " fields, found " +
                              std::to_string(fields.size()));
      continue;
    }
    hits.add(number, fields[time], fields[drum],
             velocity < fields.size() ? fields[velocity] : std::string_view());
  }
}

void read_label_text(const std::filesystem::path& path, Annotation& annotation) {
  const std::string text = read_file(path);
  HitLines hits(annotation);
  int number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    const auto fields = fields_of(line, ' ');
    if (fields.empty()) continue;
    if (fields.size() > 3) {
      hits.reject(number, "expected \"seconds label [velocity]\", found \"" +
                              std::string(trimmed(line)) + '"');
      continue;
    }
    hits.add(number, fields[0], fields.size() > 1 ? fields[1] : std::string_view(),
             fields.size() > 2 ? fields[2] : std::string_view());
  }
}

}  // namespace fyr
