// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "fyr/annotation.hpp"
#include "number.hpp"

namespace fyr {
namespace {

/// What a label becomes in one vocabulary.
struct Target {
  enum class Kind { Class, Ignored, Unknown, TooCoarse } kind = Kind::Unknown;
  int drum = 0;
};

Target find_target(const LabelMap& map, const Vocabulary& vocabulary, const std::string& label) {
  const LabelMeaning* meaning = map.find(label);
  if (!meaning) return {Target::Kind::Unknown};
  for (const auto& [id, name] : meaning->classes) {
    if (id != vocabulary.id) continue;
    if (name.empty()) return {Target::Kind::Ignored};
    const auto it = std::find(vocabulary.classes.begin(), vocabulary.classes.end(), name);
    return {Target::Kind::Class, static_cast<int>(it - vocabulary.classes.begin())};
  }
  return {Target::Kind::TooCoarse};
}

std::string where(const Annotation& annotation, const AnnotatedHit& hit) {
  return annotation.file +
         (hit.line > 0 ? ":" + std::to_string(hit.line) : " at " + to_text(hit.time_s) + " s");
}

/// Keeps the first of every run of hits of one class that lie within merge_s of it.
std::vector<Hit> merged(const std::vector<Hit>& hits, const Vocabulary& vocabulary) {
  std::vector<double> last_s(vocabulary.classes.size(), -std::numeric_limits<double>::infinity());
  std::vector<Hit> kept;
  for (const Hit& hit : hits) {
    double& last = last_s[static_cast<std::size_t>(hit.drum)];
    if (hit.time_s - last < vocabulary.merge_s) continue;
    last = hit.time_s;
    kept.push_back(hit);
  }
  return kept;
}

/// Whether one class's later hit in a score is the same to a vocabulary that merges.
bool is_merged(const WrittenHit& first, const WrittenHit& later, double merge_s) {
  if (first.time_s && later.time_s) return std::abs(*later.time_s - *first.time_s) < merge_s;
  return later.bar == first.bar && later.tick == first.tick;
}

}  // namespace

std::vector<Hit> fold(const Annotation& annotation, const LabelMap& map,
                      const Vocabulary& vocabulary, bool ignore_unknown,
                      std::vector<std::string>& problems) {
  std::map<std::string, Target> targets;
  std::vector<Hit> hits;
  for (const AnnotatedHit& hit : annotation.hits) {
    const auto [it, is_new] = targets.try_emplace(hit.label);
    Target& target = it->second;
    if (is_new) target = find_target(map, vocabulary, hit.label);
    if (target.kind == Target::Kind::Class) {
      hits.push_back({hit.time_s, target.drum, hit.velocity});
    } else if (is_new && target.kind == Target::Kind::Unknown && !ignore_unknown) {
      problems.push_back(where(annotation, hit) + ": label \"" + hit.label + "\" is not in map " +
                         map.id + "; see --show-map, --ignore-unknown");
    } else if (is_new && target.kind == Target::Kind::TooCoarse) {
      problems.push_back(where(annotation, hit) + ": label \"" + hit.label +
                         "\" is coarser than vocabulary " + vocabulary.id);
    }
  }
  return vocabulary.merge_s > 0 ? merged(hits, vocabulary) : hits;
}

WrittenPart fold_written(const Annotation& annotation, const LabelMap& map,
                         const Vocabulary& vocabulary) {
  std::vector<WrittenHit> written = annotation.written;
  std::ranges::stable_sort(written, {},
                           [](const auto& hit) { return std::pair(hit.bar, hit.tick); });
  WrittenPart part;
  part.bar_ticks = annotation.bar_ticks;
  std::vector<const WrittenHit*> kept(vocabulary.classes.size());  // The last of each class.
  for (const WrittenHit& hit : written) {
    const Target target = find_target(map, vocabulary, hit.label);
    if (target.kind != Target::Kind::Class) continue;
    const WrittenHit*& last = kept[static_cast<std::size_t>(target.drum)];
    if (vocabulary.merge_s > 0 && last && is_merged(*last, hit, vocabulary.merge_s)) continue;
    last = &hit;
    part.hits.push_back({target.drum, hit.bar, hit.tick});
  }
  return part;
}

}  // namespace fyr
