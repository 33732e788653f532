// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/instruction_set.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "fyr/error.hpp"

namespace fyr {
namespace {

constexpr std::array kWidestFirst{InstructionSet::Avx512, InstructionSet::Avx2,
                                  InstructionSet::Baseline};

}  // namespace

std::string_view name(InstructionSet set) {
  switch (set) {
    case InstructionSet::Avx512:
      return "avx512";
    case InstructionSet::Avx2:
      return "avx2";
    case InstructionSet::Baseline:
      break;
  }
#ifdef __x86_64__
  return "sse2";
#else
  return "baseline";
#endif
}

bool is_supported(InstructionSet set) {
  switch (set) {
#ifdef __x86_64__
    case InstructionSet::Avx512:
      return __builtin_cpu_supports("avx512f") != 0;
    case InstructionSet::Avx2:
      return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
#endif
    default:
      return set == InstructionSet::Baseline;
  }
}

InstructionSet widest_instruction_set() {
  return *std::ranges::find_if(kWidestFirst, [](InstructionSet set) { return is_supported(set); });
}

InstructionSet instruction_set() {
  const char* value = std::getenv("FYR_INSTRUCTION_SET");
  const std::string wanted = value == nullptr ? "" : value;
  std::string usable;
  for (const InstructionSet set : kWidestFirst) {
    if (!is_supported(set)) continue;
    if (wanted.empty() || wanted == name(set)) return set;
    usable += (usable.empty() ? "" : ", ") + std::string(name(set));
  }
  throw UsageError("FYR_INSTRUCTION_SET is \"" + wanted + "\", but this processor has " + usable +
                   "; name one of them or unset the variable");
}

}  // namespace fyr
