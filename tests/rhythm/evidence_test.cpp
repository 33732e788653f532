// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/evidence.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "rhythm/tempo.hpp"

namespace fyr::rhythm {
namespace {

TEST(Evidence, ABeatIsLessSureInTheFramesBesideIt) {
  Activations activations;
  activations.beats = Matrix::Zero(100, 2);
  activations.beats(50, 0) = 0.9F;
  const Evidence evidence = gather_evidence({{0.5, Drum::Kick, 90, 1}}, activations, 1);
  const auto frame = static_cast<std::size_t>(kLead) + 25;  // Of .5 s.
  const float odds = std::log(9.0F);
  EXPECT_NEAR(evidence.beat[frame], odds, 1e-4);
  EXPECT_NEAR(evidence.beat[frame - 1], odds - 0.5F, 1e-4);
  EXPECT_NEAR(evidence.beat[frame + 1], odds - 0.5F, 1e-4);
  EXPECT_LT(evidence.beat[frame + 2], -6);
  EXPECT_LT(evidence.downbeat[frame], -6);
}

TEST(Evidence, RatesAreThoseOfTheMusicWithoutItsPauses) {
  const Evidence evidence =
      gather_evidence({{1, Drum::Kick, 90, 1}, {101, Drum::Kick, 90, 1}}, {}, 102);
  // Two hits in the two seconds that each at most stands for.
  EXPECT_NEAR(evidence.rates[static_cast<std::size_t>(Part::Kick)], 2 * kFrame_s / 4, 1e-12);
}

TEST(LikelyTempi, AreAllWhereHitsAreFew) {
  const auto n_tempi = [](int n_hits) {
    std::vector<Onset> onsets;
    for (int i = 0; i < n_hits; ++i) onsets.push_back({0.5 * i, Drum::Kick, 90, 1});
    return likely_tempi(gather_evidence(onsets, {}, 30), 10, 60).size();
  };
  EXPECT_EQ(n_tempi(10), n_tempi(0));
  EXPECT_LT(n_tempi(40), n_tempi(0));
}

TEST(LikelyTempi, AreAllWhereNoIntervalIsAmongThem) {
  // 140 beats a minute, 8 % less or more; every other is struck.
  constexpr double kBeat_s = 60.0 / 140;
  std::vector<Onset> onsets;
  for (int i = 0; i < 30; ++i) onsets.push_back({2 * i * kBeat_s, Drum::Kick, 90, 1});
  const double beat = kBeat_s / kFrame_s;
  const auto tempi = likely_tempi(gather_evidence(onsets, {}, 26), beat / 1.08, beat * 1.08);
  ASSERT_EQ(tempi.size(), 6U);
  EXPECT_NEAR(tempi.front().period, beat / 1.08, 1e-9);
  EXPECT_NEAR(tempi.back().period, beat / 1.08 * std::pow(kTempoRatio, 5), 1e-9);
}

}  // namespace
}  // namespace fyr::rhythm
