// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/strokes.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace fyr {
namespace {

Chord snare(const NoteValue& value, Ornament ornament, int velocity = 90) {
  Chord chord;
  chord.value = value;
  Note note;
  note.drum = Drum::Snare;
  note.velocity = velocity;
  note.ornament = ornament;
  chord.notes.push_back(note);
  return chord;
}

TEST(GraceStrokes, AreHalfAsLoudAndNeverSilent) {
  const auto velocity = [](int of_stroke) {
    return grace_strokes(snare({4, 0}, Ornament::Flam, of_stroke)).at(0).notes.at(0).velocity;
  };
  EXPECT_EQ(velocity(100), 50);
  EXPECT_EQ(velocity(127), 64);
  EXPECT_EQ(velocity(1), 1);
}

/// Of 32nds, with the flags that the note has.
TEST(Slashes, MakeARollOf32ndsAndAreAtLeastOne) {
  EXPECT_EQ(n_slashes(snare({4, 0}, Ornament::Roll)), 3);
  EXPECT_EQ(n_slashes(snare({8, 0}, Ornament::Roll)), 2);
  EXPECT_EQ(n_slashes(snare({32, 0}, Ornament::Roll)), 1) << "else nobody saw that it is one";
  EXPECT_EQ(n_slashes(snare({4, 0}, Ornament::Flam)), 0);
}

}  // namespace
}  // namespace fyr
