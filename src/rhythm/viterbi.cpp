// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/viterbi.hpp"

#include <algorithm>
#include <numeric>

namespace fyr::rhythm {
namespace {

/// What a hit costs that comes where any beat expects few.
constexpr float kUnexpected = 0.5F;

/// Of music at one tempo: how much dearer than usual are another tempo, uneven steps, bars with
/// half a step, and being a little late after a pause. By hand (docs/rhythm.md, "Steady music").
constexpr float kRigidity = 8;

}  // namespace

Viterbi::Viterbi(const Evidence& evidence, const TrackerOptions& options, StateSpace& space,
                 const TrackerKernels& kernels)
    : evidence_(evidence),
      options_(options),
      rigidity_(options.steady ? kRigidity : 1),
      space_(space),
      kernels_(kernels),
      stride_(static_cast<std::size_t>(space_.stride())),
      cells_(stride_ * static_cast<std::size_t>(space_.n_tempi())),
      ring_(nearest_length(space_.period(space_.n_tempi() - 1)) + kMostDeviation + 2),
      silence_(-kEvidenceShare * static_cast<float>(std::accumulate(evidence.rates.begin(),
                                                                    evidence.rates.end(), 0.0))),
      full_(step_lengths(space_, false, rigidity_, evidence.frame_s)),
      choices_(space_.n_tempi(), stride_ + options.meters.size(), evidence.n_frames, ring_) {
  allocate();
  if (space_.has_halves()) half_ = step_lengths(space_, true, rigidity_, evidence.frame_s);
  for (int k = 0; k < space_.n_tempi(); ++k) {
    neighbours_.emplace_back().fill(-1);
    for (int from = 0; from < space_.n_tempi(); ++from) {
      const int change = space_.tempo(from).index - space_.tempo(k).index + kMostTempoChange;
      if (change < 0 || change > 2 * kMostTempoChange) continue;
      neighbours_.back()[static_cast<std::size_t>(change)] = from;
    }
  }
  for (std::size_t m = 0; m < options.meters.size(); ++m) {
    const Meter& meter = options.meters[m].meter;
    const std::vector<Step> steps = steps_of(meter);
    MeterStates states{};
    states.first_state = meters_.empty() ? 0 : meters_.back().last_state + 1;
    states.last_state = states.first_state + steps.size() - 1;
    const bool as_before = m > 0 && options.meters[m - 1].meter == meter;
    states.log_prior =
        static_cast<float>(options.meters[m].log_prior * evidence.frame_s / kPriorSpan_s);
    for (const Step& step : steps) {
      positions_.push_back(states.n_steps);
      states.n_steps += static_cast<float>(bins_of(step)) / kBins;
      states.has_half = states.has_half || bins_of(step) < kBins;
    }
    states.shortest = 60 / evidence.frame_s / options.meters[m].fastest_bpm;
    states.first_pattern = as_before ? meters_.back().first_pattern : m;
    meters_.push_back(states);
    for (std::size_t p = states.first_pattern; p <= m; ++p) meters_[p].end_pattern = m + 1;
  }
}

void Viterbi::allocate() {
  const auto ring = static_cast<std::size_t>(ring_);
  const auto n_tempi = static_cast<std::size_t>(space_.n_tempi());
  starts_ = std::make_unique_for_overwrite<float[]>(cells_ * ring);
  ends_.assign(cells_, kNever);
  marks_.assign(cells_, 0);
  row_best_.assign(n_tempi, kNever);
  last_alive_.assign(n_tempi, -ring_);
  leaders_.assign(ring, {});
  alive_.assign(ring * n_tempi, 0);
  observed_.assign(2 * ring * stride_, 0.0F);
  observed_at_.assign(2 * ring, -1);
  arriving_.assign(stride_, kNever);
  changes_.assign(stride_, 0);
  arrivals_.assign(options_.meters.size(), kNever);
  const int n_rests = std::min(evidence_.n_frames, 2 * kSettleEvery + ring_ + kLeastRest);
  rests_.assign(static_cast<std::size_t>(n_rests) + 1, Rest{kNever});
}

std::vector<Pulse> Viterbi::run() {
  for (int t = 0; t <= evidence_.n_frames; ++t) {
    choices_.start_frame(t);
    finish_steps(t);
    rest(t);
    begin_steps(t);
    if (t % kSettleEvery == 0) settle(t);
  }
  trace_back(rest_at(evidence_.n_frames), evidence_.n_frames, evidence_.n_frames);
  return std::move(pulses_);
}

/// What the hits of a step that ends at `t` say.
const float* Viterbi::observed(int t, int length, bool half) {
  const auto i = static_cast<std::size_t>(half ? ring_ + length : length);
  float* scores = observed_.data() + i * stride_;
  if (observed_at_[i] != t) {
    space_.observe(evidence_, t - length, t, half, scores);
    observed_at_[i] = t;
  }
  return scores;
}

/// Adds to endings_ how steps of tempo `k` may end at `t`. Returns how many ways there are.
int Viterbi::gather_endings(int t, int k, const Lengths& lengths, bool half) {
  if (lengths.empty()) return 0;
  int n = 0;
  const int now = t % ring_;  // One division, not one for every length.
  const std::uint8_t* alive = alive_.data() + place(0, k);
  for (const Fit& fit : lengths[static_cast<std::size_t>(k)]) {
    const int begun = now - fit.length + (now < fit.length ? ring_ : 0);
    if (fit.length > t || alive[begun] == 0) continue;
    endings_.push_back({starts_at(begun, k), observed(t, fit.length, half), fit.cost,
                        fit.deviation + kMostDeviation});
    ++n;
  }
  return n;
}

void Viterbi::finish_steps(int t) {
  for (int k = 0; k < space_.n_tempi(); ++k) {
    auto& best = row_best_[static_cast<std::size_t>(k)];
    best = kNever;
    // Most tempi were given up long ago.
    if (t - last_alive_[static_cast<std::size_t>(k)] >= ring_) continue;
    endings_.clear();
    const int n_full = gather_endings(t, k, full_, false);
    const int n_half = gather_endings(t, k, half_, true);
    if (endings_.empty()) continue;
    const Endings endings{endings_.data(), n_full, n_half, space_.half_begin(), space_.half_end()};
    best = kernels_.finish(endings, space_.stride(), ends_.data() + row(k), marks_.data() + row(k));
  }
  note_leader(t);
}

void Viterbi::note_leader(int t) {
  Leader leader;
  for (int k = 0; k < space_.n_tempi(); ++k) {
    const float best = row_best_[static_cast<std::size_t>(k)];
    if (best > leader.score) leader = {best, t, k, 0};
  }
  if (leader.score > kNever) {
    const float* ends = ends_.data() + row(leader.tempo);
    leader.state = static_cast<int>(std::max_element(ends, ends + space_.n_states()) - ends);
  }
  leaders_[static_cast<std::size_t>(t % ring_)] = leader;
}

/// The best score of the last steps, carried on to `t`. Otherwise an early leader would beat all
/// who paid for the silence or for the hits after it, and none were left.
float Viterbi::leading_score(int t) const {
  float best = kNever;
  const int hits = evidence_.first_hit[static_cast<std::size_t>(t)];
  for (const Leader& one : leaders_) {
    const int hits_since = hits - evidence_.first_hit[static_cast<std::size_t>(one.frame)];
    best = std::max(best, one.score + silence_ * static_cast<float>(t - one.frame) -
                              kUnexpected * static_cast<float>(hits_since));
  }
  return best;
}

const Viterbi::Leader& Viterbi::leader() const {
  return *std::max_element(leaders_.begin(), leaders_.end(),
                           [](const Leader& a, const Leader& b) { return a.score < b.score; });
}

}  // namespace fyr::rhythm
