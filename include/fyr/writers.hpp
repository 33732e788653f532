// SPDX-License-Identifier: GPL-3.0-or-later

/// Writers: one function a format, from finished values to bytes on a stream.
#pragma once

#include <iosfwd>
#include <vector>

#include "fyr/matrix.hpp"
#include "fyr/onsets.hpp"
#include "fyr/score.hpp"

namespace fyr {

/// MuseScore 3.01 (.mscx), read by MuseScore 3 and 4.
void write_mscx(const Score& score, std::ostream& out);

/// `time_s,drum,velocity,confidence`, one hit a line, seconds with four decimals.
void write_csv(const std::vector<Onset>& onsets, std::ostream& out);

/// `bar,beat,time_s,drum,confidence` of the hits that are less sure than `below`, by bar and place:
/// bars as the score numbers them (a pickup is 0), beats from 1 with two decimals.
/// Requires: `score` was built from `rhythm`.
void write_doubts(const Rhythm& rhythm, const Score& score, double below, std::ostream& out);

/// NumPy .npy version 1.0, float32, C order.
/// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
void write_npy(const Matrix& matrix, std::ostream& out);

}  // namespace fyr
