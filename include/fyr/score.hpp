// SPDX-License-Identifier: GPL-3.0-or-later

/// Score: from rhythm to the symbols on the page.
#pragma once

#include <string>
#include <vector>

#include "fyr/drum.hpp"
#include "fyr/rhythm.hpp"

namespace fyr {

struct ScoreOptions {
  std::string title;
  std::string subtitle;
  std::string composer;
};

/// One drum's note inside a chord.
struct Note {
  Drum drum = Drum::Kick;
  int velocity = 0;  ///< 1..127.
  bool ghost = false;
};

/// A chord, or a rest when it has no notes.
struct Chord {
  Tick duration = 0;        ///< Sounding length; inside a tuplet already scaled.
  std::vector<Note> notes;  ///< By drum.
};

struct Voice {
  std::vector<Chord> chords;  ///< Their durations add up to the measure's.
};

struct Measure {
  Meter meter;
  Tick length = 0;
  double tempo_bpm = 120;
  Voice hands;
  Voice feet;
};

struct Score {
  std::string title;
  std::string subtitle;
  std::string composer;
  std::vector<Measure> measures;
};

/// Lays the hits out as a drum part.
Score build_score(const Rhythm& rhythm, const ScoreOptions& options = {});

}  // namespace fyr
