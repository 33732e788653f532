// SPDX-License-Identifier: GPL-3.0-or-later

/// One vector of floats, as wide as the compiler's flags for this file allow.
///
/// Everything lives in a namespace named after the instruction set: objects compiled with different
/// flags must never share a function, or the linker might keep the one that cannot run here.
#pragma once

#include <cstdint>

#ifdef __SSE2__
#include <immintrin.h>
#endif

#if defined(__AVX512BF16__)
#define FYR_SIMD avx512bf16
#elif defined(__AVX512F__)
#define FYR_SIMD avx512
#elif defined(__AVX2__)
#define FYR_SIMD avx2
#else
#define FYR_SIMD baseline
#endif

#ifdef __clang__
#define FYR_UNROLL _Pragma("unroll")
#else
#define FYR_UNROLL _Pragma("GCC unroll 16")
#endif

namespace fyr::FYR_SIMD {

#if defined(__AVX512F__)
inline constexpr int kLanes = 16;
inline constexpr int kTileRows = 6;  // 24 of 32 registers accumulate
#elif defined(__AVX2__)
inline constexpr int kLanes = 8;
inline constexpr int kTileRows = 3;  // 12 of 16 registers accumulate
#else
inline constexpr int kLanes = 4;
inline constexpr int kTileRows = 2;  // 8 of 16 registers accumulate, each product needs one more
#endif

// The vectors of GCC and clang: + - * / and comparisons work lane by lane.
using Vector = float __attribute__((vector_size(4 * kLanes)));
using Integers = std::int32_t __attribute__((vector_size(4 * kLanes)));

// Any address will do. Both compilers make one move of the copy; with a type of less alignment
// clang 14 still took the vector's.
inline Vector load(const float* from) {
  Vector x;
  __builtin_memcpy(&x, from, sizeof x);
  return x;
}
inline void store(float* to, Vector x) { __builtin_memcpy(to, &x, sizeof x); }
inline Vector fill(float x) { return x - Vector{}; }

/// a * b + c, rounded once where the processor can.
inline Vector multiply_add(Vector a, Vector b, Vector c) {
#if defined(__AVX512F__)
  return _mm512_fmadd_ps(a, b, c);
#elif defined(__AVX2__)
  return _mm256_fmadd_ps(a, b, c);
#else
  return a * b + c;
#endif
}

inline Vector clamp(Vector x, Vector least, Vector most) {
#if defined(__AVX512F__)
  // With a full mask: GCC 12 warns about the unmasked forms' own source (its bug 105593).
  return _mm512_maskz_min_ps(0xFFFF, _mm512_maskz_max_ps(0xFFFF, x, least), most);
#elif defined(__AVX2__)
  return _mm256_min_ps(_mm256_max_ps(x, least), most);
#elif defined(__SSE2__)
  return _mm_min_ps(_mm_max_ps(x, least), most);
#else
  const Vector raised = x > least ? x : least;
  return raised < most ? raised : most;
#endif
}

inline Vector larger(Vector x, Vector y) {
#if defined(__AVX512F__)
  return _mm512_maskz_max_ps(0xFFFF, x, y);
#elif defined(__AVX2__)
  return _mm256_max_ps(x, y);
#elif defined(__SSE2__)
  return _mm_max_ps(x, y);
#else
  return x > y ? x : y;
#endif
}

/// x * 2^n, with n in the low bits of `shifted_n`.
inline Vector scale_by_power(Vector x, Vector shifted_n) {
  return reinterpret_cast<Vector>(reinterpret_cast<Integers>(x) +
                                  (reinterpret_cast<Integers>(shifted_n) << 23));
}

/// 2^x for x clamped to ±36; relative error below 3e-7.
///
/// x = n + r with n whole and |r| <= 1/2; 2^r is a polynomial of degree 5, exact at 0, fitted for
/// the least largest relative error (9.2e-8, by iteratively reweighted least squares).
inline Vector exp2(Vector x) {
  // Adding 1.5 * 2^23 leaves no bits for fractions: the sum holds n in its low bits.
  const Vector shift = fill(12582912.0F);
  const Vector clamped = clamp(x, fill(-36.0F), fill(36.0F));
  const Vector shifted_n = clamped + shift;
  const Vector r = clamped - (shifted_n - shift);
  Vector p = fill(0x1.5bba14p-10F);
  p = multiply_add(p, r, fill(0x1.3cea88p-7F));
  p = multiply_add(p, r, fill(0x1.c6b752p-5F));
  p = multiply_add(p, r, fill(0x1.ebf9bcp-3F));
  p = multiply_add(p, r, fill(0x1.62e42ap-1F));
  p = multiply_add(p, r, fill(1.0F));
  return scale_by_power(p, shifted_n);
}

}  // namespace fyr::FYR_SIMD
