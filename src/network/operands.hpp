// SPDX-License-Identifier: GPL-3.0-or-later

/// One vector of operands (kernels.hpp): floats, or where the flags for this file allow AVX512_BF16
/// pairs of bfloat16. In simd.hpp's namespace, for the same reason.
#pragma once

#include "network/kernels.hpp"
#include "network/simd.hpp"

namespace fyr::FYR_SIMD {

#ifdef __AVX512BF16__

inline constexpr int kInputsPerOperand = 2;

using Operands = Integers;

inline Operands fill_operands(const Operand* from) {
  return static_cast<std::int32_t>(*from) - Operands{};
}

/// c plus both products of each pair.
inline Vector multiply_add(Operands a, Operands b, Vector c) {
  return reinterpret_cast<Vector>(_mm512_dpbf16_ps(
      reinterpret_cast<__m512>(c), reinterpret_cast<__m512bh>(a), reinterpret_cast<__m512bh>(b)));
}

/// Writes a vector as kLanes / kInputsPerOperand operands, rounded to nearest even.
inline void store_operands(Operand* to, Vector x) {
  const __m256bh rounded = _mm512_cvtneps_pbh(reinterpret_cast<__m512>(x));
  __builtin_memcpy(to, &rounded, sizeof rounded);
}

#else

inline constexpr int kInputsPerOperand = 1;

using Operands = Vector;

inline Operands fill_operands(const Operand* from) {
  float x = 0;
  __builtin_memcpy(&x, from, sizeof x);
  return fill(x);
}
inline void store_operands(Operand* to, Vector x) { __builtin_memcpy(to, &x, sizeof x); }

#endif

inline Operands load_operands(const Operand* from) {
  Operands x;
  __builtin_memcpy(&x, from, sizeof x);
  return x;
}

}  // namespace fyr::FYR_SIMD
