// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "fyr/kit.hpp"

namespace fyr {
namespace {

constexpr double kTau = 2 * std::numbers::pi;
/// -60 dB: where a decay is over.
constexpr double kLn1000 = 6.907755278982137;

/// Modes of an ideal circular membrane over the lowest: zeros of Bessel functions.
/// Fletcher & Rossing, "The Physics of Musical Instruments", 2nd ed., section 3.6.
constexpr double kMembrane[] = {1.0, 1.593, 2.136, 2.296, 2.653, 2.918};

/// Sound in the making: parts are added to it.
class Sound {
 public:
  Sound(double seconds, int rate_hz)
      : samples_(static_cast<std::size_t>(seconds * rate_hz)), rate_hz_(rate_hz) {}

  /// A decaying sine; its pitch starts `bend` times higher and settles within `bend_s`.
  void mode(double hz, double level, double decay_s, double bend = 0, double bend_s = 0.03) {
    if (hz * (1 + bend) > rate_hz_ / 2.2) return;
    double phase = 0;
    for (std::size_t k = 0; k < samples_.size(); ++k) {
      const double t = static_cast<double>(k) / rate_hz_;
      phase += kTau * hz * (1 + bend * std::exp(-t / bend_s)) / rate_hz_;
      samples_[k] += level * std::exp(-kLn1000 * t / decay_s) * std::sin(phase);
    }
  }

  /// Noise between two frequencies (two one-pole filters each side), with a soft start.
  void noise(double low_hz, double high_hz, double level, double decay_s, double attack_s = 0) {
    double low[2] = {}, high[2] = {};
    const double a = 1 - std::exp(-kTau * std::min(high_hz, rate_hz_ / 2.2) / rate_hz_);
    const double b = 1 - std::exp(-kTau * low_hz / rate_hz_);
    for (std::size_t k = 0; k < samples_.size(); ++k) {
      const double t = static_cast<double>(k) / rate_hz_;
      double value = random();
      for (double& state : low) value = state += a * (value - state);
      for (double& state : high) value -= state += b * (value - state);
      const double attack = attack_s > 0 ? 1 - std::exp(-t / attack_s) : 1;
      samples_[k] += level * attack * std::exp(-kLn1000 * t / decay_s) * value;
    }
  }

  /// Many modes, spread evenly over the octaves, as a metal plate has.
  void plate(int n_modes, double low_hz, double high_hz, double level, double decay_s) {
    for (int i = 0; i < n_modes; ++i) {
      const double place = (i + 0.5 + 0.45 * random()) / n_modes;
      const double hz = low_hz * std::pow(high_hz / low_hz, place);
      mode(hz, level / std::sqrt(n_modes) * (0.6 + 0.4 * random()), decay_s * (1.15 - 0.6 * place));
    }
  }

  /// As samples with their peak at `level`, faded out at the end.
  std::vector<float> finish(double level) const {
    double peak = 0;
    for (const double value : samples_) peak = std::max(peak, std::abs(value));
    const std::size_t n_fade = samples_.size() / 10;
    std::vector<float> out(samples_.size());
    for (std::size_t k = 0; k < out.size(); ++k) {
      const std::size_t left = out.size() - k;
      const double fade =
          left < n_fade ? static_cast<double>(left) / static_cast<double>(n_fade) : 1;
      out[k] = static_cast<float>(samples_[k] * fade * level / peak);
    }
    return out;
  }

 private:
  /// In [-1, 1). Numerical Recipes' linear congruence: the standard's distributions differ between
  /// libraries.
  double random() {
    seed_ = seed_ * 1664525U + 1013904223U;
    return static_cast<double>(seed_) / 2147483648.0 - 1;
  }

