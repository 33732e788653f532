// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "rhythm/viterbi.hpp"

namespace fyr::rhythm {

/// Fixes the path up to kSettleEvery frames ago.
void Viterbi::settle(int t) {
  const int until = t - kSettleEvery;
  if (until <= 0) return;
  const Leader best = leader();
  const Rest& rest = rest_at(t);
  const bool resting = rest.score >= best.score;
  trace_back(resting ? rest : Rest{best.score, best.frame, best.tempo, best.state}, t, until);
  // Scores count from here, so that floats stay exact however long the music is. Before the first
  // hit there is no leader, only rest.
  const float highest = std::max(best.score, rest.score);
  const auto lower = [&](float& score) {
    if (score > kNever / 2) score -= highest;
  };
  for (int frame = std::max(0, t - ring_ + 1); frame <= t; ++frame) {
    for (int k = 0; k < space_.n_tempi(); ++k) {
      if (alive_at(frame, k) != 0) std::for_each_n(starts_at(frame, k), stride_, lower);
    }
  }
  for (Leader& one : leaders_) lower(one.score);
  for (int frame = until; frame <= t; ++frame) lower(rest_at(frame).score);
}

Viterbi::StepBegin Viterbi::begin_of(const StepEnd& end) const {
  const State& state = space_.state(end.state);
  const double period = space_.period(end.tempo) / (state.half ? 2 : 1);
  const int longer = (choices_.row(end.frame, end.tempo)[end.state] & kLengthBits) - kMostDeviation;
  const int begin = end.frame - nearest_length(period) - longer;
  const std::uint8_t* source = choices_.row(begin, end.tempo);
  const int change = source[end.state] >> kChangeShift;
  if (change == kRested) return {{begin, end.tempo, end.state}, true};
  const int tempo =
      neighbours_[static_cast<std::size_t>(end.tempo)][static_cast<std::size_t>(change)];
  const std::uint8_t* meters = source + stride_;
  const int before =
      state.step > 0 ? end.state - 1 : static_cast<int>(meters_[meters[state.meter]].last_state);
  return {{begin, tempo, before}, false};
}

/// Appends the steps of the path that is at `rest` in frame `now`, as far as they end by `until`
/// and are not settled yet.
void Viterbi::trace_back(Rest rest, int now, int until) {
  const int known = std::max(settled_, now - 2 * kSettleEvery);
  std::vector<Pulse> found;
  int settled = settled_;
  while (rest.entered > known) {
    StepEnd end{rest.entered, rest.tempo, rest.state};
    bool starts = false;
    while (!starts && end.frame > known) {
      const StepBegin begin = begin_of(end);
      if (end.frame <= until && begin.at.frame >= settled_) {
        const State& state = space_.state(end.state);
        found.push_back({evidence_.seconds_of(begin.at.frame), state.meter, state.step,
                         evidence_.seconds_of(end.frame)});
        settled = std::max(settled, end.frame);
      }
      starts = begin.starts;
      end = begin.at;
    }
    const Rest* before = starts ? rest_before(end.frame) : nullptr;
    if (before == nullptr) break;
    rest = *before;
  }
  settled_ = settled;
  pulses_.insert(pulses_.end(), found.rbegin(), found.rend());
}

}  // namespace fyr::rhythm
