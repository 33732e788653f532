// SPDX-License-Identifier: GPL-3.0-or-later

/// Voice: the chords of one pair of limbs through one bar.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "fyr/score.hpp"
#include "score/spans.hpp"

namespace fyr {

/// What sounds together at one place.
struct Column {
  std::vector<Note> notes;  ///< By drum.
  bool accent = false;
};

/// The columns of a bar by their place on the grid.
using Columns = std::map<Tick, Column>;

/// For swing, where the last third of a beat is how an eighth sounds: in a triplet beat that has
/// nothing else off its start it is one, whatever the other voice plays.
void write_swung_thirds_as_eighths(Columns& columns, const std::vector<Span>& spans);

/// Spells the columns span by span. Rests are all visible and not merged yet.
Voice lay_out_voice(const std::vector<Span>& spans, const Columns& columns, Stems stems);

/// Hides the rests that are not needed to see where the notes after them are.
///
/// Of `hands`: those during which `feet` speak, unless in the same beat there follows a note off
/// the eighths with no foot under it, or several notes, or one under a beam with the next beat's.
/// Of `feet`: all but those before a note off the eighths (in triplets not), or off the beat with
/// nothing above. Tuplets with a number keep theirs.
void hide_rests(Voice& hands, Voice& feet, const std::vector<Span>& spans, const Meter& meter);

/// Whether nothing in [start, end) is shorter than an eighth or in a tuplet: eighths there may
/// share a beam.
bool only_eighths(const Voice& voice, Tick start, Tick end);

/// The tuplet around chord `index`, or null.
const Tuplet* tuplet_at(const Voice& voice, std::size_t index);

/// Joins neighbouring rests where the meter allows a longer one, up to the full bar.
void merge_rests(Voice& voice, const Meter& meter, Tick length);

}  // namespace fyr