  std::vector<double> samples_;
  int rate_hz_;
  std::uint32_t seed_ = 20;
};

// Frequencies, levels and decays of the drums are by ear.

std::vector<float> skin(int rate_hz, double hz, double decay_s, double bend, double noise_level) {
  Sound sound(decay_s * 0.9, rate_hz);
  double level = 1;
  for (const double ratio : kMembrane) {
    sound.mode(hz * ratio, level, decay_s / std::sqrt(ratio) * (ratio > 1 ? 0.6 : 1), bend);
    level *= 0.55;
  }
  sound.noise(800, 6000, noise_level, 0.03);
  return sound.finish(0.9);
}

std::vector<float> kick(int rate_hz) {
  Sound sound(0.45, rate_hz);
  sound.mode(52, 1, 0.42, 2.2, 0.02);
  sound.mode(52 * kMembrane[1], 0.25, 0.15, 1.5, 0.02);
  sound.noise(1500, 7000, 0.8, 0.02);
  return sound.finish(1);
}

std::vector<float> snare(int rate_hz) {
  Sound sound(0.35, rate_hz);
  sound.mode(185, 0.9, 0.16, 0.3, 0.01);
  sound.mode(185 * kMembrane[1], 0.5, 0.11);
  sound.mode(185 * kMembrane[3], 0.3, 0.08);
  sound.noise(1200, 9000, 2.2, 0.24);  // The wires.
  return sound.finish(0.85);
}

std::vector<float> side_stick(int rate_hz) {
  Sound sound(0.12, rate_hz);
  for (const double hz : {510.0, 1080.0, 1730.0, 2650.0}) sound.mode(hz, 1, 0.07);
  sound.noise(1500, 5000, 0.8, 0.012);
  return sound.finish(0.6);
}

std::vector<float> hihat(int rate_hz, double decay_s, double low_hz, double level) {
  Sound sound(std::min(decay_s, 1.0), rate_hz);
  sound.plate(28, low_hz, 14000, 0.7, decay_s * 0.8);
  sound.noise(6000, 15000, 1.4, decay_s);
  return sound.finish(level);
}

std::vector<float> ride(int rate_hz) {
  Sound sound(2, rate_hz);
  sound.plate(44, 400, 11000, 0.8, 1.6);
  sound.mode(3350, 0.5, 0.25);  // The stick's ping.
  sound.noise(4000, 12000, 0.5, 0.08);
  return sound.finish(0.45);
}

std::vector<float> ride_bell(int rate_hz) {
  Sound sound(1.6, rate_hz);
  for (const double hz : {790.0, 1310.0, 2040.0, 3120.0, 4400.0}) sound.mode(hz, 1, 1.3);
  sound.plate(24, 1500, 9000, 0.8, 0.9);
  sound.noise(3000, 9000, 0.4, 0.03);
  return sound.finish(0.55);
}

std::vector<float> crash(int rate_hz) {
  Sound sound(2.5, rate_hz);
  sound.plate(40, 350, 9000, 1, 2.2);
  sound.noise(2500, 14000, 2.4, 1.8, 0.004);
  return sound.finish(0.7);
}

/// A tambourine: jingles that meet more than once a stroke.
std::vector<float> percussion(int rate_hz) {
  Sound sound(0.35, rate_hz);
  sound.plate(18, 3800, 12000, 1, 0.28);
  sound.noise(5000, 14000, 1.2, 0.09);
  sound.noise(5000, 12000, 0.5, 0.25, 0.02);
  return sound.finish(0.5);
}

}  // namespace

std::vector<float> drum_sample(Drum drum, int rate_hz) {
  switch (drum) {
    case Drum::Kick:
      return kick(rate_hz);
    case Drum::Snare:
      return snare(rate_hz);
    case Drum::SideStick:
      return side_stick(rate_hz);
    case Drum::ClosedHiHat:
      return hihat(rate_hz, 0.09, 3500, 0.5);
    case Drum::PedalHiHat:
      return hihat(rate_hz, 0.06, 1800, 0.35);
    case Drum::OpenHiHat:
      return hihat(rate_hz, 0.8, 3000, 0.5);
    case Drum::HighTom:
      return skin(rate_hz, 196, 0.5, 0.25, 0.5);
    case Drum::MidTom:
      return skin(rate_hz, 139, 0.6, 0.25, 0.5);
    case Drum::FloorTom:
      return skin(rate_hz, 87, 0.8, 0.3, 0.5);
    case Drum::Ride:
      return ride(rate_hz);
    case Drum::RideBell:
      return ride_bell(rate_hz);
    case Drum::Crash:
      return crash(rate_hz);
    case Drum::Percussion:
      break;
  }
  return percussion(rate_hz);
}

}  // namespace fyr
