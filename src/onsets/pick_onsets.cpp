// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cassert>
#include <cmath>
#include <tuple>

#include "fyr/activations.hpp"
#include "fyr/onsets.hpp"
#include "onsets/drum_peaks.hpp"
#include "onsets/highest_near.hpp"
#include "onsets/midi_velocity.hpp"
#include "onsets/take_best_first.hpp"

namespace fyr {
namespace {

bool is_played(const std::vector<Peak>& peaks, const PeakPicking& picking) {
  return std::any_of(peaks.begin(), peaks.end(), [&](const Peak& peak) {
    return static_cast<double>(peak.confidence) >= std::max(picking.threshold, picking.presence);
  });
}

/// The other sounds of the drum's instrument that the recording has.
std::vector<Drum> other_sounds(Drum drum, const Peaks& peaks,
                               const PerDrum<PeakPicking>& settings) {
  std::vector<Drum> others;
  for (const DrumInfo& other : kDrums) {
    const std::size_t index = index_of(other.drum);
    if (other.drum != drum && same_instrument(other.drum, drum) &&
        is_played(peaks[index], settings[index])) {
      others.push_back(other.drum);
    }
  }
  return others;
}

/// The peak's confidence with what `others` add to it where all are weak; only the likeliest gains.
float pooled_confidence(const Peak& peak, Drum drum, const std::vector<Drum>& others,
                        const Peaks& peaks, const PerDrum<PeakPicking>& settings) {
  const PeakPicking& picking = settings[index_of(drum)];
  const double reach_s = std::max(picking.alone_s, picking.gap_s);
  if (highest_near(peaks[index_of(drum)], peak.time_s, reach_s) >= picking.threshold) {
    return peak.confidence;
  }
  const auto confidence = static_cast<double>(peak.confidence);
  const double excess = confidence - picking.threshold;
  double in_thresholds = confidence / picking.threshold;
  for (const Drum other : others) {
    const double its = highest_near(peaks[index_of(other)], peak.time_s, picking.alone_s);
    if (its == 0) continue;
    const double its_threshold = settings[index_of(other)].threshold;
    if (std::tuple(its - its_threshold, other) > std::tuple(excess, drum)) return peak.confidence;
    in_thresholds += its / its_threshold;
  }
  return static_cast<float>(std::min(1.0, in_thresholds * picking.threshold));
}

/// The drum's peaks that reach its threshold, alone or pooled.
std::vector<Peak> strong_peaks(Drum drum, const Peaks& peaks,
                               const PerDrum<PeakPicking>& settings) {
  const PeakPicking& picking = settings[index_of(drum)];
  if (!is_played(peaks[index_of(drum)], picking)) return {};
  const std::vector<Drum> others =
      picking.pooled ? other_sounds(drum, peaks, settings) : std::vector<Drum>{};
  std::vector<Peak> strong;
  for (Peak peak : peaks[index_of(drum)]) {
    if (!others.empty()) peak.confidence = pooled_confidence(peak, drum, others, peaks, settings);
    if (static_cast<double>(peak.confidence) >= picking.threshold) strong.push_back(peak);
  }
  return strong;
}

/// Takes the highest first; drops what lies within gap_s of one already taken. In time order before
/// and after.
std::vector<Peak> keep_apart(const std::vector<Peak>& candidates, double gap_s) {
  const auto is_free = [&](std::size_t i, const std::vector<bool>& taken) {
    const double time_s = candidates[i].time_s;
    for (std::size_t k = i; k > 0 && time_s - candidates[k - 1].time_s < gap_s; --k) {
      if (taken[k - 1]) return false;
    }
    for (std::size_t k = i + 1; k < taken.size() && candidates[k].time_s - time_s < gap_s; ++k) {
      if (taken[k]) return false;
    }
    return true;
  };
  const auto height = [](const Peak& peak) { return peak.confidence; };
  return take_best_first(candidates, height, is_free);
}

/// Of different sounds of one instrument within alone_s keeps what most exceeds its threshold.
/// `onsets` are ordered by time.
std::vector<Onset> one_sound_at_a_time(const std::vector<Onset>& onsets,
                                       const PerDrum<PeakPicking>& settings) {
  const auto excess = [&](const Onset& onset) {
    return onset.confidence - settings[index_of(onset.drum)].threshold;
  };
  const auto yields = [&](const Onset& onset, const Onset& other) {
    return onset.drum != other.drum && same_instrument(onset.drum, other.drum) &&
           std::abs(onset.time_s - other.time_s) < settings[index_of(onset.drum)].alone_s &&
           std::tuple(excess(onset), onset.drum) < std::tuple(excess(other), other.drum);
  };
  std::vector<Onset> kept;
  for (auto onset = onsets.begin(); onset != onsets.end(); ++onset) {
    const double reach_s = settings[index_of(onset->drum)].alone_s;
    auto first = onset;
    while (first != onsets.begin() && onset->time_s - std::prev(first)->time_s < reach_s) --first;
    auto last = onset;
    while (last != onsets.end() && last->time_s - onset->time_s < reach_s) ++last;
    if (std::none_of(first, last, [&](const Onset& other) { return yields(*onset, other); })) {
      kept.push_back(*onset);
    }
  }
  return kept;
}

}  // namespace

int midi_velocity(float velocity) {
  return std::clamp(static_cast<int>(std::lround(127.0F * velocity)), 1, 127);
}

struct PeakFinder::Impl {
  PerDrum<PeakPicking> settings;
  double least = 0;
  double time_offset_s = 0;
  std::vector<Drum> drums;
  std::vector<DrumPeaks> finders;  ///< One a drum.
};

PeakFinder::PeakFinder(const PerDrum<PeakPicking>& settings, double least, double time_offset_s)
    : impl_(std::make_unique<Impl>(Impl{settings, least, time_offset_s, {}, {}})) {}

PeakFinder::~PeakFinder() = default;
PeakFinder::PeakFinder(PeakFinder&&) noexcept = default;
PeakFinder& PeakFinder::operator=(PeakFinder&&) noexcept = default;

void PeakFinder::push(const Activations& block) {
  assert(block.onsets.cols() == static_cast<Eigen::Index>(block.drums.size()));
  if (impl_->drums.empty()) {
    impl_->drums = block.drums;
    for (const Drum drum : block.drums) {
      const PeakPicking& picking = impl_->settings[index_of(drum)];
      impl_->finders.emplace_back(picking, std::min(picking.threshold, impl_->least), block.hop_s,
                                  impl_->time_offset_s);
    }
  }
  // Models without velocities still tell loud from soft a little by how sure they are.
  const Matrix& velocities = block.velocities.size() > 0 ? block.velocities : block.onsets;
  for (Eigen::Index frame = 0; frame < block.onsets.rows(); ++frame) {
    Eigen::Index column = 0;
    for (DrumPeaks& finder : impl_->finders) {
      finder.push(block.onsets(frame, column), velocities(frame, column));
      ++column;
    }
  }
}

Peaks PeakFinder::finish() {
  Peaks peaks;
  for (std::size_t i = 0; i < impl_->finders.size(); ++i) {
    peaks[index_of(impl_->drums[i])] = impl_->finders[i].finish();
  }
  return peaks;
}

std::vector<Onset> pick_onsets(const Peaks& peaks, const PerDrum<PeakPicking>& settings) {
  std::vector<Onset> onsets;
  for (const DrumInfo& drum : kDrums) {
    const std::vector<Peak> candidates = strong_peaks(drum.drum, peaks, settings);
    const double gap_s = settings[index_of(drum.drum)].gap_s;
    for (const Peak& hit : keep_apart(candidates, gap_s)) {
      onsets.push_back({hit.time_s, drum.drum, midi_velocity(hit.velocity),
                        static_cast<double>(hit.confidence)});
    }
  }
  std::sort(onsets.begin(), onsets.end(), [](const Onset& a, const Onset& b) {
    return std::tuple(a.time_s, a.drum) < std::tuple(b.time_s, b.drum);
  });
  return one_sound_at_a_time(onsets, settings);
}

}  // namespace fyr
