// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/moments.hpp"

#include <algorithm>

namespace fyr {
namespace {

constexpr double kHeadDistance = 13;  ///< From one chord to the next at the least.

/// What the chord's grace notes need before it.
double grace_room(const Chord& chord) {
  int n_grace = 0;
  for (const Note& note : chord.notes) n_grace = std::max(n_grace, n_grace_notes(note));
  return n_grace == 0 ? 0 : grace_distance(n_grace - 1);
}

/// By moment; voices share a moment's room.
std::map<Tick, double> grace_rooms(const Measure& measure) {
  std::map<Tick, double> rooms;
  for (const Voice& voice : measure.voices) {
    for (const Chord& chord : voice.chords) {
      double& room = rooms[chord.tick];
      room = std::max(room, grace_room(chord));
    }
  }
  return rooms;
}

}  // namespace

int n_grace_notes(const Note& note) {
  return note.ornament == Ornament::Flam ? 1 : note.ornament == Ornament::Drag ? 2 : 0;
}

double grace_distance(int index) { return 15 + 9 * index; }

double grace_room(const Measure& measure) {
  double sum = 0;
  for (const auto& [tick, room] : grace_rooms(measure)) sum += room;
  return sum;
}

Moments::Moments(const Measure& measure, const MeasureSpace& space) {
  const std::map<Tick, double> rooms = grace_rooms(measure);
  if (rooms.empty()) return;
  const double width = std::max(0.0, space.width - grace_room(measure));
  const double distance = std::min(kHeadDistance, width / static_cast<double>(rooms.size()));
  double graces = 0;  // Before and at a moment.
  double free = space.left;
  for (const auto& [tick, room] : rooms) {
    graces += room;
    const double in_time =
        space.left + graces + width * static_cast<double>(tick) / std::max(1, measure.length);
    x_[tick] = std::max(in_time, free + room);
    free = x_[tick] + distance;
  }
  double end = space.left + space.width;
  for (auto it = x_.rbegin(); it != x_.rend(); ++it) {
    it->second = std::min(it->second, end);
    end = it->second - distance - rooms.at(it->first);
  }
}

}  // namespace fyr
