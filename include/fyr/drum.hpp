// SPDX-License-Identifier: GPL-3.0-or-later

/// The drum vocabulary: the 13 instruments that fyr hears and writes, in one table.
///
/// The order is the order of a model's outputs, the ids are used in files, options and CSV.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace fyr {

enum class Drum {
  Kick,
  Snare,
  SideStick,
  ClosedHiHat,
  PedalHiHat,
  OpenHiHat,
  HighTom,
  MidTom,
  FloorTom,
  Ride,
  RideBell,
  Crash,       ///< Crash, china and splash.
  Percussion,  ///< Tambourine, cowbell, clap and the like.
};

inline constexpr std::size_t kNDrums = 13;

/// One value per drum, indexed by `index_of`.
template <typename T>
using PerDrum = std::array<T, kNDrums>;

/// Who plays it: hands are written with stems up, feet with stems down.
enum class Limb { Hand, Foot };

/// What a drum is called and where it stands.
struct DrumInfo {
  Drum drum;
  std::string_view id;    ///< Machine name: `closed_hihat`.
  std::string_view name;  ///< Human name: `Closed hi-hat`.
  int midi_key;           ///< General MIDI percussion key (GM level 1, 35..81).
  Limb limb;
};

/// The table, in model order.
inline constexpr PerDrum<DrumInfo> kDrums{{
    {Drum::Kick, "kick", "Kick", 36, Limb::Foot},
    {Drum::Snare, "snare", "Snare", 38, Limb::Hand},
    {Drum::SideStick, "side_stick", "Side stick", 37, Limb::Hand},
    {Drum::ClosedHiHat, "closed_hihat", "Closed hi-hat", 42, Limb::Hand},
    {Drum::PedalHiHat, "pedal_hihat", "Pedal hi-hat", 44, Limb::Foot},
    {Drum::OpenHiHat, "open_hihat", "Open hi-hat", 46, Limb::Hand},
    {Drum::HighTom, "high_tom", "High tom", 50, Limb::Hand},
    {Drum::MidTom, "mid_tom", "Mid tom", 47, Limb::Hand},
    {Drum::FloorTom, "floor_tom", "Floor tom", 43, Limb::Hand},
    {Drum::Ride, "ride", "Ride", 51, Limb::Hand},
    {Drum::RideBell, "ride_bell", "Ride bell", 53, Limb::Hand},
    {Drum::Crash, "crash", "Crash", 49, Limb::Hand},
    {Drum::Percussion, "percussion", "Percussion", 54, Limb::Hand},
}};

constexpr std::size_t index_of(Drum drum) { return static_cast<std::size_t>(drum); }

constexpr const DrumInfo& info(Drum drum) { return kDrums[index_of(drum)]; }

/// The drum with that id; nothing if there is none.
std::optional<Drum> drum_from_id(std::string_view id);

/// All ids, comma-separated, for messages.
std::string drum_ids();

/// Whether both are sounds of one instrument (the hi-hat, the snare, the ride), which can only make
/// one of them at a time. The toms count as one: a stroke on a tom sounds like its neighbours more
/// often than two toms are struck at once (7 % of tom strokes in 660 rendered songs).
constexpr bool same_instrument(Drum a, Drum b) {
  const auto instrument = [](Drum drum) {
    if (drum == Drum::SideStick) return Drum::Snare;
    if (drum == Drum::PedalHiHat || drum == Drum::OpenHiHat) return Drum::ClosedHiHat;
    if (drum == Drum::MidTom || drum == Drum::FloorTom) return Drum::HighTom;
    return drum == Drum::RideBell ? Drum::Ride : drum;
  };
  return instrument(a) == instrument(b);
}

constexpr bool is_cymbal(Drum drum) {
  return same_instrument(drum, Drum::ClosedHiHat) || same_instrument(drum, Drum::Ride) ||
         drum == Drum::Crash;
}

/// Whether it takes one of the drummer's hands. Percussion may be played by someone else.
constexpr bool takes_a_hand(Drum drum) {
  return info(drum).limb == Limb::Hand && drum != Drum::Percussion;
}

/// Whether a drummer needs time from one to the other: open and closed hi-hat, snare and side
/// stick, ride and its bell. The foot closes a hi-hat that was just struck open, so its sound is
/// not meant, and sticks go from tom to tom in flams.
constexpr bool takes_time_between(Drum a, Drum b) {
  return a != b && same_instrument(a, b) && takes_a_hand(a) && takes_a_hand(b) &&
         !same_instrument(a, Drum::HighTom);
}

/// Whether two drums that seem to be struck at once are one stroke, though of two instruments: two
/// cymbals that take a hand, or the snare and a small tom. At 692 and 747 of the 214,309 moments at
/// which hands play in Groove's train split both are struck; where fyr heard both in 330 rendered
/// songs, 10 of 875 and 1 of 497 times they were (models/HISTORY.md, "What nobody plays").
constexpr bool is_one_stroke(Drum a, Drum b) {
  const auto is_stick_on_cymbal = [](Drum drum) { return is_cymbal(drum) && takes_a_hand(drum); };
  const auto is_small_tom = [](Drum drum) { return drum == Drum::HighTom || drum == Drum::MidTom; };
  return (is_stick_on_cymbal(a) && is_stick_on_cymbal(b)) ||
         (a == Drum::Snare && is_small_tom(b)) || (b == Drum::Snare && is_small_tom(a));
}

}  // namespace fyr
