// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/score.hpp"

namespace fyr {
namespace {

/// In model order, like kDrums.
constexpr PerDrum<StaffPlace> kPlaces{{
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

}  // namespace

const StaffPlace& staff_place(Drum drum) { return kPlaces[index_of(drum)]; }

}  // namespace fyr
