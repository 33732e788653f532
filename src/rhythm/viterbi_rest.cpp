// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "rhythm/viterbi.hpp"

namespace fyr::rhythm {
namespace {

// Log-likelihoods. The upbeat was chosen on Groove, the others by hand (docs/rhythm_history.md,
// "Where music begins" and "Pauses").
constexpr float kStop = -8.0F;         ///< Music stops. It goes on in time, …
constexpr float kOtherBeat = -16.0F;   ///< … or in its tempo, but not in time, …
constexpr float kOtherTempo = -24.0F;  ///< … or in another tempo.
constexpr float kUpbeat = -12.0F;      ///< It starts inside a bar, and not in time.
constexpr float kSteadyPrice = 2;      ///< Of the other beat or tempo, in music that has one.

/// The tempo that goes on is the mean of so many steps …
constexpr int kStepsBefore = 16;
constexpr float kFewestSteps = 4;  ///< Stray strokes have no tempo.
/// … and what goes on in time is off by so much: frames, and as a share of the pause.
constexpr float kInTimeDeviation = 1.5F;
constexpr float kDrift = 0.004F;

}  // namespace

void Viterbi::rest(int t) {
  Rest& now = rest_at(t);
  now = Rest{kNever};
  if (t == 0) {
    now.score = 0;
    return;
  }
  const auto& first_hit = evidence_.first_hit;
  if (first_hit[static_cast<std::size_t>(t)] == first_hit[static_cast<std::size_t>(t) - 1]) {
    now = rest_at(t - 1);
  }
  const int later = std::min(t + kLeastRest, evidence_.n_frames);
  if (first_hit[static_cast<std::size_t>(later)] != first_hit[static_cast<std::size_t>(t)]) return;
  for (int k = 0; k < space_.n_tempi(); ++k) {
    if (row_best_[static_cast<std::size_t>(k)] + kStop <= now.score) continue;
    for (int s = 0; s < space_.n_states(); ++s) {
      const float score = ends_[row(k) + static_cast<std::size_t>(s)] + kStop;
      if (score > now.score) now = {score, t, k, s};
    }
  }
}

/// The rest that a step beginning at `t` may follow; none if a hit is too near.
const Viterbi::Rest* Viterbi::rest_before(int t) const {
  const Rest& now = rest_at(t);
  if (now.entered < 0) return now.score > kNever ? &now : nullptr;
  const int earlier = std::max(0, t - kLeastRest);
  const bool silent = evidence_.first_hit[static_cast<std::size_t>(earlier)] ==
                      evidence_.first_hit[static_cast<std::size_t>(t)];
  return silent && rest_at(earlier).score > kNever ? &rest_at(earlier) : nullptr;
}

/// The mean period of the last steps before `rest`, in frames; 0 if they are too few or forgotten.
float Viterbi::period_before(const Rest& rest, int now) {
  if (pause_.stopped == rest.entered) return pause_.period;
  const int known = now - 2 * kSettleEvery;
  StepEnd end{rest.entered, rest.tempo, rest.state};
  float n_steps = 0;
  bool starts = false;
  for (int i = 0; i < kStepsBefore && !starts && end.frame > known; ++i) {
    n_steps += space_.state(end.state).half ? 0.5F : 1.0F;
    const StepBegin begin = begin_of(end);
    starts = begin.starts;
    end = begin.at;
  }
  const bool has_tempo = n_steps >= kFewestSteps;
  pause_ = {rest.entered,
            has_tempo ? static_cast<float>(rest.entered - end.frame) / n_steps : 0.0F};
  return pause_.period;
}

/// First steps of the recording, or after a pause: in time with what was before it or, at a price,
/// anywhere.
void Viterbi::begin_music(int t, int k, const Rest& rested, float* into, std::uint8_t* choices) {
  const bool paused = rested.entered >= 0;
  const bool near_tempo =
      paused && std::abs(space_.tempo(k).index - space_.tempo(rested.tempo).index) <= 1;
  const float period = near_tempo ? period_before(rested, t) : 0.0F;
  const float price =
      (period > 0 ? kOtherBeat : kOtherTempo) * (options_.steady ? kSteadyPrice : 1);
  const float elsewhere = rested.score + (paused ? price : 0.0F);

  float due = 0;  // The position in the bar, in steps.
  float deviation = 0;
  std::size_t meter = 0;
  if (period > 0) {
    const State& last = space_.state(rested.state);
    const auto pause = static_cast<float>(t - rested.entered);
    due = positions_[static_cast<std::size_t>(rested.state)] + (last.half ? 0.5F : 1.0F) +
          pause / period;
    deviation = std::hypot(kInTimeDeviation, kDrift * pause) / std::sqrt(rigidity_);
    meter = static_cast<std::size_t>(last.meter);
  }
  for (int s = 0; s < space_.n_states(); ++s) {
    const auto i = static_cast<std::size_t>(s);
    const State& state = space_.state(s);
    const MeterStates& states = meters_[static_cast<std::size_t>(state.meter)];
    float score = elsewhere + (state.step == 0 ? 0.0F : kUpbeat);
    if (period > 0 && states.first_pattern == meters_[meter].first_pattern) {
      const float late = std::remainder(due - positions_[i], states.n_steps) * period / deviation;
      const float in_time = -0.5F * late * late - std::log(deviation / kInTimeDeviation);
      score = std::max(score, rested.score + in_time);
    }
    if (score <= into[i]) continue;
    into[i] = score;
    choices[i] = static_cast<std::uint8_t>((choices[i] & kLengthBits) | kRested << kChangeShift);
  }
}

}  // namespace fyr::rhythm
