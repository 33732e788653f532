// SPDX-License-Identifier: GPL-3.0-or-later

/// Where the moments of a measure stand in fyr's own engraving.
#pragma once

#include <map>

#include "fyr/score.hpp"
#include "report/draw_measure.hpp"

namespace fyr {

/// How many grace notes stand before the note.
int n_grace_notes(const Note& note);

/// From the middle of a head to that of its grace note `index`, counted away from it.
double grace_distance(int index);

/// What the measure's grace notes take of its width.
double grace_room(const Measure& measure);

/// As far along as in time, with room before grace notes, but at least a head apart, so that 32nds
/// do not run into each other.
class Moments {
 public:
  Moments(const Measure& measure, const MeasureSpace& space);

  /// Of a chord or rest.
  double x_of(Tick tick) const { return x_.at(tick); }

  /// All of them.
  const std::map<Tick, double>& x_by_tick() const { return x_; }

 private:
  std::map<Tick, double> x_;
};

}  // namespace fyr
