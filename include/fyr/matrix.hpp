// SPDX-License-Identifier: GPL-3.0-or-later

/// The one matrix type that crosses stage borders.
#pragma once

#include <Eigen/Core>

namespace fyr {

/// Row-major, so that a row is one frame and contiguous in memory.
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using RowVector = Eigen::Matrix<float, 1, Eigen::Dynamic>;

/// Rows that somebody else owns, valid for as long as the owner says.
using MatrixView = Eigen::Map<const Matrix>;

}  // namespace fyr
