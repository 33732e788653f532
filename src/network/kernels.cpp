// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/kernels.hpp"

#include <cassert>

namespace fyr {

namespace baseline {
extern const Kernels kKernels;
}
#ifdef __x86_64__
namespace avx2 {
extern const Kernels kKernels;
}
namespace avx512 {
extern const Kernels kKernels;
}
namespace avx512bf16 {
extern const Kernels kKernels;
}
#endif

const Kernels& kernels(InstructionSet set, [[maybe_unused]] WeightType weights) {
  assert(is_supported(weights, set));
  switch (set) {
#ifdef __x86_64__
    case InstructionSet::Avx512:
      return weights == WeightType::Bfloat16 ? avx512bf16::kKernels : avx512::kKernels;
    case InstructionSet::Avx2:
      return avx2::kKernels;
#endif
    default:
      return baseline::kKernels;
  }
}

}  // namespace fyr
