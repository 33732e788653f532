// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/tuplet_numbers.hpp"

#include <algorithm>
#include <span>

namespace fyr {
namespace {

/// Three struck eighths or 16ths, or six 16ths: their beam alone shows the group.
bool is_beamed_group(const Voice& voice, const Tuplet& tuplet) {
  if (tuplet.last - tuplet.first + 1 != static_cast<std::size_t>(tuplet.actual)) return false;
  for (std::size_t i = tuplet.first; i <= tuplet.last; ++i) {
    const Chord& chord = voice.chords[i];
    if (chord.notes.empty() || chord.value != tuplet.base) return false;
  }
  return true;
}

/// Where notes shorter than a beat stand outside tuplets, two and three of them look alike.
bool is_all_tuplets(const Voice& voice) {
  std::size_t end = 0;  // Chords before it are in a tuplet.
  auto tuplet = voice.tuplets.begin();
  for (std::size_t i = 0; i < voice.chords.size(); ++i) {
    if (tuplet != voice.tuplets.end() && tuplet->first == i) {
      end = tuplet->last + 1;
      ++tuplet;
    }
    const Chord& chord = voice.chords[i];
    if (i >= end && !chord.notes.empty() && chord.duration < kTicksPerQuarter) return false;
  }
  return true;
}

/// Whether every note of the feet's tuplet is under one of the hands', which shows where it is.
bool stands_under(const Voice& feet, const Tuplet& tuplet, const Voice& hands,
                  const Tuplet& above) {
  const auto chords = [](const Voice& voice, const Tuplet& of) {
    return std::span(voice.chords).subspan(of.first, of.last - of.first + 1);
  };
  return std::ranges::all_of(chords(feet, tuplet), [&](const Chord& chord) {
    return chord.notes.empty() ||
           std::ranges::any_of(chords(hands, above), [&](const Chord& other) {
             return other.tick == chord.tick && !other.notes.empty();
           });
  });
}

Tick length(const Voice& voice, const Tuplet& tuplet) {
  const Chord& last = voice.chords[tuplet.last];
  return last.tick + last.duration - voice.chords[tuplet.first].tick;
}

/// A group like `tuplet`, at the same place.
bool has_beamed_group(const Voice& voice, Tick tick, const Tuplet& like) {
  return std::ranges::any_of(voice.tuplets, [&](const Tuplet& tuplet) {
    return tuplet.actual == like.actual && tuplet.base == like.base &&
           voice.chords[tuplet.first].tick == tick && is_beamed_group(voice, tuplet);
  });
}

}  // namespace

void hide_repeated_numbers(const Voice& hands, Voice& feet) {
  for (Tuplet& tuplet : feet.tuplets) {
    tuplet.numbered = std::ranges::none_of(hands.tuplets, [&](const Tuplet& above) {
      return hands.chords[above.first].tick == feet.chords[tuplet.first].tick &&
             ((is_beamed_group(feet, tuplet) && length(feet, tuplet) == length(hands, above)) ||
              stands_under(feet, tuplet, hands, above));
    });
  }
}

void hide_continued_numbers(Score& score) {
  if (score.swing.of_eighths())
    return;  // There pairs sound like triplets, so each of those says it is one.
  for (std::size_t i = 1; i < score.measures.size(); ++i) {
    const Measure& before = score.measures[i - 1];
    Voice& voice = score.measures[i].voices.front();
    if (before.line_break || before.voices.front().stems != voice.stems) continue;
    if (!is_all_tuplets(before.voices.front()) || !is_all_tuplets(voice)) continue;
    for (Tuplet& tuplet : voice.tuplets) {
      const Tick tick = voice.chords[tuplet.first].tick;
      if (is_beamed_group(voice, tuplet) && has_beamed_group(before.voices.front(), tick, tuplet)) {
        tuplet.numbered = false;
      }
    }
  }
}

}  // namespace fyr
