// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/score.hpp"

namespace fyr {
namespace {

/// All in model order, like kDrums.

/// N. Weinberg, "Guidelines for Drumset Notation", Percussive Notes, June 1994; percussion is ours.
constexpr PerDrum<StaffPlace> kWeinberg{{
    {7, NoteHead::Normal},         // kick: bottom space
    {3, NoteHead::Normal},         // snare: third space
    {3, NoteHead::Cross},          // side stick: on the snare's space
    {-1, NoteHead::Cross},         // closed hi-hat: above the staff
    {9, NoteHead::Cross},          // pedal hi-hat: below the staff
    {-1, NoteHead::CircledCross},  // open hi-hat: as closed, with a circle
    {1, NoteHead::Normal},         // high tom: fourth space
    {2, NoteHead::Normal},         // mid tom: fourth line
    {5, NoteHead::Normal},         // floor tom: second space
    {0, NoteHead::Cross},          // ride: top line
    {0, NoteHead::Diamond},        // ride bell: as ride, diamond
    {-2, NoteHead::Cross},         // crash: first ledger line above
    {-3, NoteHead::Triangle},      // percussion: above the crash, out of the kit's way
}};

/// What MuseScore 3.2.3 gives the notes of a MIDI file.
constexpr PerDrum<StaffPlace> kMuseScore{{
    {7, NoteHead::Normal},   // kick
    {3, NoteHead::Normal},   // snare
    {3, NoteHead::Cross},    // side stick
    {-1, NoteHead::Cross},   // closed hi-hat
    {9, NoteHead::Cross},    // pedal hi-hat
    {1, NoteHead::Cross},    // open hi-hat: fourth space
    {0, NoteHead::Normal},   // high tom: top line
    {1, NoteHead::Normal},   // mid tom: fourth space
    {5, NoteHead::Normal},   // floor tom
    {0, NoteHead::Cross},    // ride
    {0, NoteHead::Diamond},  // ride bell
    {-2, NoteHead::Cross},   // crash
    {2, NoteHead::Diamond},  // percussion: its tambourine, fourth line
}};

/// D. Agostini's method as LilyPond 2.24 has it (agostini-drums-style): the drums on the lines.
constexpr PerDrum<StaffPlace> kAgostini{{
    {9, NoteHead::Normal},         // kick: below the staff
    {4, NoteHead::Normal},         // snare: third line
    {4, NoteHead::Cross},          // side stick: on the snare's line
    {-1, NoteHead::Cross},         // closed hi-hat: above the staff
    {11, NoteHead::Cross},         // pedal hi-hat: below the first ledger line
    {-1, NoteHead::CircledCross},  // open hi-hat
    {1, NoteHead::Normal},         // high tom: fourth space
    {2, NoteHead::Normal},         // mid tom: fourth line
    {6, NoteHead::Normal},         // floor tom: second line
    {-2, NoteHead::Cross},         // ride: first ledger line above
    {-3, NoteHead::Diamond},       // ride bell: above that
    {-4, NoteHead::Cross},         // crash: second ledger line above
    {-2, NoteHead::Triangle},      // percussion: its cowbell, first ledger line above
}};

}  // namespace

const PerDrum<StaffPlace>& staff_places(NotationStyle style) {
  switch (style) {
    case NotationStyle::Weinberg:
      return kWeinberg;
    case NotationStyle::MuseScore:
      return kMuseScore;
    case NotationStyle::Agostini:
      return kAgostini;
  }
  return kWeinberg;
}

}  // namespace fyr
