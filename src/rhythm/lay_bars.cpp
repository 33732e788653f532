// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/lay_bars.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <span>
#include <string>

#include "fyr/error.hpp"
#include "rhythm/fraction_text.hpp"

namespace fyr::rhythm {
namespace {

Tick ticks_before(const std::vector<Step>& steps, int step) {
  Tick ticks = 0;
  for (int i = 0; i < step; ++i) ticks += steps[static_cast<std::size_t>(i)].ticks;
  return ticks;
}

/// Lays bars while it walks along the steps.
class Layer {
 public:
  explicit Layer(const std::vector<MeterChoice>& meters) {
    for (const MeterChoice& choice : meters) {
      meters_.push_back(choice.meter);
      steps_.push_back(steps_of(choice.meter));
    }
  }

  /// Steps that follow each other without a gap.
  void add(std::span<const Pulse> stretch) {
    Played now;
    for (const Pulse& pulse : stretch) now.ticks += length_of(pulse);
    now.tick_s = (stretch.back().end_s - stretch.front().time_s) / now.ticks;
    for (const Pulse& pulse : stretch) {
      const Meter& meter = meters_[static_cast<std::size_t>(pulse.meter)];
      const Tick inside = ticks_before(steps_[static_cast<std::size_t>(pulse.meter)], pulse.step);
      const Tick length = length_of(pulse);
      const double tick_s = (pulse.end_s - pulse.time_s) / length;
      if (plan_.bars.empty()) {
        open_first(meter, inside, pulse.time_s, tick_s);
      } else if (&pulse == &stretch.front()) {
        restart(meter, inside, pulse.time_s, now);
      } else if (pulse.step == 0) {
        open(meter);
      }
      plan_.knots.push_back({tick_, pulse.time_s});
      tick_ += length;
      end_s_ = pulse.end_s;
    }
    before_ = now;
  }

  BarPlan finish() {
    plan_.knots.push_back({tick_, end_s_});
    return std::move(plan_);
  }

 private:
  /// How much music a stretch is, and its mean tempo.
  struct Played {
    Tick ticks = 0;
    double tick_s = 0;
  };

  Tick length_of(const Pulse& pulse) const {
    return steps_[static_cast<std::size_t>(pulse.meter)][static_cast<std::size_t>(pulse.step)]
        .ticks;
  }

  void open(const Meter& meter) { plan_.bars.push_back(whole(meter)); }

  void open_first(const Meter& meter, Tick inside, double time_s, double tick_s) {
    open(meter);
    const bool late = 2 * inside >= meter.bar_ticks();
    const bool before_recording = time_s - inside * tick_s < -kBeforeRecording_s;
    if (inside > 0 && (late || before_recording)) {
      plan_.bars.back().length -= inside;
    } else {
      tick_ = inside;
    }
  }

  /// Completes the bar that the music stopped in and fills the silence with whole bars, counted in
  /// meter and tempo of what is longer, the music before or after: a stray stroke has none.
  void restart(const Meter& meter, Tick inside, double time_s, const Played& after) {
    plan_.knots.push_back({tick_, end_s_});
    const bool as_after = after.ticks > before_.ticks;
    const double tick_s = as_after ? after.tick_s : before_.tick_s;
    const Meter filling = as_after ? meter : plan_.bars.back().meter;
    const Tick bar_end = end_tick(plan_);
    const double spare_s = time_s - inside * after.tick_s - end_s_ - (bar_end - tick_) * tick_s;
    const auto n_bars = std::lround(spare_s / (filling.bar_ticks() * tick_s));
    for (long i = 0; i < n_bars; ++i) open(filling);
    tick_ = end_tick(plan_) + inside;
    if (plan_.knots.back().tick == tick_) plan_.knots.pop_back();
    open(meter);
  }

  std::vector<Meter> meters_;
  std::vector<std::vector<Step>> steps_;
  BarPlan plan_;
  Tick tick_ = 0;
  double end_s_ = 0;
  Played before_;
};

}  // namespace

Bar whole(const Meter& meter) { return {meter, meter.bar_ticks(), 0, 0, {}}; }

Tick end_tick(const BarPlan& plan) {
  Tick tick = 0;
  for (const Bar& bar : plan.bars) tick += bar.length;
  return tick;
}

BarPlan lay_bars(const std::vector<Pulse>& pulses, const std::vector<MeterChoice>& meters) {
  Layer layer(meters);
  const auto before_recording = [](const Pulse& pulse) {
    return pulse.time_s < -kBeforeRecording_s && pulse.end_s < kBeforeRecording_s;
  };
  auto pulse = std::ranges::find_if_not(pulses, before_recording);
  if (pulse == pulses.end()) pulse = pulses.begin();
  constexpr double kSameTime_s = 1e-6;
  while (pulse != pulses.end()) {
    const auto end = std::adjacent_find(pulse, pulses.end(), [](const Pulse& a, const Pulse& b) {
      return b.time_s > a.end_s + kSameTime_s;
    });
    const auto next = end == pulses.end() ? end : std::next(end);
    layer.add({pulse, next});
    pulse = next;
  }
  return layer.finish();
}

BarPlan lay_given_beats(const std::vector<Beat>& beats, const Meter* meter) {
  BarPlan plan;
  Tick tick = 0;
  Tick beat = 0;
  int n_last = 0;  // Beats of a whole bar as the one before.
  bool in_meter = meter == nullptr;
  for (std::size_t i = 0; i < beats.size();) {
    std::size_t end = i + 1;
    while (end < beats.size() && beats[end].number > beats[end - 1].number) ++end;
    const int n_beats = std::max(beats[end - 1].number, 1);
    const bool unfinished = end == beats.size() && n_last > n_beats;
    Meter bar_meter = unfinished ? plan.bars.back().meter : Meter{n_beats, 4};
    if (!unfinished) {
      const bool named =
          meter != nullptr && (n_beats == meter->n_beats() || n_beats == meter->numerator);
      if (named) bar_meter = *meter;
      in_meter = in_meter || named;
      n_last = n_beats;
      beat = bar_meter.bar_ticks() / n_beats;
    }
    const int missing = plan.bars.empty() ? std::max(0, beats[i].number - 1) : 0;
    plan.bars.push_back(
        {bar_meter, std::max(beat, bar_meter.bar_ticks() - missing * beat), 0, 0, {}});
    const Tick bar_start = tick;
    for (; i < end; ++i, tick += beat) plan.knots.push_back({tick, beats[i].time_s});
    tick = bar_start + plan.bars.back().length;
  }
  if (!in_meter) {
    throw UsageError("time signature: no bar of the given beats has the " +
                     std::to_string(meter->n_beats()) + " beats of " + fraction_text(*meter) +
                     "; number the beats so, or leave it out");
  }
  return plan;
}

}  // namespace fyr::rhythm
