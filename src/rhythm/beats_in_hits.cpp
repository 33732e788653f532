// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/beats_in_hits.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "rhythm/log_odds.hpp"
#include "rhythm/soft_hihats.hpp"

namespace fyr {
namespace {

/// Activations are taken for at least this likely, and at most one minus it.
constexpr float kLeastLikely = 0.0005F;

constexpr Eigen::Index kBlockFrames = 1024;

constexpr double kHop_s = 0.01;

/// What stands for the sound where there is none: log-odds of -3 (models/HISTORY.md, "The network
/// that reads hits", has the tries).
constexpr float kUnheard = 0.0474F;

float log_odds(float p) { return rhythm::log_odds(p, kLeastLikely); }

float probability(float odds) { return 1 / (1 + std::exp(-odds)); }

/// Log-odds at the frames' middles, and between them.
class Curve {
 public:
  Curve(Matrix activations, double frame_s) : frame_s_(frame_s), odds_(std::move(activations)) {
    odds_ = odds_.unaryExpr(&log_odds);
  }

  float at(double time_s, Eigen::Index column) const {
    const double place =
        std::clamp(time_s / frame_s_ - 0.5, 0.0, static_cast<double>(odds_.rows() - 1));
    const auto before = static_cast<Eigen::Index>(place);
    const Eigen::Index after = std::min(before + 1, odds_.rows() - 1);
    const auto share = static_cast<float>(place - static_cast<double>(before));
    return (1 - share) * odds_(before, column) + share * odds_(after, column);
  }

 private:
  double frame_s_;
  Matrix odds_;
};

/// Its beats, n_frames x 2. The inputs of a long recording would take much memory at once.
Matrix listen_to(std::vector<Onset> hits, const HitsNetwork& settings, const Network& network,
                 Eigen::Index n_frames) {
  // The performances that it was trained on have pedals for the foot that marks the beat only.
  const std::vector<bool> soft = rhythm::are_soft_hihats(hits);
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (soft[i]) hits[i].drum = Drum::ClosedHiHat;
  }
  ActivationCollector collector(true);
  NetworkStream stream(network, 0, 1, [&](const Activations& block) { collector.push(block); });
  for (Eigen::Index first = 0; first < n_frames; first += kBlockFrames) {
    const Matrix block =
        hit_frames(hits, settings, first, std::min(kBlockFrames, n_frames - first));
    stream.push({block.data(), block.rows(), block.cols()});
  }
  stream.finish();
  return collector.finish().beats;
}

}  // namespace

Matrix hit_frames(const std::vector<Onset>& hits, const HitsNetwork& settings,
                  Eigen::Index first_frame, Eigen::Index n_frames) {
  Matrix frames = Matrix::Zero(n_frames, kNHitInputs);
  const Eigen::Index first_half = 2 * first_frame;
  const auto raise = [&](Eigen::Index half, Drum drum, double strength) {
    if (half < first_half || half >= first_half + 2 * n_frames) return;
    const auto column =
        (half % 2) * static_cast<Eigen::Index>(kNDrums) + static_cast<Eigen::Index>(index_of(drum));
    float& value = frames(half / 2 - first_frame, column);
    value = std::max(value, static_cast<float>(strength));
  };
  const double half_s = settings.frame_s / 2;
  const auto end = static_cast<double>(first_half + 2 * n_frames);
  auto hit =
      std::lower_bound(hits.begin(), hits.end(), static_cast<double>(first_half - 1) * half_s,
                       [](const Onset& onset, double time_s) { return onset.time_s < time_s; });
  for (; hit != hits.end() && hit->time_s < end * half_s; ++hit) {
    const double strength =
        settings.least_strength + (1 - settings.least_strength) * hit->velocity / 127;
    const double place = hit->time_s / half_s;
    const auto half = static_cast<Eigen::Index>(std::floor(place));
    const double share = place - static_cast<double>(half);
    raise(half, hit->drum, (1 - share) * strength);
    raise(half + 1, hit->drum, share * strength);
  }
  return frames;
}

void weigh_in_hits(const std::vector<Onset>& hits, const HitsNetwork& settings,
                   const Network& network, Activations& activations) {
  Matrix& beats = activations.beats;
  if (hits.empty() || beats.rows() == 0) return;
  const double end_s = static_cast<double>(beats.rows()) * activations.hop_s;
  const auto n_frames = static_cast<Eigen::Index>(std::ceil(end_s / settings.frame_s)) + 1;
  const Curve curve(listen_to(hits, settings, network, n_frames), settings.frame_s);
  const auto sound_weight = static_cast<float>(settings.sound_weight);
  const auto hits_weight = static_cast<float>(settings.hits_weight);
  const auto offset = static_cast<float>(settings.offset);
  for (Eigen::Index row = 0; row < beats.rows(); ++row) {
    const double time_s = static_cast<double>(row) * activations.hop_s;
    for (Eigen::Index column = 0; column < beats.cols(); ++column) {
      float& p = beats(row, column);
      p = probability(sound_weight * log_odds(p) + hits_weight * curve.at(time_s, column) + offset);
    }
  }
}

Activations beats_of_hits(const std::vector<Onset>& hits, const HitsNetwork& settings,
                          const Network& network, double duration_s) {
  Activations activations;
  activations.hop_s = kHop_s;
  const auto n_frames = static_cast<Eigen::Index>(std::ceil(duration_s / kHop_s)) + 1;
  activations.beats = Matrix::Constant(n_frames, 2, kUnheard);
  weigh_in_hits(hits, settings, network, activations);
  return activations;
}

}  // namespace fyr
