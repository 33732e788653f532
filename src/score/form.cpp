// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/form.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace fyr {
namespace {

// The novelty is Foote's (form.hpp). Its limits are by hand: none of the data sets tells the form
// of its songs. Differences are one minus a cosine.
constexpr std::size_t kContextBars = 4;  ///< Compared to each side of a bar line.
constexpr std::size_t kFewestBars = 4;   ///< Of a section.
static_assert(kFewestBars >= kContextBars);
constexpr double kChange = 0.3;      ///< A difference that begins a section.
constexpr double kCrashBonus = 0.1;  ///< What a crash on the first beat adds to it.
constexpr double kFill = 0.5;  ///< Cosine under which a bar does not play the groove around it.
constexpr double kNearlyAsNew = 0.7;  ///< Of the difference at a fill: the next bar's may begin.
constexpr double kSameGroove = 0.9;   ///< Cosine from which on two sections share a letter.
constexpr double kCommon = 1;         ///< Strokes a bar that all grooves are taken to have.
constexpr double kFewestStrokes = 2;  ///< A bar, where a section begins.
constexpr std::size_t kPhraseBars = 4;
constexpr double kAsNew =
    0.9;  ///< Of the largest difference: a phrase beside it may begin instead.
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
  std::size_t first_full = 0;
};

BarGrooves grooves_of(const Rhythm& rhythm) {
  BarGrooves bars{std::vector<Groove>(rhythm.bars.size(), Groove{}),
                  std::vector<bool>(rhythm.bars.size(), false),
                  std::vector<bool>(rhythm.bars.size(), false), 0};
  if (rhythm.bars.size() > 1) {
    const Bar& first = rhythm.bars.front();
    bars.first_full = first.length < first.meter.bar_ticks() ? 1 : 0;
  }
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

/// Strokes a bar.
Groove mean(const std::vector<Groove>& grooves, std::size_t first, std::size_t last) {
  Groove total{};
  for (std::size_t i = first; i < last; ++i) {
    for (std::size_t k = 0; k < total.size(); ++k) {
      total[k] += grooves[i][k] / static_cast<double>(last - first);
    }
  }
  return total;
}

/// The cosine, as if both had some strokes more in common: 1 for the same groove and for two
/// silences. Of a few strokes next to none coincide by accident, and that makes no form.
double likeness(const Groove& one, const Groove& two, double n_common = kCommon) {
  double product = n_common * n_common;
  double one_square = product;
  double two_square = product;
  for (std::size_t k = 0; k < one.size(); ++k) {
    product += one[k] * two[k];
    one_square += one[k] * one[k];
    two_square += two[k] * two[k];
  }
  const double squares = one_square * two_square;
  return squares == 0 ? 0 : product / std::sqrt(squares);
}

std::vector<double> novelty(const BarGrooves& bars) {
  const std::size_t n = bars.grooves.size();
  std::vector<double> values(n, 0);
  for (std::size_t i = kFewestBars; i + kFewestBars <= n; ++i) {
    // Where four silent bars turn up in the comparison, each place until the first stroke differs
    // as much as that one.
    if (bars.grooves[i - 1] == Groove{} && bars.grooves[i] == Groove{}) continue;
    const Groove before = mean(bars.grooves, i - kContextBars, i);
    const Groove after = mean(bars.grooves, i, i + kContextBars);
    values[i] = 1 - likeness(before, after) + (bars.crashes[i] ? kCrashBonus : 0);
  }
  return values;
}

/// A fill belongs to the section that it ends: the bar at a peak that does not play the groove that
/// follows gives way to the next, if that one is nearly as new and no crash begins it.
std::size_t after_fill(const BarGrooves& bars, const std::vector<double>& change, std::size_t i) {
  const std::size_t next = i + 1;
  if (bars.crashes[i]) return i;
  if (next + kFewestBars > change.size() || change[next] < kNearlyAsNew * change[i]) return i;
  const Groove after = mean(bars.grooves, next, next + kContextBars);
  return likeness(bars.grooves[i], after, 0) < kFill ? next : i;
}

/// Of bar lines where the music changes about as much the one is taken that ends a phrase of four
/// bars since the section before.
std::size_t at_phrase(const BarGrooves& bars, const std::vector<double>& change, std::size_t i,
                      std::size_t section) {
  const std::size_t phrase = section + (i - section + kPhraseBars / 2) / kPhraseBars * kPhraseBars;
  const bool is_near = phrase + 1 == i || phrase == i + 1;
  const bool may_begin = is_near && phrase < change.size() && bars.struck[phrase];
  return may_begin && change[phrase] >= kAsNew * change[i] ? phrase : i;
}

std::size_t first_struck(const BarGrooves& bars, std::size_t i) {
  const auto struck =
      std::find(bars.struck.begin() + static_cast<std::ptrdiff_t>(i), bars.struck.end(), true);
  return struck == bars.struck.end() ? i : static_cast<std::size_t>(struck - bars.struck.begin());
}

double strokes_a_bar(const BarGrooves& bars, std::size_t first) {
  const std::size_t end = std::min(first + kContextBars, bars.grooves.size());
  const Groove groove = mean(bars.grooves, first, end);
  return std::accumulate(groove.begin(), groove.end(), 0.0);
}

/// A section begins with a stroke; a long rest before it is a section without a letter.
void begin_section(std::vector<Section>& sections, const BarGrooves& bars,
                   const std::vector<double>& change, std::size_t i) {
  const std::size_t before = std::max(sections.back().first_bar, bars.first_full);
  const std::size_t struck = first_struck(bars, i);
  if (struck - i >= kFewestBars) sections.push_back({i, std::nullopt});
  std::size_t first = first_struck(bars, after_fill(bars, change, struck));
  if (struck == i) first = at_phrase(bars, change, first, before);
  const bool room = first >= sections.back().first_bar + kFewestBars;
  if (room && strokes_a_bar(bars, first) >= kFewestStrokes) sections.push_back({first, 'A'});
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
    if (is_silent(bars, first, end)) sections[i].letter.reset();
    if (!sections[i].letter) continue;
    const Groove groove = mean(bars.grooves, first, end);
    const auto same = std::ranges::find_if(
        known, [&](const Groove& other) { return likeness(groove, other) > kSameGroove; });
    const auto letter = static_cast<std::size_t>(same - known.begin());
    if (same == known.end()) known.push_back(groove);
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
      begin_section(sections, bars, change, i);
    }
  }
  name_sections(sections, bars);
  const auto n_named = std::ranges::count_if(
      sections, [](const Section& section) { return section.letter.has_value(); });
  return n_named < 2 ? std::vector<Section>{} : sections;
}

}  // namespace fyr
