// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/alike.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace fyr::rhythm {
namespace {

constexpr double kApart_s = 0.05;
constexpr double kWithin_s = 60;
constexpr std::size_t kNNearest = 8;
constexpr std::size_t kFewest = 3;
/// In frames from the peak on: a stroke and what follows it.
constexpr std::array<std::pair<int, int>, 2> kSpans = {{{0, 3}, {3, 8}}};
/// Moments whose distances are computed together.
constexpr std::size_t kBlock = 64;

/// A row a moment.
Matrix sounds_of(const std::vector<Moment>& moments, const Timbre& timbre,
                 std::size_t first_value) {
  const std::size_t n_values = kNTimbreValues - first_value;
  Matrix sounds = Matrix::Zero(static_cast<Eigen::Index>(moments.size()),
                               static_cast<Eigen::Index>(kSpans.size() * n_values));
  const auto last_frame = static_cast<long>(timbre.n_frames()) - 1;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    auto sound = sounds.row(static_cast<Eigen::Index>(i));
    const long frame = std::lround(moments[i].time_s / timbre.hop_s);
    Eigen::Index at = 0;
    for (const auto& [begin, end] : kSpans) {
      for (long k = frame + begin; k < frame + end; ++k) {
        const auto row = static_cast<std::size_t>(std::clamp(k, 0L, last_frame));
        const std::uint8_t* values = &timbre.values[row * kNTimbreValues + first_value];
        for (std::size_t v = 0; v < n_values; ++v) {
          sound[at + static_cast<Eigen::Index>(v)] +=
              static_cast<float>(values[v]) / static_cast<float>(end - begin);
        }
      }
      at += static_cast<Eigen::Index>(n_values);
    }
    sound.array() -= sound.mean();
  }
  return sounds;
}

/// The nearest moments so far, from the nearest on.
class Nearest {
 public:
  void offer(std::size_t moment, float distance) {
    if (n_ == kNNearest && distance >= found_[n_ - 1].distance) return;
    if (n_ < kNNearest) ++n_;
    std::size_t at = n_ - 1;
    for (; at > 0 && distance < found_[at - 1].distance; --at) found_[at] = found_[at - 1];
    found_[at] = {moment, distance};
  }

  /// What is played there.
  std::optional<PerDrum<double>> mean(const std::vector<Moment>& moments) const {
    if (n_ < kFewest) return std::nullopt;
    PerDrum<double> means{};
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t drum = 0; drum < kNDrums; ++drum) {
        means[drum] += static_cast<double>(moments[found_[i].moment].confidences[drum]) /
                       static_cast<double>(n_);
      }
    }
    return means;
  }

 private:
  struct Found {
    std::size_t moment = 0;
    float distance = 0;
  };
  std::array<Found, kNNearest> found_;
  std::size_t n_ = 0;
};

}  // namespace

std::vector<Moment> moments_of(const Peaks& peaks) {
  struct Played {
    double time_s;
    float confidence;
    std::size_t drum;
  };
  std::vector<Played> played;
  for (std::size_t drum = 0; drum < kNDrums; ++drum) {
    for (const Peak& peak : peaks[drum]) played.push_back({peak.time_s, peak.confidence, drum});
  }
  std::ranges::stable_sort(played, {}, &Played::time_s);
  std::vector<Moment> moments;
  for (const auto& [time_s, confidence, drum] : played) {
    if (moments.empty() || time_s - moments.back().first_s >= kTogether_s) {
      moments.push_back({time_s, time_s, 0, {}});
    }
    Moment& moment = moments.back();
    if (confidence > moment.confidence) {
      moment.time_s = time_s;
      moment.confidence = confidence;
    }
    moment.confidences[drum] = std::max(moment.confidences[drum], confidence);
  }
  return moments;
}

std::vector<std::optional<PerDrum<double>>> alike_moments(const std::vector<Moment>& moments,
                                                          const Timbre& timbre,
                                                          std::size_t first_value) {
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    if (moments[i].confidence >= kShown) shown.push_back(i);
  }
  const Matrix sounds = sounds_of(moments, timbre, first_value);
  const Matrix shown_sounds = sounds(shown, Eigen::all);
  const Eigen::VectorXf norms = sounds.rowwise().squaredNorm();
  const auto first_after = [&](double time_s) {
    return std::ranges::lower_bound(shown, time_s, {},
                                    [&](std::size_t i) { return moments[i].time_s; }) -
           shown.begin();
  };
  std::vector<std::optional<PerDrum<double>>> result(moments.size());
  for (std::size_t begin = 0; begin < moments.size(); begin += kBlock) {
    const std::size_t end = std::min(begin + kBlock, moments.size());
    const auto first = first_after(moments[begin].time_s - kWithin_s);
    const auto n = first_after(moments[end - 1].time_s + kWithin_s) - first;
    const Matrix products = sounds.middleRows(static_cast<Eigen::Index>(begin),
                                              static_cast<Eigen::Index>(end - begin)) *
                            shown_sounds.middleRows(first, n).transpose();
    for (std::size_t i = begin; i < end; ++i) {
      Nearest nearest;
      for (Eigen::Index k = 0; k < n; ++k) {
        const std::size_t other = shown[static_cast<std::size_t>(first + k)];
        const double away_s = std::abs(moments[other].time_s - moments[i].time_s);
        if (away_s < kApart_s || away_s > kWithin_s) continue;
        const float product = products(static_cast<Eigen::Index>(i - begin), k);
        nearest.offer(other, norms[static_cast<Eigen::Index>(i)] +
                                 norms[static_cast<Eigen::Index>(other)] - 2 * product);
      }
      result[i] = nearest.mean(moments);
    }
  }
  return result;
}

}  // namespace fyr::rhythm
