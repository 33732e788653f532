// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/form.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fyr {
namespace {

// The novelty is Foote's (form.hpp). Its limits are by hand: none of the data sets tells the form
// of its songs. Differences are one minus a cosine.
constexpr std::size_t kContextBars = 4;  ///< Compared to each side of a bar line.
constexpr std::size_t kFewestBars = 4;   ///< Of a section.
constexpr double kChange = 0.35;         ///< A difference that begins a section.
constexpr double kCrashBonus = 0.1;      ///< What a crash on the first beat adds to it.
constexpr double kFill = 0.5;  ///< Cosine under which a bar does not play the groove around it.
constexpr double kNearlyAsNew = 0.7;  ///< Of the difference at a fill: the next bar's may begin.
constexpr double kSameGroove = 0.85;  ///< Cosine from which on two sections share a letter.
constexpr std::size_t kMostLetters = 26;

constexpr Tick kSlot = kTicksPerQuarter / 4;
constexpr std::size_t kNSlots = 24;  ///< 12/8 and 6/4 fit, longer bars fold back.
constexpr std::size_t kNFamilies = 6;

/// How often each family is struck on each 16th.
using Groove = std::array<double, kNFamilies * kNSlots>;

/// Crashes mark beginnings and are no part of the groove.
std::size_t family_of(Drum drum) {
  switch (drum) {
    case Drum::Kick:
      return 0;
    case Drum::Snare:
    case Drum::SideStick:
      return 1;
    case Drum::ClosedHiHat:
    case Drum::OpenHiHat:
      return 2;
    case Drum::Ride:
    case Drum::RideBell:
      return 3;
    case Drum::HighTom:
    case Drum::MidTom:
    case Drum::FloorTom:
      return 4;
    case Drum::Percussion:
      return 5;
    default:
      return kNFamilies;
  }
}

struct BarGrooves {
  std::vector<Groove> grooves;
  std::vector<bool> crashes;  ///< On the first beat.
  std::vector<bool> struck;   ///< With anything at all.
};

BarGrooves grooves_of(const Rhythm& rhythm) {
  BarGrooves bars{std::vector<Groove>(rhythm.bars.size(), Groove{}),
                  std::vector<bool>(rhythm.bars.size(), false),
                  std::vector<bool>(rhythm.bars.size(), false)};
  for (const QuantisedHit& hit : rhythm.hits) {
    const auto bar = static_cast<std::size_t>(hit.bar);
    bars.struck[bar] = true;
    if (hit.drum == Drum::Crash && hit.tick == 0) bars.crashes[bar] = true;
    const std::size_t family = family_of(hit.drum);
    if (family == kNFamilies) continue;
    const auto slot = static_cast<std::size_t>(hit.tick / kSlot) % kNSlots;
    bars.grooves[bar][family * kNSlots + slot] += 1;
  }
  return bars;
}

Groove sum(const std::vector<Groove>& grooves, std::size_t first, std::size_t last) {
  Groove total{};
  for (std::size_t i = first; i < last; ++i) {
    for (std::size_t k = 0; k < total.size(); ++k) total[k] += grooves[i][k];
  }
  return total;
}

/// 1 for proportional grooves and for two silences, 0 if nothing coincides.
double cosine(const Groove& one, const Groove& two) {
  double product = 0;
  double one_square = 0;
  double two_square = 0;
  for (std::size_t k = 0; k < one.size(); ++k) {
    product += one[k] * two[k];
    one_square += one[k] * one[k];
    two_square += two[k] * two[k];
  }
  if (one_square == 0 && two_square == 0) return 1;
  if (one_square == 0 || two_square == 0) return 0;
  return product / std::sqrt(one_square * two_square);
}

std::vector<double> novelty(const BarGrooves& bars) {
  const std::size_t n = bars.grooves.size();
  std::vector<double> values(n, 0);
  for (std::size_t i = kFewestBars; i + kFewestBars <= n; ++i) {
    // Where four silent bars turn up in the comparison, each place until the first stroke differs
    // as much as that one.
    if (bars.grooves[i - 1] == Groove{} && bars.grooves[i] == Groove{}) continue;
    const Groove before = sum(bars.grooves, i - std::min(i, kContextBars), i);
    const Groove after = sum(bars.grooves, i, std::min(n, i + kContextBars));
    values[i] = 1 - cosine(before, after) + (bars.crashes[i] ? kCrashBonus : 0);
  }
  return values;
}

/// A fill belongs to the section that it ends: the bar at a peak that does not play the groove that
/// follows gives way to the next, if that one is nearly as new and no crash begins it.
std::size_t after_fill(const BarGrooves& bars, const std::vector<double>& change, std::size_t i) {
  const std::size_t next = i + 1;
  if (bars.crashes[i]) return i;
  if (next + kFewestBars > change.size() || change[next] < kNearlyAsNew * change[i]) return i;
  const Groove after = sum(bars.grooves, next, next + kFewestBars);
  return cosine(bars.grooves[i], after) < kFill ? next : i;
}

bool is_silent(const BarGrooves& bars, std::size_t first, std::size_t last) {
  for (std::size_t i = first; i < last; ++i) {
    if (bars.struck[i]) return false;
  }
  return true;
}

/// Gives the sections their letters and joins neighbours with the same one.
void name_sections(std::vector<Section>& sections, const BarGrooves& bars) {
  std::vector<Groove> known;  // By letter.
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const std::size_t first = sections[i].first_bar;
    const std::size_t end =
        i + 1 < sections.size() ? sections[i + 1].first_bar : bars.grooves.size();
    if (is_silent(bars, first, end)) {
      sections[i].letter.reset();
      continue;
    }
    const Groove groove = sum(bars.grooves, first, end);
    const auto same = std::ranges::find_if(
        known, [&](const Groove& other) { return cosine(groove, other) > kSameGroove; });
    const auto letter = static_cast<std::size_t>(same - known.begin());
    if (same == known.end() && known.size() < kMostLetters) known.push_back(groove);
    sections[i].letter = static_cast<char>('A' + std::min(letter, kMostLetters - 1));
  }
  const auto same_letter = [](const Section& a, const Section& b) { return a.letter == b.letter; };
  sections.erase(std::unique(sections.begin(), sections.end(), same_letter), sections.end());
}

}  // namespace

bool is_peak(const std::vector<double>& values, std::size_t i, std::size_t reach) {
  const std::size_t first = i - std::min(i, reach - 1);
  const std::size_t last = std::min(values.size(), i + reach);
  for (std::size_t k = first; k < last; ++k) {
    if (values[k] > values[i] || (values[k] == values[i] && k < i)) return false;
  }
  return true;
}

std::vector<Section> find_sections(const Rhythm& rhythm) {
  const BarGrooves bars = grooves_of(rhythm);
  const std::vector<double> change = novelty(bars);
  std::vector<Section> sections{{}};
  for (std::size_t i = kFewestBars; i < change.size(); ++i) {
    if (change[i] > kChange && is_peak(change, i, kFewestBars)) {
      sections.push_back({after_fill(bars, change, i), 'A'});
    }
  }
  name_sections(sections, bars);
  const auto n_named = std::ranges::count_if(
      sections, [](const Section& section) { return section.letter.has_value(); });
  return n_named < 2 ? std::vector<Section>{} : sections;
}

}  // namespace fyr
