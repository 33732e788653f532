// SPDX-License-Identifier: GPL-3.0-or-later

/// The number format in which the network multiplies.
#pragma once

#include <string_view>

#include "fyr/instruction_set.hpp"

namespace fyr {

enum class WeightType {
  Float32,  ///< The reference.
  /// bfloat16: a float's upper half, so 8 bits of precision in a float's range. Weights and what
  /// they are multiplied with are rounded to nearest even; sums, gates and cell states stay
  /// floats. Activations of the shipped model stay within 0.05 of the reference. Needs
  /// AVX512_BF16, which multiplies twice as many in an instruction.
  Bfloat16,
};

/// `float` or `bf16`.
std::string_view name(WeightType type);

/// True if this processor and operating system can run `set` with such weights.
bool is_supported(WeightType type, InstructionSet set);

}  // namespace fyr
