// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/evaluate.hpp"

#include <map>
#include <set>

namespace fyr {
namespace {

/// Maps already loaded; an empty id is guessed from the annotation.
class Maps {
 public:
  const LabelMap& get(const std::string& id, const Annotation& annotation) {
    const std::string key = id.empty() ? guess_label_map(annotation) : id;
    const auto it = maps_.find(key);
    return it != maps_.end() ? it->second : maps_.emplace(key, load_label_map(key)).first->second;
  }

 private:
  std::map<std::string, LabelMap> maps_;
};

/// Problems of one run, each named once though every vocabulary and window meets it.
class Problems {
 public:
  void add(const std::vector<std::string>& problems) {
    for (const std::string& problem : problems) {
      if (seen_.insert(problem).second) all_.push_back(problem);
    }
  }
  const std::vector<std::string>& all() const { return all_; }

 private:
  std::set<std::string> seen_;
  std::vector<std::string> all_;
};

/// A pair in one vocabulary.
struct FoldedPair {
  const EvaluationPair* pair;
  const LabelMap* reference_map;
  const LabelMap* estimate_map;
  std::vector<Hit> reference;
  std::vector<Hit> estimate;
};

std::vector<FoldedPair> fold_all(const std::vector<EvaluationPair>& pairs,
                                 const Vocabulary& vocabulary, const EvaluateOptions& options,
                                 Maps& maps, Problems& problems) {
  std::vector<FoldedPair> folded;
  for (const EvaluationPair& pair : pairs) {
    problems.add(pair.problems);
    if (!pair.problems.empty()) continue;
    const LabelMap& reference_map = maps.get(options.reference_map, pair.reference);
    const LabelMap& estimate_map = maps.get(options.estimate_map, pair.estimate);
    std::vector<std::string> found;
    FoldedPair both{&pair, &reference_map, &estimate_map, {}, {}};
    both.reference = fold(pair.reference, reference_map, vocabulary, options.ignore_unknown, found);
    both.estimate = fold(pair.estimate, estimate_map, vocabulary, options.ignore_unknown, found);
    problems.add(found);
    if (found.empty()) folded.push_back(std::move(both));
  }
  return folded;
}

RecordingScore score(const FoldedPair& folded, const Vocabulary& vocabulary, double window_s,
                     const EvaluateOptions& options) {
  const EvaluationPair& pair = *folded.pair;
  RecordingScore score =
      score_recording(pair.name, folded.reference, folded.estimate, vocabulary, window_s);
  if (options.beats && !pair.reference.beats.empty()) {
    score.beats = score_beats(pair.reference.beats, pair.estimate.beats);
  }
  if (options.slots && !pair.reference.bar_ticks.empty()) {
    score.slots =
        score_slots(fold_written(pair.reference, *folded.reference_map, vocabulary),
                    fold_written(pair.estimate, *folded.estimate_map, vocabulary), vocabulary);
  }
  return score;
}

}  // namespace

Report evaluate(const std::vector<EvaluationPair>& pairs, const EvaluateOptions& options) {
  Report report;
  Maps maps;
  Problems problems;
  for (const std::string& id : options.vocabularies) {
    const Vocabulary& words = vocabulary(id);
    const auto folded = fold_all(pairs, words, options, maps, problems);
    for (const double window_s : options.windows_s) {
      ScoreSheet sheet{id, window_s, {}, {}};
      for (const FoldedPair& pair : folded) {
        sheet.recordings.push_back(score(pair, words, window_s, options));
      }
      sheet.summary = summarise(sheet.recordings, words);
      report.sheets.push_back(std::move(sheet));
    }
  }
  report.problems = problems.all();
  return report;
}

}  // namespace fyr
