// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/weight_type.hpp"

namespace fyr {

std::string_view name(WeightType type) { return type == WeightType::Bfloat16 ? "bf16" : "float"; }

bool is_supported(WeightType type, InstructionSet set) {
  if (!is_supported(set)) return false;
  if (type == WeightType::Float32) return true;
#ifdef __x86_64__
  // The compilers take AVX512BW as a part of AVX512_BF16.
  return set == InstructionSet::Avx512 && __builtin_cpu_supports("avx512bf16") != 0 &&
         __builtin_cpu_supports("avx512bw") != 0;
#else
  return false;
#endif
}

}  // namespace fyr
