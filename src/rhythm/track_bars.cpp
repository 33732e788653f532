// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/track_bars.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "rhythm/state_space.hpp"

namespace fyr::rhythm {
namespace {

constexpr float kNever = -1e9F;

/// Cost of a change of tempo by 0, 1 and 2 steps of 2 % from one beat to the next.
constexpr std::array<float, 3> kTempoChange{0.0F, 1.0F, 3.0F};
constexpr int kMostTempoChange = 2;

/// Standard deviation of a step's length around its tempo, in frames; lengths up to one frame from
/// the nearest are tried.
constexpr double kLengthDeviation = 0.8;
constexpr int kMostDeviation = 1;

/// Where people tap: a log-normal preference around 110 BPM with a width of 0.7 octaves (after
/// van Noorden & Moelants, J. New Music Research 28, 1999), in natural logarithm a second.
constexpr double kPreferredBpm = 110;
constexpr double kPreferenceWidth = 0.7;
constexpr double kPreferenceShare = 0.5;

constexpr float kMeterChange = -15.0F;  ///< Rare inside a song.
constexpr float kRestart = -20.0F;      ///< Music that stops and starts again elsewhere.
constexpr float kUpbeat = -3.0F;        ///< Music that starts inside a bar.
constexpr int kLeastRest = 100;         ///< Frames of silence between.

/// Sources of a first step beyond the meters.
constexpr int kFromRest = 31;  // meters are fewer

/// The recursion. One instance tracks one recording.
class Viterbi {
 public:
  Viterbi(const Evidence& evidence, const TrackerOptions& options)
      : evidence_(evidence),
        options_(options),
        space_(options, evidence),
        stride_(static_cast<std::size_t>(space_.stride())),
        cells_(stride_ * static_cast<std::size_t>(space_.n_tempi())),
        ring_(static_cast<int>(space_.period(space_.n_tempi() - 1)) + kMostDeviation + 3) {
    const auto n_frames = static_cast<std::size_t>(evidence.n_frames) + 1;
    starts_.assign(cells_ * static_cast<std::size_t>(ring_), kNever);
    ends_.assign(cells_, kNever);
    scores_.assign(stride_, 0.0F);
    arriving_.assign(stride_, kNever);
    change_.assign(stride_, 0);
    length_.assign(cells_ * n_frames, 0);
    source_.assign(cells_ * n_frames, 0);
    rests_.assign(n_frames, Rest{});
    for (int k = 0; k < space_.n_tempi(); ++k) {
      add_lengths(full_, k, space_.period(k));
      if (space_.has_halves()) add_lengths(half_, k, space_.period(k) / 2);
    }
    for (const MeterChoice& choice : options.meters) {
      last_state_.push_back((last_state_.empty() ? -1 : last_state_.back()) +
                            static_cast<int>(steps_of(choice.meter).size()));
    }
  }

  std::vector<Pulse> run() {
    for (int t = 0; t <= evidence_.n_frames; ++t) {
      finish_steps(t);
      rest(t);
      begin_steps(t);
    }
    return trace_back();
  }

 private:
  /// Step lengths to try: for a length in frames, the tempi it suits and what each adds.
  struct Fit {
    int tempo;
    int deviation;
    float cost;
  };
  using Lengths = std::vector<std::vector<Fit>>;

  /// The best way to be silent at a frame.
  struct Rest {
    float score = kNever;
    int entered = -1;  ///< Frame; -1: since the start.
    int tempo = 0;
    int state = 0;
  };

  static int nearest(double period) { return static_cast<int>(std::lround(period)); }

  void add_lengths(Lengths& lengths, int k, double period) const {
    for (int deviation = -kMostDeviation; deviation <= kMostDeviation; ++deviation) {
      const int length = nearest(period) + deviation;
      if (length < 2) continue;
      const double off = (length - period) / kLengthDeviation;
      const double bpm = 60 / (space_.period(k) * kFrame_s);
      const double octaves = std::log2(bpm / kPreferredBpm) / kPreferenceWidth;
      const double preference = -0.5 * octaves * octaves * kPreferenceShare * length * kFrame_s;
      if (static_cast<int>(lengths.size()) <= length) {
        lengths.resize(static_cast<std::size_t>(length) + 1);
      }
      lengths[static_cast<std::size_t>(length)].push_back(
          {k, deviation, static_cast<float>(preference - 0.5 * off * off)});
    }
  }

