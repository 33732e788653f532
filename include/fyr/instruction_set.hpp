// SPDX-License-Identifier: GPL-3.0-or-later

/// Which of the processor's vector instructions the network uses.
///
/// One binary holds a code path for each set; results agree within 1e-5 (activations are 0..1).
#pragma once

#include <string_view>

namespace fyr {

enum class InstructionSet {
  Baseline,  ///< What every processor of the architecture has: SSE2 on x86-64. 4 floats a vector.
  Avx2,      ///< AVX2 and FMA, 8 floats a vector.
  Avx512,    ///< AVX-512F, 16 floats a vector.
};

/// `sse2`, `avx2` or `avx512`; Baseline is `baseline` where the processor is no x86-64.
std::string_view name(InstructionSet set);

/// True if this processor and operating system can run that path.
bool is_supported(InstructionSet set);

/// The widest that is supported.
InstructionSet widest_instruction_set();

/// The path that the network runs on: the widest supported one, or the one that the environment
/// variable FYR_INSTRUCTION_SET names. Throws UsageError if the variable names none, or one that
/// this processor cannot run.
InstructionSet instruction_set();

}  // namespace fyr
