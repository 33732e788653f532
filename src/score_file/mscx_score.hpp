// SPDX-License-Identifier: GPL-3.0-or-later

/// An .mscx file as values: what sounds where, and what is wrong with its elements.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "fyr/score_file.hpp"
#include "score_file/fraction.hpp"

namespace fyr {

struct MscxNote {
  Fraction position;  ///< From the start of the bar.
  int pitch = 0;      ///< MIDI key.
  int velocity = 0;   ///< 0: none of its own.
  bool ghost = false;
  bool grace = false;
  std::string head;                ///< As written; empty: the drum map's.
  std::vector<std::string> marks;  ///< Articulations and tremolo of its chord by name, in order.
};

struct MscxTempo {
  Fraction position;
  double quarters_per_s = 0;
};

struct MscxVoice {
  Fraction length;  ///< Where its last chord or rest ends.
  bool empty = true;
};

struct MscxBar {
  std::string name;  ///< "bar 12", as counted on the page.
  std::string meter;
  Fraction beat;         ///< 1/denominator of the meter.
  Fraction length;       ///< What voice 1 has to fill.
  bool repeats = false;  ///< A repeat sign: the notes are those of the bar before.
  std::vector<MscxVoice> voices;
  std::vector<MscxNote> notes;  ///< Of all voices, by position.
  std::vector<MscxTempo> tempi;
  std::string bad_number;  ///< What is wrong with its first number that makes no sense; or empty.

  /// "bar 12 beat 2.5".
  std::string beat_at(Fraction position) const;
};

struct MscxScore {
  std::map<int, std::string> heads;  ///< The drum map: MIDI key to head.
  std::map<int, std::string> names;  ///< The same keys to names.
  std::vector<std::vector<MscxBar>> staves;
};

enum class MscxVersions {
  Ours,      ///< 3.01, which MuseScore 3.0 to 3.5 save.
  NewerToo,  ///< Of MuseScore 3.6 (3.02) and 4 as well: bars and notes are laid out alike.
};

/// Reads what it can; what is wrong with the elements themselves is added to `findings`. Lengths
/// of bars are not compared.
MscxScore read_mscx(std::string_view text, MscxVersions versions,
                    std::vector<ScoreFinding>& findings);

}  // namespace fyr