  float* starts_at(int t) { return starts_.data() + static_cast<std::size_t>(t % ring_) * cells_; }
  std::size_t cell(int t, int k, int s) const {
    return static_cast<std::size_t>(t) * cells_ + static_cast<std::size_t>(k) * stride_ +
           static_cast<std::size_t>(s);
  }

  void finish_steps(int t) {
    std::fill(ends_.begin(), ends_.end(), kNever);
    finish_lengths(t, full_, false);
    finish_lengths(t, half_, true);
  }

  void finish_lengths(int t, const Lengths& lengths, bool half) {
    const int longest = std::min(static_cast<int>(lengths.size()) - 1, t);
    for (int length = 2; length <= longest; ++length) {
      const auto& fits = lengths[static_cast<std::size_t>(length)];
      if (fits.empty()) continue;
      space_.observe(evidence_, t - length, t, half, scores_.data());
      const float* starts = starts_at(t - length);
      for (const Fit& fit : fits) {
        const std::size_t row = static_cast<std::size_t>(fit.tempo) * stride_;
        std::uint8_t* chosen = length_.data() + cell(t, fit.tempo, 0);
        const auto mark = static_cast<std::uint8_t>(fit.deviation + kMostDeviation);
        for (std::size_t s = 0; s < stride_; ++s) {
          const float score = starts[row + s] + scores_[s] + fit.cost;
          const bool better = score > ends_[row + s];
          ends_[row + s] = better ? score : ends_[row + s];
          chosen[s] = better ? mark : chosen[s];
        }
      }
    }
  }

  void rest(int t) {
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
    if (first_hit[static_cast<std::size_t>(later)] != first_hit[static_cast<std::size_t>(t)])
      return;
    for (int k = 0; k < space_.n_tempi(); ++k) {
      for (int s = 0; s < space_.n_states(); ++s) {
        const float score = ends_[cell(0, k, s)] + kRestart;
        if (score > now.score) now = {score, t, k, s};
      }
    }
  }

  /// The rest that a step beginning at `t` may follow; none if a hit is too near.
  const Rest* rest_before(int t) const {
    const Rest& now = rests_[static_cast<std::size_t>(t)];
    if (now.entered < 0) return now.score > kNever ? &now : nullptr;
    const auto earlier = static_cast<std::size_t>(std::max(0, t - kLeastRest));
    const bool silent =
        evidence_.first_hit[earlier] == evidence_.first_hit[static_cast<std::size_t>(t)];
    return silent && rests_[earlier].score > kNever ? &rests_[earlier] : nullptr;
  }

  void begin_steps(int t) {
    float* starts = starts_at(t);
    const Rest* rested = rest_before(t);
    for (int k = 0; k < space_.n_tempi(); ++k) {
      follow_tempo(k);
      float* into = starts + static_cast<std::size_t>(k) * stride_;
      std::uint8_t* source = source_.data() + cell(t, k, 0);
      for (int s = 0; s < space_.n_states(); ++s) {
        const auto i = static_cast<std::size_t>(s);
        const State& state = space_.state(s);
        if (state.step > 0) {
          const auto previous = static_cast<std::size_t>(state.previous);
          into[i] = arriving_[previous];
          source[i] = static_cast<std::uint8_t>(change_[previous]);
        } else {
          begin_bar(state, into[i], source[i]);
        }
        if (rested != nullptr) begin_music(*rested, state, into[i], source[i]);
      }
    }
  }

