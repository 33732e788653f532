// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/viterbi.hpp"

#include <algorithm>

namespace fyr::rhythm {
namespace {

/// Price of a change of tempo by 3 % from one step to the next.
constexpr float kTempoChange = 1.5F;

/// Tempi whose best score is this far behind the leader's are given up (Viterbi beam).
constexpr float kBeam = 30.0F;

constexpr float kMeterChange = -15.0F;  ///< Rare inside a song.
constexpr float kPatternChange =
    -2.0F;                          ///< From one pattern of a meter to another: a fill, a chorus.
constexpr float kRestart = -20.0F;  ///< Music that stops and starts again elsewhere …
constexpr int kLeastRest = 100;     ///< … after this many silent frames.
constexpr float kUpbeat = -3.0F;    ///< Music that starts inside a bar.

}  // namespace

Viterbi::Viterbi(const Evidence& evidence, const TrackerOptions& options)
    : evidence_(evidence),
      options_(options),
      space_(options, evidence),
      stride_(static_cast<std::size_t>(space_.stride())),
      cells_(stride_ * static_cast<std::size_t>(space_.n_tempi())),
      ring_(nearest_length(space_.period(space_.n_tempi() - 1)) + kMostDeviation + 2),
      full_(step_lengths(space_, false)),
      choices_(cells_, evidence.n_frames, ring_) {
  const auto n_frames = static_cast<std::size_t>(evidence.n_frames) + 1;
  starts_.assign(cells_ * static_cast<std::size_t>(ring_), kNever);
  ends_.assign(cells_, kNever);
  how_.assign(cells_, 0);
  scores_.assign(stride_, 0.0F);
  row_best_.assign(static_cast<std::size_t>(space_.n_tempi()), kNever);
  leaders_.assign(static_cast<std::size_t>(ring_), {});
  alive_.assign(static_cast<std::size_t>(ring_ * space_.n_tempi()), 0);
  arriving_.assign(stride_, kNever);
  change_.assign(stride_, 0);
  rests_.assign(n_frames, Rest{kNever});
  if (space_.has_halves()) half_ = step_lengths(space_, true);
  for (int k = 0; k < space_.n_tempi(); ++k) {
    neighbours_.emplace_back().fill(-1);
    for (int from = 0; from < space_.n_tempi(); ++from) {
      const int change = space_.tempo(from).index - space_.tempo(k).index + kMostTempoChange;
      if (change < 0 || change > 2 * kMostTempoChange) continue;
      neighbours_.back()[static_cast<std::size_t>(change)] = from;
    }
  }
  for (const MeterChoice& choice : options.meters) {
    last_state_.push_back((last_state_.empty() ? -1 : last_state_.back()) +
                          static_cast<int>(steps_of(choice.meter).size()));
  }
}

std::vector<Pulse> Viterbi::run() {
  for (int t = 0; t <= evidence_.n_frames; ++t) {
    finish_steps(t);
    rest(t);
    begin_steps(t);
    if (t % kSettleEvery == 0) settle(t);
  }
  trace_back(rests_.back(), evidence_.n_frames, evidence_.n_frames);
  return std::move(pulses_);
}

void Viterbi::finish_steps(int t) {
  std::fill(ends_.begin(), ends_.end(), kNever);
  finish_lengths(t, full_, false);
  finish_lengths(t, half_, true);
  std::uint8_t* chosen = choices_.lengths(t);
  for (std::size_t i = 0; i < cells_; ++i) chosen[i] = static_cast<std::uint8_t>(how_[i]);
  rank(t);
}

void Viterbi::rank(int t) {
  Leader leader;
  for (std::size_t k = 0; k < row_best_.size(); ++k) {
    const float* row = ends_.data() + k * stride_;
    std::array<float, 4> best{kNever, kNever, kNever, kNever};
    for (std::size_t s = 0; s < stride_; s += 4) {
      for (std::size_t i = 0; i < 4; ++i) best[i] = row[s + i] > best[i] ? row[s + i] : best[i];
    }
    row_best_[k] = *std::max_element(best.begin(), best.end());
    if (row_best_[k] > leader.score) leader = {row_best_[k], t, static_cast<int>(k), 0};
  }
  const float* row = ends_.data() + cell(leader.tempo, 0);
  leader.state = static_cast<int>(std::max_element(row, row + space_.n_states()) - row);
  leaders_[static_cast<std::size_t>(t % ring_)] = leader;
}

const Viterbi::Leader& Viterbi::leader() const {
  return *std::max_element(leaders_.begin(), leaders_.end(),
                           [](const Leader& a, const Leader& b) { return a.score < b.score; });
}

void Viterbi::finish_lengths(int t, const Lengths& lengths, bool half) {
  const int longest = std::min(static_cast<int>(lengths.size()) - 1, t);
  for (int length = 2; length <= longest; ++length) {
    const auto& fits = lengths[static_cast<std::size_t>(length)];
    const auto lives = [&](const Fit& fit) { return alive_at(t - length, fit.tempo) != 0; };
    if (std::none_of(fits.begin(), fits.end(), lives)) continue;
    space_.observe(evidence_, t - length, t, half, scores_.data());
    const float* scores = scores_.data();
    for (const Fit& fit : fits) {
      if (!lives(fit)) continue;
      const std::size_t row = static_cast<std::size_t>(fit.tempo) * stride_;
      const float* starts = starts_at(t - length) + row;
      float* ends = ends_.data() + row;
      std::int32_t* how = how_.data() + row;
      const std::int32_t mark = fit.deviation + kMostDeviation;
      for (std::size_t s = 0; s < stride_; ++s) {
        const float score = starts[s] + scores[s] + fit.cost;
        const bool better = score > ends[s];
        ends[s] = better ? score : ends[s];
        how[s] = better ? mark : how[s];
      }
    }
  }
}

void Viterbi::rest(int t) {
  Rest& now = rests_[static_cast<std::size_t>(t)];
  if (t == 0) {
    now.score = 0;
    return;
  }
  const Rest& before = rests_[static_cast<std::size_t>(t) - 1];
  const auto& first_hit = evidence_.first_hit;
  if (first_hit[static_cast<std::size_t>(t)] == first_hit[static_cast<std::size_t>(t) - 1]) {
    now = before;
  }
  const int later = std::min(t + kLeastRest, evidence_.n_frames);
  if (first_hit[static_cast<std::size_t>(later)] != first_hit[static_cast<std::size_t>(t)]) return;
  for (int k = 0; k < space_.n_tempi(); ++k) {
    for (int s = 0; s < space_.n_states(); ++s) {
      const float score = ends_[cell(k, s)] + kRestart;
      if (score > now.score) now = {score, t, k, s};
    }
  }
}

/// The rest that a step beginning at `t` may follow; none if a hit is too near.
const Viterbi::Rest* Viterbi::rest_before(int t) const {
  const Rest& now = rests_[static_cast<std::size_t>(t)];
  if (now.entered < 0) return now.score > kNever ? &now : nullptr;
  const auto earlier = static_cast<std::size_t>(std::max(0, t - kLeastRest));
  const bool silent =
      evidence_.first_hit[earlier] == evidence_.first_hit[static_cast<std::size_t>(t)];
  return silent && rests_[earlier].score > kNever ? &rests_[earlier] : nullptr;
}

void Viterbi::begin_steps(int t) {
  float* starts = starts_at(t);
  const Rest* rested = rest_before(t);
  const auto next = static_cast<std::size_t>(evidence_.first_hit[static_cast<std::size_t>(t)]);
  const double silent =
      next < evidence_.hits.size() ? evidence_.hits[next].frame - t : evidence_.n_frames;
  const float least = leader().score - kBeam;
  for (int k = 0; k < space_.n_tempi(); ++k) {
    const auto& from = neighbours_[static_cast<std::size_t>(k)];
    // Music starts with a step that is played.
    const bool may_start = rested != nullptr && silent < space_.period(k);
    const bool alive = may_start || std::any_of(from.begin(), from.end(), [&](int n) {
                         return n >= 0 && row_best_[static_cast<std::size_t>(n)] >= least;
                       });
    alive_at(t, k) = alive ? 1 : 0;
    if (!alive) continue;
    follow_tempo(k);
    float* into = starts + static_cast<std::size_t>(k) * stride_;
    std::uint8_t* source = choices_.sources(t) + cell(k, 0);
    for (std::size_t s = 1; s < stride_; ++s) {
      into[s] = arriving_[s - 1];
      source[s] = static_cast<std::uint8_t>(change_[s - 1]);
    }
    begin_bars(t, into, source);
    if (may_start) begin_music(*rested, into, source);
  }
}

/// The best tempo to come from, for every state, when the next step has tempo `k`.
void Viterbi::follow_tempo(int k) {
  std::fill(arriving_.begin(), arriving_.end(), kNever);
  float* arriving = arriving_.data();
  std::int32_t* changes = change_.data();
  for (int change = 0; change <= 2 * kMostTempoChange; ++change) {
    const int from = neighbours_[static_cast<std::size_t>(k)][static_cast<std::size_t>(change)];
    if (from < 0) continue;
    const float* ends = ends_.data() + static_cast<std::size_t>(from) * stride_;
    const float cost = change == kMostTempoChange ? 0.0F : kTempoChange;
    for (std::size_t s = 0; s < stride_; ++s) {
      const float score = ends[s] - cost;
      const bool better = score > arriving[s];
      arriving[s] = better ? score : arriving[s];
      changes[s] = better ? change : changes[s];
    }
  }
}

/// First steps: after the last step of the same meter and pattern or, at a price, of the best other
/// pattern or meter.
void Viterbi::begin_bars(int t, float* into, std::uint8_t* source) const {
  const auto second = static_cast<std::size_t>(t * kFrame_s);
  const auto arrival = [&](std::size_t m) {
    return arriving_[static_cast<std::size_t>(last_state_[m])];
  };
  std::size_t best = 0;
  for (std::size_t m = 1; m < last_state_.size(); ++m) {
    if (arrival(m) > arrival(best)) best = m;
  }
  // The patterns of a meter stand side by side.
  std::size_t of_meter = 0;
  for (std::size_t m = 0; m < last_state_.size(); ++m) {
    if (m == 0 || !(options_.meters[m].meter == options_.meters[m - 1].meter)) {
      of_meter = m;
      for (std::size_t p = m;
           p < last_state_.size() && options_.meters[p].meter == options_.meters[m].meter; ++p) {
        if (arrival(p) > arrival(of_meter)) of_meter = p;
      }
    }
    std::size_t from = m;
    float score = arrival(m);
    const auto consider = [&](std::size_t other, float price) {
      if (arrival(other) + price <= score) return;
      from = other;
      score = arrival(other) + price;
    };
    consider(of_meter, kPatternChange);
    consider(best, kMeterChange);
    const auto first = m == 0 ? 0 : static_cast<std::size_t>(last_state_[m - 1]) + 1;
    const float gain = options_.gains.empty() ? 0.0F : options_.gains[second][m];
    into[first] = score + static_cast<float>(options_.meters[m].log_prior) + gain;
    source[first] = static_cast<std::uint8_t>(
        8 * from + static_cast<std::size_t>(change_[static_cast<std::size_t>(last_state_[from])]));
  }
}

void Viterbi::begin_music(const Rest& rested, float* into, std::uint8_t* source) const {
  for (int s = 0; s < space_.n_states(); ++s) {
    const auto i = static_cast<std::size_t>(s);
    const int step = space_.state(s).step;
    const bool opening = rested.entered < 0;
    if (opening && options_.first_step >= 0 && options_.first_step != step) continue;
    const float score = rested.score + (step == 0 ? 0.0F : kUpbeat);
    if (score <= into[i]) continue;
    into[i] = score;
    source[i] = 8 * kFromRest;
  }
}

}  // namespace fyr::rhythm
