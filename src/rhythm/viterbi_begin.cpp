// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstring>

#include "rhythm/viterbi.hpp"

namespace fyr::rhythm {
namespace {

/// Price of a change of tempo by 3 % from one step to the next, by hand: with less the steps slide
/// to where hits between the beats look like beats (docs/rhythm_history.md, "Pauses").
constexpr float kTempoChange = 3.0F;

/// Tempi whose best score is this far behind the leader's are given up (Viterbi beam).
constexpr float kBeam = 24.0F;

// Log-likelihoods. The change of meter is by hand, the other was chosen on rendered performances of
// Groove's validation split (docs/rhythm_history.md).
constexpr float kMeterChange = -15.0F;   ///< Rare inside a song.
constexpr float kPatternChange = -3.0F;  ///< To another pattern of a meter: a fill, a chorus.

}  // namespace

void Viterbi::begin_steps(int t) {
  const Rest* rested = rest_before(t);
  const auto next = static_cast<std::size_t>(evidence_.first_hit[static_cast<std::size_t>(t)]);
  const double silent =
      next < evidence_.hits.size() ? evidence_.hits[next].frame - t : evidence_.n_frames;
  const float least = leading_score(t) - kBeam;
  for (int k = 0; k < space_.n_tempi(); ++k) {
    const auto& from = neighbours_[static_cast<std::size_t>(k)];
    // Music starts with a step that is played.
    const bool may_start = rested != nullptr && silent < space_.period(k);
    const bool alive =
        may_start || std::any_of(from.begin(), from.end(), [&](int n) {
          // Without a leader `least` is as low as what rows without ends have.
          return n >= 0 && has_ends(n) && row_best_[static_cast<std::size_t>(n)] >= least;
        });
    alive_at(t, k) = alive ? 1 : 0;
    if (alive) last_alive_[static_cast<std::size_t>(k)] = t;
    if (!alive && !has_ends(k)) continue;
    std::uint8_t* choices = choices_.add(t, k);
    if (has_ends(k)) std::memcpy(choices, marks_.data() + row(k), stride_);
    if (alive) begin_row(t, k, may_start ? rested : nullptr, choices);
  }
}

/// First or next steps of tempo `k`, and in `choices` where they came from.
void Viterbi::begin_row(int t, int k, const Rest* rested, std::uint8_t* choices) {
  std::array<Arrival, 2 * kMostTempoChange + 1> arrivals;
  const float tempo_change = kTempoChange * rigidity_;
  int n = 0;
  for (int change = 0; change <= 2 * kMostTempoChange; ++change) {
    const int from = neighbours_[static_cast<std::size_t>(k)][static_cast<std::size_t>(change)];
    if (from < 0 || !has_ends(from)) continue;
    arrivals[static_cast<std::size_t>(n++)] = {
        ends_.data() + row(from), change == kMostTempoChange ? 0.0F : tempo_change, change};
  }
  kernels_.follow(arrivals.data(), n, space_.stride(), arriving_.data(), changes_.data());
  float* into = starts_at(t, k);
  std::memcpy(into + 1, arriving_.data(), (stride_ - 1) * sizeof(float));
  // Bytes may lie anywhere, even over members: with copies of these the loop becomes vectors.
  const std::uint8_t* changes = changes_.data();
  const std::size_t n_states = stride_;
  for (std::size_t s = 1; s < n_states; ++s) {
    choices[s] = static_cast<std::uint8_t>(choices[s] | changes[s - 1] << kChangeShift);
  }
  begin_bars(t, k, into, choices);
  if (rested != nullptr) begin_music(t, k, *rested, into, choices);
}

/// First steps: after the last step of the same meter and pattern or, at a price, of the best other
/// pattern or meter.
void Viterbi::begin_bars(int t, int k, float* into, std::uint8_t* choices) {
  const auto second = static_cast<std::size_t>(t * evidence_.frame_s);
  const float* gains = options_.gains.empty() ? nullptr : options_.gains[second].data();
  const MeterStates* meters = meters_.data();
  const std::size_t n_meters = meters_.size();
  float* arrivals = arrivals_.data();
  std::size_t best = 0;
  for (std::size_t m = 0; m < n_meters; ++m) {
    arrivals[m] = arriving_[meters[m].last_state];
    if (arrivals[m] > arrivals[best]) best = m;
  }
  const double period = space_.period(k);
  std::uint8_t* before = choices + stride_;
  const std::uint8_t* changes = changes_.data();
  std::size_t of_meter = 0;
  for (std::size_t m = 0; m < n_meters; ++m) {
    if (meters[m].first_pattern == m) {
      of_meter = m;
      for (std::size_t p = m + 1; p < meters[m].end_pattern; ++p) {
        if (arrivals[p] > arrivals[of_meter]) of_meter = p;
      }
    }
    std::size_t from = m;
    float score = arrivals[m];
    const auto consider = [&](std::size_t other, float price) {
      if (arrivals[other] + price <= score) return;
      from = other;
      score = arrivals[other] + price;
    };
    consider(of_meter, kPatternChange);
    consider(best, meters[m].has_half ? kMeterChange * rigidity_ : kMeterChange);
    const float gain = gains == nullptr ? 0.0F : gains[m];
    const float prior = meters[m].log_prior * meters[m].n_steps * static_cast<float>(period);
    into[meters[m].first_state] = period < meters[m].shortest ? kNever : score + prior + gain;
    std::uint8_t& choice = choices[meters[m].first_state];
    choice = static_cast<std::uint8_t>((choice & kLengthBits) | changes[meters[from].last_state]
                                                                    << kChangeShift);
    before[m] = static_cast<std::uint8_t>(from);
  }
}

}  // namespace fyr::rhythm
