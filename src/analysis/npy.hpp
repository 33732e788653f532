// SPDX-License-Identifier: GPL-3.0-or-later

/// The NumPy arrays that an analysis file is made of.
/// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#pragma once

#include <string>
#include <string_view>

#include "fyr/matrix.hpp"

namespace fyr {

/// A two-dimensional float32 array in C order. Throws InputError with the cause alone.
Matrix parse_npy_matrix(std::string_view bytes);

/// A byte string (dtype S) without dimensions. Throws InputError with the cause alone.
std::string parse_npy_text(std::string_view bytes);

/// `text` as a byte string without dimensions. Requires: it does not end in a zero byte.
std::string npy_text(std::string_view text);

}  // namespace fyr