  /// The best tempo to come from, for every state, when the next step has tempo `k`.
  void follow_tempo(int k) {
    std::fill(arriving_.begin(), arriving_.end(), kNever);
    for (int change = -kMostTempoChange; change <= kMostTempoChange; ++change) {
      const int from = k + change;
      if (from < 0 || from >= space_.n_tempi()) continue;
      const float* ends = ends_.data() + static_cast<std::size_t>(from) * stride_;
      const float cost = kTempoChange[static_cast<std::size_t>(std::abs(change))];
      const int mark = change + kMostTempoChange;
      for (std::size_t s = 0; s < stride_; ++s) {
        const float score = ends[s] - cost;
        const bool better = score > arriving_[s];
        arriving_[s] = better ? score : arriving_[s];
        change_[s] = better ? mark : change_[s];
      }
    }
  }

  void begin_bar(const State& state, float& best, std::uint8_t& source) const {
    best = kNever;
    for (std::size_t m = 0; m < last_state_.size(); ++m) {
      const auto last = static_cast<std::size_t>(last_state_[m]);
      const bool same = static_cast<int>(m) == state.meter;
      const float score = arriving_[last] + (same ? 0.0F : kMeterChange);
      if (score <= best) continue;
      best = score;
      source = static_cast<std::uint8_t>(8 * static_cast<int>(m) + change_[last]);
    }
    best += static_cast<float>(options_.meters[static_cast<std::size_t>(state.meter)].log_prior);
  }

  void begin_music(const Rest& rested, const State& state, float& best,
                   std::uint8_t& source) const {
    const bool opening = rested.entered < 0;
    if (opening && options_.first_step >= 0 && options_.first_step != state.step) return;
    const float score = rested.score + (state.step == 0 ? 0.0F : kUpbeat);
    if (score <= best) return;
    best = score;
    source = 8 * kFromRest;
  }

  std::vector<Pulse> trace_back() const {
    std::vector<Pulse> pulses;
    const Rest* rest = &rests_.back();
    while (rest->entered >= 0) {
      int t = rest->entered;
      int k = rest->tempo;
      int s = rest->state;
      while (true) {
        const State& state = space_.state(s);
        const double period = space_.period(k) / (state.half ? 2 : 1);
        const int begin = t - nearest(period) - length_[cell(t, k, s)] + kMostDeviation;
        pulses.push_back({seconds_of(begin), state.meter, state.step, seconds_of(t)});
        const int source = source_[cell(begin, k, s)];
        t = begin;
        if (source / 8 == kFromRest) break;
        k += source % 8 - kMostTempoChange;
        s = state.step > 0 ? state.previous : last_state_[static_cast<std::size_t>(source / 8)];
      }
      rest = rest_before(t);
    }
    std::reverse(pulses.begin(), pulses.end());
    return pulses;
  }

  const Evidence& evidence_;
  const TrackerOptions& options_;
  const StateSpace space_;
  const std::size_t stride_;
  const std::size_t cells_;  ///< Cells of a frame: tempi x stride.
  const int ring_;
  Lengths full_, half_;
  std::vector<int> last_state_;       ///< [meter]
  std::vector<float> starts_, ends_;  ///< Best score of beginning (ring of frames), ending a step.
  std::vector<float> scores_;
  std::vector<float> arriving_;  ///< [state]: see follow_tempo().
  std::vector<int> change_;
  std::vector<std::uint8_t> length_, source_;  ///< Choices of every cell of every frame.
  std::vector<Rest> rests_;
};

}  // namespace

std::vector<MeterChoice> usual_meters() {
  return {{{4, 4}, 0.0, false},  {{4, 4}, -0.5, true},  {{3, 4}, -1.5, false},
          {{2, 4}, -1.0, false}, {{5, 4}, -2.5, false}, {{6, 8}, -1.5, false},
          {{7, 8}, -2.5, false}, {{12, 8}, -3.0, false}};
}

std::vector<Pulse> track_bars(const Evidence& evidence, const TrackerOptions& options) {
  if (evidence.hits.empty()) return {};
  return Viterbi(evidence, options).run();
}

}  // namespace fyr::rhythm
