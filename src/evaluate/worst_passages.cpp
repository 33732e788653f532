// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "fyr/evaluate.hpp"

namespace fyr {
namespace {

constexpr double kPassage_s = 4;  ///< Two bars or so: what one listens to at once.

std::vector<Passage> passages_of(const RecordingScore& recording) {
  std::map<int, Passage> passages;
  const std::size_t n = recording.classes.size();
  const auto at = [&](double time_s) -> Passage& {
    const int number = static_cast<int>(std::floor(time_s / kPassage_s));
    Passage& passage = passages[number];
    if (passage.missed.empty()) {
      passage = {recording.name, number * kPassage_s, (number + 1) * kPassage_s,
                 std::vector<int>(n, 0), std::vector<int>(n, 0)};
    }
    return passage;
  };
  for (std::size_t drum = 0; drum < n; ++drum) {
    for (const double time_s : recording.classes[drum].missed_s) ++at(time_s).missed[drum];
    for (const double time_s : recording.classes[drum].extra_s) ++at(time_s).extra[drum];
  }
  std::vector<Passage> found;
  for (auto& [number, passage] : passages) found.push_back(std::move(passage));
  return found;
}

}  // namespace

int Passage::n_mistakes() const {
  return std::accumulate(missed.begin(), missed.end(), 0) +
         std::accumulate(extra.begin(), extra.end(), 0);
}

std::vector<Passage> worst_passages(const std::vector<RecordingScore>& recordings, int n) {
  std::vector<Passage> all;
  for (const RecordingScore& recording : recordings) {
    for (Passage& passage : passages_of(recording)) all.push_back(std::move(passage));
  }
  std::stable_sort(all.begin(), all.end(), [](const Passage& a, const Passage& b) {
    return a.n_mistakes() > b.n_mistakes();
  });
  if (static_cast<int>(all.size()) > n) all.resize(static_cast<std::size_t>(std::max(n, 0)));
  return all;
}

}  // namespace fyr
