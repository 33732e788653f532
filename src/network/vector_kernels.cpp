// SPDX-License-Identifier: GPL-3.0-or-later

// Compiled once for each instruction set and type of weights (src/CMakeLists.txt). Only the types
// of kernels.hpp and intrinsics may be used here, no library code: see simd.hpp.
#include "network/kernels.hpp"
#include "network/operands.hpp"
#include "network/simd.hpp"

namespace fyr::FYR_SIMD {

extern const Kernels kKernels;

namespace {

constexpr int kPanelLanes = kNGates * kLanes;

template <typename T>
inline RowsView<T> rows_from(RowsView<T> rows, int first) {
  return {rows.data + first * rows.stride, rows.stride};
}

template <int kRows, int kVectors = kNGates>
using Tile = Vector[std::size_t{kRows}][std::size_t{kVectors}];

/// tile += kRows rows of inputs * one panel of kVectors vectors. Every sum runs over the inputs in
/// order, whatever kRows: so a segment's result does not depend on its place in a batch.
template <int kRows, int kVectors = kNGates>
inline void accumulate(Tile<kRows, kVectors>& tile, RowsView<const Operand> inputs,
                       const Operand* weights, int depth) {
  for (int k = 0; k < depth; ++k, weights += kVectors * kLanes) {
    Operands w[std::size_t{kVectors}];
    FYR_UNROLL
    for (int i = 0; i < kVectors; ++i) w[i] = load_operands(weights + i * kLanes);
    FYR_UNROLL
    for (int row = 0; row < kRows; ++row) {
      const Operands x = fill_operands(inputs.data + row * inputs.stride + k);
      FYR_UNROLL
      for (int i = 0; i < kVectors; ++i) tile[row][i] = multiply_add(x, w[i], tile[row][i]);
    }
  }
}

template <int kRows>
void project_tile(const PanelsView& panels, int panel, const float* bias,
                  RowsView<const Operand> inputs, RowsView<float> outputs) {
  float* output = outputs.data + panel * kPanelLanes;
  Tile<kRows> tile;
  FYR_UNROLL
  for (int row = 0; row < kRows; ++row) {
    FYR_UNROLL
    for (int gate = 0; gate < kNGates; ++gate) tile[row][gate] = load(bias + gate * kLanes);
  }
  const std::ptrdiff_t panel_size = std::ptrdiff_t{kPanelLanes} * panels.depth;
  accumulate<kRows>(tile, inputs, panels.weights + panel * panel_size, panels.depth);
  FYR_UNROLL
  for (int row = 0; row < kRows; ++row) {
    FYR_UNROLL
    for (int gate = 0; gate < kNGates; ++gate) {
      store(output + row * outputs.stride + gate * kLanes, tile[row][gate]);
    }
  }
}

/// c = f c + i g and h = o tanh(c), from the exponents of the four gates. With E the powers of two,
///   c = (c (1 + Ei) (1 + Eg) + (1 - Eg) (1 + Ef)) / ((1 + Ei) (1 + Ef) (1 + Eg))
///   h = (1 - Ec) / ((1 + Eo) (1 + Ec))
/// two divisions instead of five; exp2's clamp keeps the products below 2^109.
inline void update_state(const Vector (&gates)[kNGates], float* cell, Operand* hidden) {
  const Vector one = fill(1.0F);
  const Vector ei = exp2(gates[0]);
  const Vector ef = exp2(gates[1]);
  const Vector eg = exp2(gates[2]);
  const Vector eo = exp2(gates[3]);
  const Vector input_and_candidate = (one + ei) * (one + eg);
  const Vector forget = one + ef;
  const Vector c = multiply_add(load(cell), input_and_candidate, (one - eg) * forget) /
                   (input_and_candidate * forget);
  const Vector ec = exp2(c * fill(static_cast<float>(kTanhScale)));
  store(cell, c);
  store_operands(hidden, (one - ec) / ((one + eo) * (one + ec)));
}

template <int kRows>
void lstm_tile(const LstmStep& step, int panel, int first_row) {
  const float* gates = rows_from(step.gates, first_row).data + panel * kPanelLanes;
  Tile<kRows> tile;
  FYR_UNROLL
  for (int row = 0; row < kRows; ++row) {
    FYR_UNROLL
    for (int gate = 0; gate < kNGates; ++gate) {
      tile[row][gate] = load(gates + row * step.gates.stride + gate * kLanes);
    }
  }
  if (step.previous.data != nullptr) {
    const std::ptrdiff_t panel_size = std::ptrdiff_t{kPanelLanes} * step.recurrent.depth;
    accumulate<kRows>(tile, rows_from(step.previous, first_row),
                      step.recurrent.weights + panel * panel_size, step.recurrent.depth);
  }
  float* cell = rows_from(step.cell, first_row).data + panel * kLanes;
  Operand* hidden = rows_from(step.hidden, first_row).data + panel * (kLanes / kInputsPerOperand);
  FYR_UNROLL
  for (int row = 0; row < kRows; ++row) {
    update_state(tile[row], cell + row * step.cell.stride, hidden + row * step.hidden.stride);
  }
}

template <int kRows, typename RunTile>
inline void run_rows(int n_rows, int first_row, RunTile run_tile) {
  if (n_rows == kRows) {
    run_tile.template operator()<kRows>(first_row);
  } else if constexpr (kRows > 1) {
    run_rows<kRows - 1>(n_rows, first_row, run_tile);
  }
}

/// Calls run_tile<tile rows>(first row) until n_rows are covered, in tiles of at most kMostRows, as
/// even as possible.
template <int kMostRows = kTileRows, typename RunTile>
inline void for_each_tile(int n_rows, RunTile run_tile) {
  const int n_tiles = (n_rows + kMostRows - 1) / kMostRows;
  for (int i = 0, first = 0; i < n_tiles; ++i) {
    const int tile_rows = (n_rows - first) / (n_tiles - i);
    run_rows<kMostRows>(tile_rows, first, run_tile);
    first += tile_rows;
  }
}

void make_operands(const float* values, std::ptrdiff_t n, Operand* operands) {
  for (std::ptrdiff_t i = 0; i < n; i += kLanes) {
    store_operands(operands + i / kInputsPerOperand, load(values + i));
  }
}

void project(const PanelsView& panels, const float* bias, RowsView<const Operand> inputs,
             int n_rows, RowsView<float> outputs) {
  for (int panel = 0; panel < panels.n_panels; ++panel) {
    for_each_tile(n_rows, [&]<int kRows>(int first_row) {
      project_tile<kRows>(panels, panel, bias + panel * kPanelLanes, rows_from(inputs, first_row),
                          rows_from(outputs, first_row));
    });
  }
}

void step_lstm(const LstmStep& step) {
  for (int panel = 0; panel < step.recurrent.n_panels; ++panel) {
    for_each_tile(step.n_rows,
                  [&]<int kRows>(int first_row) { lstm_tile<kRows>(step, panel, first_row); });
  }
}

/// Bands that a tile of a convolution covers: as many registers accumulate as in other products, as
/// far as FYR_UNROLL goes.
template <int kVectors>
constexpr int kTileBands = kTileRows* kNGates / kVectors < 16 ? kTileRows* kNGates / kVectors : 16;

/// Writes the sums of kBands bands for kVectors vectors of channels from `vector` on.
template <int kBands, int kVectors>
void convolve_tile(const ConvolutionStep& step, int vector, int first_band) {
  Tile<kBands, kVectors> tile;
  FYR_UNROLL
  for (int band = 0; band < kBands; ++band) {
    FYR_UNROLL
    for (int i = 0; i < kVectors; ++i) {
      tile[band][i] = load(step.bias + (vector + i) * kLanes);
    }
  }
  const int depth = 3 * step.band_operands;
  const Operand* weights = step.weights + std::ptrdiff_t{vector} * kLanes * 3 * depth;
  for (const Operand* frame : step.frames) {
    const Operand* inputs = frame + std::ptrdiff_t{first_band} * step.band_operands;
    accumulate<kBands, kVectors>(tile, {inputs, step.band_operands}, weights, depth);
    weights += std::ptrdiff_t{kVectors} * kLanes * depth;
  }
  float* sums = step.sums + (std::ptrdiff_t{first_band} * step.n_vectors + vector) * kLanes;
  FYR_UNROLL
  for (int band = 0; band < kBands; ++band) {
    FYR_UNROLL
    for (int i = 0; i < kVectors; ++i) {
      store(sums + (std::ptrdiff_t{band} * step.n_vectors + i) * kLanes, tile[band][i]);
    }
  }
}

template <int kVectors>
void convolve_panel(const ConvolutionStep& step, int vector) {
  for_each_tile<kTileBands<kVectors>>(step.n_bands * step.pooled_bands, [&]<int kBands>(int band) {
    convolve_tile<kBands, kVectors>(step, vector, band);
  });
}

void convolve(const ConvolutionStep& step) {
  static_assert(kConvolutionVectors == 2);
  int vector = 0;
  for (; vector + 1 < step.n_vectors; vector += 2) convolve_panel<2>(step, vector);
  if (vector < step.n_vectors) convolve_panel<1>(step, vector);

  const std::ptrdiff_t width = std::ptrdiff_t{step.n_vectors} * kLanes;
  for (int band = 0; band < step.n_bands; ++band) {
    const float* sums = step.sums + band * step.pooled_bands * width;
    Operand* output = step.outputs + band * width / kInputsPerOperand;
    for (int at = 0; at < width; at += kLanes) {
      Vector largest = fill(0.0F);
      for (int i = 0; i < step.pooled_bands; ++i) {
        largest = larger(load(sums + i * width + at), largest);
      }
      store_operands(output + at / kInputsPerOperand, largest);
    }
  }
}

void finish_sigmoid(float* values, std::ptrdiff_t n) {
  const Vector one = fill(1.0F);
  for (std::ptrdiff_t i = 0; i < n; i += kLanes)
    store(values + i, one / (one + exp2(load(values + i))));
}

}  // namespace

constinit const Kernels kKernels{kLanes,    kInputsPerOperand, make_operands, project,
                                 step_lstm, convolve,          finish_sigmoid};

}  // namespace fyr::FYR_SIMD
