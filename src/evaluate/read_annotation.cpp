// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "evaluate/annotation_formats.hpp"
#include "fyr/annotation.hpp"
#include "fyr/error.hpp"
#include "text.hpp"

namespace fyr {
namespace {

constexpr double kMaxBeat = 32;  ///< Of a bar.

/// Hits or beats in a second. Nobody plays as many, and pairing them takes time and memory with
/// the square of how many stand together.
constexpr std::size_t kMostInASecond = 2000;

/// Of formats whose times are computed or not checked line by line.
void check_times(const Annotation& annotation) {
  const bool late = std::ranges::any_of(
      annotation.hits, [](const AnnotatedHit& hit) { return !(hit.time_s <= kLatest_s); });
  if (late || !(annotation.duration_s <= kLatest_s)) {
    throw InputError("cannot read \"" + annotation.file + "\": it lasts more than 1000000 s");
  }
}

/// Requires: `moments` by time.
template <class Moment>
void check_density(const std::vector<Moment>& moments, const char* what, const std::string& file) {
  for (std::size_t i = kMostInASecond; i < moments.size(); ++i) {
    const double start_s = moments[i - kMostInASecond].time_s;
    if (moments[i].time_s - start_s >= 1) continue;
    throw InputError("cannot read \"" + file + "\": it has more than " +
                     std::to_string(kMostInASecond) + ' ' + what + " in the second from " +
                     std::to_string(start_s) + " s on");
  }
}

/// Places in the bar are paired like times.
void check_places(const Annotation& annotation) {
  std::map<std::pair<int, double>, std::size_t> n_hits;
  for (const WrittenHit& hit : annotation.written) {
    if (++n_hits[{hit.bar, hit.tick}] <= kMostInASecond) continue;
    throw InputError("cannot read \"" + annotation.file + "\": it has more than " +
                     std::to_string(kMostInASecond) + " hits at one place in a bar");
  }
}

/// By time, as whoever pairs them needs them.
void finish(std::vector<Beat>& beats, const std::string& file) {
  std::ranges::stable_sort(beats, {}, &Beat::time_s);
  check_density(beats, "beats", file);
}

void finish(Annotation& annotation) {
  check_times(annotation);
  std::stable_sort(annotation.hits.begin(), annotation.hits.end(),
                   [](const auto& a, const auto& b) { return a.time_s < b.time_s; });
  check_density(annotation.hits, "hits", annotation.file);
  check_places(annotation);
  finish(annotation.beats, annotation.file);
  if (!annotation.hits.empty()) {
    annotation.duration_s = std::max(annotation.duration_s, annotation.hits.back().time_s);
  }
}

}  // namespace

Annotation read_annotation(const std::filesystem::path& path) {
  Annotation annotation;
  annotation.file = path.string();
  const std::string suffix = lower_suffix(path);
  if (suffix == ".csv") {
    read_fyr_csv(path, annotation);
  } else if (suffix == ".txt" || suffix == ".labels") {
    read_label_text(path, annotation);
  } else if (suffix == ".xml") {
    read_idmt_xml(path, annotation);
  } else if (suffix == ".mid" || suffix == ".midi") {
    read_midi(path, annotation);
  } else if (suffix == ".json") {
    read_fyr_json(path, annotation);
  } else {
    throw InputError("cannot read \"" + path.string() +
                     "\": annotations end in .csv, .txt, .labels, .xml, .mid, .midi or .json; "
                     "give the file the ending of its format");
  }
  finish(annotation);
  return annotation;
}

std::vector<Beat> read_beats(const std::filesystem::path& path) {
  std::vector<Beat> beats;
  const std::string text = read_file(path);
  int number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    const auto fields = fields_of(line, ' ');
    if (fields.empty()) continue;
    const auto time_s = to_number(fields[0]);
    const double beat = fields.size() > 1 ? to_number(fields[1]).value_or(0) : 0;
    const bool is_beat = time_s && std::abs(*time_s) <= kLatest_s && beat >= 1 &&
                         beat <= kMaxBeat && beat == std::round(beat);
    if (!is_beat) {
      throw InputError(path.string() + ':' + std::to_string(number) +
                       ": expected \"seconds beat-number\", numbers from 1 to 32, found \"" +
                       std::string(trimmed(line)) + '"');
    }
    beats.push_back({*time_s, static_cast<int>(beat)});
  }
  finish(beats, path.string());
  return beats;
}

std::string guess_label_map(const Annotation& annotation) {
  const std::string suffix = lower_suffix(annotation.file);
  if (suffix == ".xml") return "idmt";
  if (suffix == ".mid" || suffix == ".midi") return "gm";
  if (suffix == ".csv" || suffix == ".json") return "fyr";
  const bool ours =
      !annotation.hits.empty() && std::ranges::all_of(annotation.hits, [](const auto& hit) {
        return drum_from_id(hit.label).has_value();
      });
  if (ours) return "fyr";
  const bool keys = std::all_of(annotation.hits.begin(), annotation.hits.end(),
                                [](const auto& hit) { return to_number(hit.label).has_value(); });
  return keys ? "gm" : "mdb";
}

}  // namespace fyr
