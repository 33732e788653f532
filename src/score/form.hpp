// SPDX-License-Identifier: GPL-3.0-or-later

/// Form: where the music changes its pattern, and which parts come back.
#pragma once

#include <optional>
#include <vector>

#include "fyr/rhythm.hpp"

namespace fyr {

/// A run of bars with one groove, or in which nothing is struck.
struct Section {
  std::size_t first_bar = 0;
  /// Sections with the same groove share it; neighbours never do. Silence has none.
  std::optional<char> letter = 'A';
};

/// The sections in order; empty if fewer than two have a letter.
///
/// A section begins where the groove of the four bars to come differs from that of the four bars
/// before (cosine of their hit counts by instrument and 16th), at the greatest difference nearby;
/// a cymbal crash on the first beat counts in favour. A fill belongs to the section that it ends.
/// The novelty curve of Foote, "Automatic audio segmentation using a measure of audio novelty",
/// ICME 2000, with one boundary per four bars.
std::vector<Section> find_sections(const Rhythm& rhythm);

/// Whether the value is the largest of those less than `reach` away; of equal ones the first is.
bool is_peak(const std::vector<double>& values, std::size_t i, std::size_t reach);

}  // namespace fyr
