// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/tracker_kernels.hpp"

#include <cassert>

namespace fyr {

namespace baseline {
extern const rhythm::TrackerKernels kTrackerKernels;
}
#ifdef __x86_64__
namespace avx2 {
extern const rhythm::TrackerKernels kTrackerKernels;
}
namespace avx512 {
extern const rhythm::TrackerKernels kTrackerKernels;
}
#endif

namespace rhythm {

const TrackerKernels& tracker_kernels(InstructionSet set) {
  assert(is_supported(set));
  switch (set) {
#ifdef __x86_64__
    case InstructionSet::Avx512:
      return avx512::kTrackerKernels;
    case InstructionSet::Avx2:
      return avx2::kTrackerKernels;
#endif
    default:
      return baseline::kTrackerKernels;
  }
}

}  // namespace rhythm
}  // namespace fyr
