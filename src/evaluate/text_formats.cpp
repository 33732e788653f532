// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include "evaluate/annotation_formats.hpp"
#include "evaluate/hit_list.hpp"
#include "fyr/error.hpp"
#include "text.hpp"

namespace fyr {
namespace {

void reject(Annotation& annotation, int line, const std::string& problem) {
  annotation.problems.push_back(annotation.file + ':' + std::to_string(line) + ": " + problem);
}

/// A line's fields as those of a hit: start, end and label of an Audacity label track, else
/// seconds, label and velocity.
ListedHit hit_of(int line, const std::vector<std::string_view>& fields) {
  const auto field = [&](std::size_t i) {
    return i < fields.size() ? fields[i] : std::string_view();
  };
  if (fields.size() == 3 && to_number(fields[1]) && !to_number(fields[2])) {
    return parse_hit(line, fields[0], fields[2], {}, {});
  }
  if (fields.size() < 2 || fields.size() > 3) {
    throw InputError(
        "expected \"seconds label [velocity]\" or a label track's \"start end label\"");
  }
  return parse_hit(line, field(0), field(1), field(2), {});
}

void add(Annotation& annotation, const ListedHit& hit) {
  annotation.hits.push_back({hit.time_s, hit.drum, hit.velocity.value_or(0), hit.line});
}

}  // namespace

void read_fyr_csv(const std::filesystem::path& path, Annotation& annotation) {
  const HitList list = read_hit_list(read_file(path), '"' + path.string() + '"');
  for (const ListedHit& hit : list.hits) add(annotation, hit);
  for (const auto& [line, cause] : list.problems) reject(annotation, line, cause);
}

void read_label_text(const std::filesystem::path& path, Annotation& annotation) {
  const std::string text = read_file(path);
  check_encoding(text, '"' + path.string() + '"');
  int number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    const auto fields = fields_of(line, ' ');
    if (fields.empty()) continue;
    try {
      add(annotation, hit_of(number, fields));
    } catch (const InputError& error) {
      reject(annotation, number, error.what());
    }
  }
}

}  // namespace fyr
