// SPDX-License-Identifier: GPL-3.0-or-later

// One direction of an LSTM layer for training on a CPU: the recurrence with its gate arithmetic
// fused into the matrix product, forwards and backwards in time. lstm_cpu.py compiles this file and
// calls it through ctypes.
//
// Everything is float32, row-major and time-major: x is [T, B, I], h is [T, B, stride], and the
// gates of one frame and one sequence lie in "panels" of kLanes hidden units, each panel holding
// its i, f, g, o values one after the other: column = (unit / kLanes) * 4 * kLanes + gate * kLanes
// + unit % kLanes. So the four sums that make one unit's new state are in registers at the same
// time. The number of units must be a multiple of kLanes.

#include <cstddef>
#include <cstring>

namespace {

#ifdef __AVX512F__
constexpr int kLanes = 16;
constexpr int kForwardRows = 6;  // sequences per register block: 6 x 4 sums in 32 registers
#else
constexpr int kLanes = 8;
constexpr int kForwardRows = 3;  // 3 x 4 sums in 16 registers
#endif
constexpr int kBackwardRows = 8;
constexpr int kPanel = 4 * kLanes;

typedef float Vec __attribute__((vector_size(kLanes * sizeof(float)), may_alias, aligned(4)));
typedef int IntVec __attribute__((vector_size(kLanes * sizeof(int)), may_alias, aligned(4)));

inline Vec load(const float* p) { return *reinterpret_cast<const Vec*>(p); }
inline void store(float* p, Vec v) { *reinterpret_cast<Vec*>(p) = v; }
inline Vec splat(float v) { return Vec{} + v; }

// e^x by 2^n * e^r with |r| <= ln(2)/2 and Cephes' polynomial (Moshier, expf.c); relative error <
// 2e-7.
inline Vec exp_of(Vec x) {
  x = x > 88.0f ? splat(88.0f) : x;
  x = x < -87.0f ? splat(-87.0f) : x;
  const Vec magic = splat(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer
  const Vec n = (x * 1.44269504f + magic) - magic;
  const Vec r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  Vec p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const IntVec exponent = (__builtin_convertvector(n, IntVec) + 127) << 23;
  return p * reinterpret_cast<const Vec&>(exponent);
}

inline Vec sigmoid_of(Vec x) { return 1.0f / (1.0f + exp_of(-x)); }
inline Vec tanh_of(Vec x) { return 2.0f / (1.0f + exp_of(-2.0f * x)) - 1.0f; }

// sums[row][v] += a[row, 0..depth) * packed[0..depth, v]; packed holds kVectors vectors per depth
// step.
template <int kRows, int kVectors>
inline void accumulate(Vec (&sums)[kRows][kVectors], const float* a, std::ptrdiff_t a_stride,
                       int depth, const float* packed) {
  for (int k = 0; k < depth; ++k) {
    Vec w[kVectors];
    for (int v = 0; v < kVectors; ++v)
      w[v] = load(packed + (std::ptrdiff_t(k) * kVectors + v) * kLanes);
    for (int row = 0; row < kRows; ++row) {
      const Vec value = splat(a[row * a_stride + k]);
      for (int v = 0; v < kVectors; ++v) sums[row][v] += value * w[v];
    }
  }
}

struct Forward {
  int batch, inputs, units;
  std::ptrdiff_t h_stride;
  const float *x, *h_before,
      *c_before;  // this frame's inputs, the state of the frame before (null at the first)
  const float *w_ih, *w_hh, *bias;  // packed by panels
  float *gates, *c, *h;
};

template <int kRows>
void forward_rows(const Forward& f, int panel, int row) {
  const int unit = panel * kLanes;
  Vec sums[kRows][4];
  for (int r = 0; r < kRows; ++r)
    for (int g = 0; g < 4; ++g) sums[r][g] = load(f.bias + panel * kPanel + g * kLanes);
  accumulate<kRows, 4>(sums, f.x + std::ptrdiff_t(row) * f.inputs, f.inputs, f.inputs,
                       f.w_ih + std::ptrdiff_t(panel) * f.inputs * kPanel);
  if (f.h_before)
    accumulate<kRows, 4>(sums, f.h_before + row * f.h_stride, f.h_stride, f.units,
                         f.w_hh + std::ptrdiff_t(panel) * f.units * kPanel);
  for (int r = 0; r < kRows; ++r) {
    const std::ptrdiff_t at = std::ptrdiff_t(row + r) * f.units + unit;
    const Vec input = sigmoid_of(sums[r][0]);
    const Vec forget = sigmoid_of(sums[r][1]);
    const Vec candidate = tanh_of(sums[r][2]);
    const Vec output = sigmoid_of(sums[r][3]);
    const Vec before = f.c_before ? load(f.c_before + at) : Vec{};
    const Vec c = forget * before + input * candidate;
    float* gates = f.gates + std::ptrdiff_t(row + r) * 4 * f.units + panel * kPanel;
    store(gates, input);
    store(gates + kLanes, forget);
    store(gates + 2 * kLanes, candidate);
    store(gates + 3 * kLanes, output);
    store(f.c + at, c);
    store(f.h + (row + r) * f.h_stride + unit, output * tanh_of(c));
  }
}

template <int kRows>
void forward_tail(const Forward& f, int panel, int row) {
  if constexpr (kRows > 0) {
    if (f.batch - row == kRows) return forward_rows<kRows>(f, panel, row);
    forward_tail<kRows - 1>(f, panel, row);
  }
}

struct Backward {
  int batch, units;
  std::ptrdiff_t dh_stride;
  const float* dh_out;        // gradient of this frame's output
  const float* dgates_after;  // of the frame computed after this one (null at the last)
  const float *w_hh, *c,
      *c_before;  // w_hh packed for the product with dgates; c_before null at the first frame
  float* gates;   // in: gate values, out: gradients before the non-linearity
  float* dc;      // [B, units], carried from frame to frame
};

template <int kRows, int kVectors>
void backward_rows(const Backward& b, int unit, const float* packed, int row) {
  Vec sums[kRows][kVectors];
  for (int r = 0; r < kRows; ++r)
    for (int v = 0; v < kVectors; ++v)
      sums[r][v] = load(b.dh_out + (row + r) * b.dh_stride + unit + v * kLanes);
  if (b.dgates_after)
    accumulate<kRows, kVectors>(sums, b.dgates_after + std::ptrdiff_t(row) * 4 * b.units,
                                4 * b.units, 4 * b.units, packed);
  for (int r = 0; r < kRows; ++r)
    for (int v = 0; v < kVectors; ++v) {
      const int first = unit + v * kLanes;
      const std::ptrdiff_t at = std::ptrdiff_t(row + r) * b.units + first;
      float* gates = b.gates + std::ptrdiff_t(row + r) * 4 * b.units + first * 4;
      const Vec input = load(gates), forget = load(gates + kLanes);
      const Vec candidate = load(gates + 2 * kLanes), output = load(gates + 3 * kLanes);
      const Vec tanh_c = tanh_of(load(b.c + at));
      const Vec before = b.c_before ? load(b.c_before + at) : Vec{};
      const Vec dh = sums[r][v];
      const Vec dc = load(b.dc + at) + dh * output * (1.0f - tanh_c * tanh_c);
      store(gates, dc * candidate * input * (1.0f - input));
      store(gates + kLanes, dc * before * forget * (1.0f - forget));
      store(gates + 2 * kLanes, dc * input * (1.0f - candidate * candidate));
      store(gates + 3 * kLanes, dh * tanh_c * output * (1.0f - output));
      store(b.dc + at, dc * forget);
    }
}

template <int kRows, int kVectors>
void backward_tail(const Backward& b, int unit, const float* packed, int row) {
  if constexpr (kRows > 0) {
    if (b.batch - row == kRows) return backward_rows<kRows, kVectors>(b, unit, packed, row);
    backward_tail<kRows - 1, kVectors>(b, unit, packed, row);
  }
}

template <int kVectors>
void backward_columns(const Backward& b, int unit, const float* packed) {
  int row = 0;
  for (; row + kBackwardRows <= b.batch; row += kBackwardRows)
    backward_rows<kBackwardRows, kVectors>(b, unit, packed, row);
  backward_tail<kBackwardRows - 1, kVectors>(b, unit, packed, row);
}

}  // namespace

extern "C" {

// Hidden units per panel; the caller packs weights accordingly.
int fyr_lstm_lanes() { return kLanes; }

// x [T, B, inputs]; w_ih [panels, inputs, 4, kLanes]; w_hh [panels, units, 4, kLanes]; bias
// [panels, 4, kLanes]. Writes gates [T, B, 4*units] (panel order, after the non-linearity), c [T,
// B, units], h [T, B, h_stride].
void fyr_lstm_forward(int frames, int batch, int inputs, int units, int reverse, const float* x,
                      const float* w_ih, const float* w_hh, const float* bias, float* gates,
                      float* c, float* h, std::ptrdiff_t h_stride) {
  const std::ptrdiff_t cells = std::ptrdiff_t(batch) * units;
  for (int step = 0; step < frames; ++step) {
    const std::ptrdiff_t t = reverse ? frames - 1 - step : step;
    const std::ptrdiff_t before = reverse ? t + 1 : t - 1;
    const bool first = step == 0;
    const Forward f{batch,
                    inputs,
                    units,
                    h_stride,
                    x + t * batch * inputs,
                    first ? nullptr : h + before * batch * h_stride,
                    first ? nullptr : c + before * cells,
                    w_ih,
                    w_hh,
                    bias,
                    gates + t * 4 * cells,
                    c + t * cells,
                    h + t * batch * h_stride};
    for (int panel = 0; panel < units / kLanes; ++panel) {
      int row = 0;
      for (; row + kForwardRows <= batch; row += kForwardRows)
        forward_rows<kForwardRows>(f, panel, row);
      forward_tail<kForwardRows - 1>(f, panel, row);
    }
  }
}

// dh [T, B, dh_stride]; w_hh packed [units / (2*kLanes), 4*units, 2, kLanes], an odd last panel as
// [4*units, kLanes], its depth in panel order. Turns gates into the gradients of the sums; dc [B,
// units] is scratch.
void fyr_lstm_backward(int frames, int batch, int units, int reverse, const float* dh,
                       std::ptrdiff_t dh_stride, const float* w_hh, const float* c, float* gates,
                       float* dc) {
  const std::ptrdiff_t cells = std::ptrdiff_t(batch) * units;
  std::memset(dc, 0, sizeof(float) * cells);
  for (int step = frames - 1; step >= 0; --step) {
    const std::ptrdiff_t t = reverse ? frames - 1 - step : step;
    const std::ptrdiff_t before = reverse ? t + 1 : t - 1;
    const std::ptrdiff_t after = reverse ? t - 1 : t + 1;
    const Backward b{batch,
                     units,
                     dh_stride,
                     dh + t * batch * dh_stride,
                     step == frames - 1 ? nullptr : gates + after * 4 * cells,
                     w_hh,
                     c + t * cells,
                     step == 0 ? nullptr : c + before * cells,
                     gates + t * 4 * cells,
                     dc};
    int unit = 0;
    for (; unit + 2 * kLanes <= units; unit += 2 * kLanes)
      backward_columns<2>(b, unit, w_hh + std::ptrdiff_t(unit) * 4 * units);
    if (unit < units) backward_columns<1>(b, unit, w_hh + std::ptrdiff_t(unit) * 4 * units);
  }
}

}  // extern "C"
